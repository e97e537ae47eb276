import Equivariant
import Testing

@testable import EquivariantLayers

@Suite struct CompleteProductTests {
  /// Functions on the sphere up to a degree, or pseudo-functions.
  private func signal(_ degree: Int, _ channels: Int, parity: Parity = .even) -> Irreps<O3> {
    Irreps((0...degree).map { .init(channels, O3.Irrep(degree: $0, parity: parity * Parity(ofDegree: $0))) })
  }

  /// The direct product of the same paths.
  private func direct(_ product: CompleteProduct<Double>) -> TensorProduct<Double> {
    var generator = RandomSource(seed: 0)
    return TensorProduct(product.first, product.second, to: product.output, instructions: product.instructions, using: &generator)
  }

  /// The largest difference from the direct product, relative to its largest number.
  private func error(_ product: CompleteProduct<Double>, outer: [Int] = [2]) -> Double {
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: outer)
    let y: IrrepsTensor<Double> = LayerChecks.features(product.second, outer: outer, seed: 2)
    let expected = direct(product)(x, y).tensor
    return distance(product(x, y).tensor, expected) / expected.absolute().max().item
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6]) func equalsDirectProduct(_ degree: Int) {
    for (channels, others) in [(1, 1), (3, 1), (11, 11)] {
      #expect(error(CompleteProduct(signal(degree, channels), signal(degree, others))) < 1e-12)
      for maximum in 0...degree {
        #expect(error(CompleteProduct(signal(degree, channels), signal(degree, others), maximumDegree: maximum)) < 1e-12)
      }
    }
    #expect(error(CompleteProduct(signal(degree, 2), signal(3, 2, parity: .odd))) < 1e-12)
  }

  @Test func highDegrees() {
    #expect(error(CompleteProduct(signal(12, 1), "1x12e"), outer: [1]) < 1e-11)
    #expect(error(CompleteProduct("2x17o", "2x3o+2x12e"), outer: [1]) < 1e-11)
  }

  /// Degrees that are missing, and outer axes of all sorts.
  @Test func someDegrees() {
    for outer in [[], [0], [3], [2, 3]] as [[Int]] {
      let product = CompleteProduct<Double>("3x0e+3x2e+3x5o", "1x1e+1x4o", maximumDegree: 4)
      let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: outer)
      let y: IrrepsTensor<Double> = LayerChecks.features(product.second, outer: outer, seed: 2)
      let z = product(x, y)
      #expect(z.outerShape == outer && z.irreps == product.output)
      if !outer.contains(0) { #expect(distance(z.tensor, direct(product)(x, y).tensor) < 1e-12) }
    }
  }

  /// Term by term from the 3j coefficients, and the terms in the order of the other constructors.
  @Test func plain() {
    let product = CompleteProduct<Double>("2x1o+2x2e", "2x0e+2x1o+2x2e")
    let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (
      LayerChecks.features(product.first, outer: []), LayerChecks.features(product.second, outer: [], seed: 2)
    )
    let z = product(x, y)
    var generator = RandomSource(seed: 0)
    #expect(z.irreps == TensorProduct<Double>.channelwise(product.first, "1x0e+1x1o+1x2e", using: &generator).output)
    func error(_ instruction: TensorProduct<Double>.Instruction) -> Double {
      let (i, j, k) = (instruction.first, instruction.second, instruction.output)
      let l = (product.first.terms[i].irrep.degree, product.second.terms[j].irrep.degree, product.output.terms[k].irrep.degree)
      var sum = [Double](repeating: 0, count: 2 * (2 * l.2 + 1))
      for entry in CouplingCoefficients.wigner3j(l.0, l.1, l.2).entries {
        for c in 0..<2 {
          let factors = x[term: i].elements[2 * (l.0 + entry.m1) + c] * y[term: j].elements[2 * (l.1 + entry.m2) + c]
          sum[2 * (l.2 + entry.m3) + c] += Double(2 * l.2 + 1).squareRoot() * entry.value * factors
        }
      }
      return distance(z[term: k], Tensor(sum))
    }
    #expect(product.instructions.map(error).max()! < 1e-13)
    // Two paths to one irrep, exchanged.
    let (a, b) = (product.instructions[0], product.instructions[1])
    #expect(product.output.terms[0].irrep == product.output.terms[1].irrep)
    #expect(error(.init(a.first, a.second, b.output, .uuu, isWeighted: false)) > 0.1)
  }

  /// The harmonics of e3nn: all that its products and cross products of functions have, from sums over the paths.
  @Test func references() throws {
    let references = try SphereReferences()
    for (name, operation) in [("scipy666", SphereOperation.product), ("e3nn425", .bracket)] {
      let reference = try #require(references.cases[name])
      let l = reference.degrees
      let product = CompleteProduct<Double>(signal(l[0], 3), signal(l[1], 3), maximumDegree: l[2])
      let (n, m) = ((l[0] + 1) * (l[0] + 1) * 3, (l[1] + 1) * (l[1] + 1) * 3)
      let x = IrrepsTensor(Tensor(reference.x, shape: [reference.x.count / n, n]), irreps: product.first)
      let y = IrrepsTensor(Tensor(reference.y, shape: [reference.y.count / m, m]), irreps: product.second)
      let z = product(x, y)
      func error(_ used: SphereOperation) -> Double {
        var sums = (0...l[2]).map { Tensor<Double>.zeros([x.outerShape[0], 2 * $0 + 1, 3]) }
        for i in product.instructions {
          let degree = product.output.terms[i.output].irrep.degree
          sums[degree] = sums[degree] + z[term: i.output] * (used.factor(i.first, i.second, degree) / Double(2 * degree + 1).squareRoot())
        }
        let expected = Tensor(reference.z, shape: [x.outerShape[0], (l[2] + 1) * (l[2] + 1), 3])
        return distance(.concatenated(sums, axis: -2), expected) / expected.absolute().max().item
      }
      #expect(error(operation) < 1e-12)
      #expect(error(operation == .product ? .bracket : .product) > 0.1)
    }
  }

  @Test func equivariance() {
    func layer<S: TensorScalar>(_ type: S.Type) -> PairLayer<CompleteProduct<S>> {
      let product = CompleteProduct<S>(signal(6, 1), signal(3, 1, parity: .odd), maximumDegree: 6)
      return PairLayer(product, product.first, product.second) { $0($1, $2) }
    }
    let (double, float) = (layer(Double.self), layer(Float.self))
    let output = double.product.output
    LayerChecks.expectEquivariant(double, float, from: double.input, to: output)
    // Odd paths with the parity of even ones are no features.
    let natural = Irreps<O3>(
      output.terms.map { .init(1, O3.Irrep(degree: $0.irrep.degree, parity: .odd * Parity(ofDegree: $0.irrep.degree))) })
    let broken = LayerChecks.equivariance(
      of: { IrrepsTensor(double($0).tensor, irreps: natural) }, at: LayerChecks.features(double.input), to: natural)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    for others in [2, 1] {
      let product = CompleteProduct<Double>(signal(2, 2), signal(2, others, parity: .odd), maximumDegree: 3)
      let paired = PairLayer(product, product.first, product.second) { $0($1, $2) }
      LayerChecks.expectDerivatives(of: paired, at: LayerChecks.features(paired.input, outer: [2]))
    }
  }

  /// The gradients of the direct product, from one pass, from the graph, and by one operand alone.
  @Test func gradients() {
    for (channels, others) in [(5, 5), (5, 1)] {
      let product = CompleteProduct<Double>(signal(4, channels), signal(5, others))
      let (a, b): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (
        LayerChecks.features(product.first), LayerChecks.features(product.second, seed: 2)
      )
      let seed: IrrepsTensor<Double> = LayerChecks.features(product.output, seed: 3)
      func gradients(keepingGraph: Bool = false, _ map: (IrrepsTensor<Double>, IrrepsTensor<Double>) -> IrrepsTensor<Double>) -> [Tensor<
        Double
      >] {
        let (x, y) = (a.tensor.asVariable(), b.tensor.asVariable())
        let z = map(IrrepsTensor(x, irreps: a.irreps), IrrepsTensor(y, irreps: b.irreps)).tensor
        return gradient(of: z, withRespectTo: [x, y], seed: seed.tensor, keepingGraph: keepingGraph)
      }
      let expected = gradients { direct(product)($0, $1) }
      let sizes = expected.map { $0.absolute().max().item }
      for keepingGraph in [false, true] {
        let found = gradients(keepingGraph: keepingGraph) { product($0, $1) }
        #expect(zip(found, zip(expected, sizes)).allSatisfy { distance($0, $1.0) < 1e-12 * $1.1 })
      }
      let y = b.tensor.asVariable()
      let alone = gradient(of: product(a, IrrepsTensor(y, irreps: b.irreps)).tensor, withRespectTo: [y], seed: seed.tensor)
      #expect(distance(alone[0], expected[1]) < 1e-12 * sizes[1])
    }
  }

  /// The same bits for any number of threads.
  @Test func threads() {
    let product = CompleteProduct<Double>(signal(3, 6), signal(3, 1))
    let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (
      LayerChecks.features(product.first, outer: [101]), LayerChecks.features(product.second, outer: [101], seed: 2)
    )
    let counts = threadCountsThatMatter([3]) { () -> [Tensor<Double>] in
      let (a, b) = (IrrepsTensor(x.tensor.asVariable(), irreps: x.irreps), IrrepsTensor(y.tensor.asVariable(), irreps: y.irreps))
      let z = product(a, b).tensor
      return [z.detached] + gradient(of: z.squared(), withRespectTo: [a.tensor, b.tensor])
    }
    #expect(counts == [])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = CompleteProduct<Double>("2x0e+2x1o", "3x0e") }
    await #expect(processExitsWith: .failure) { _ = CompleteProduct<Double>("2x0e+2x1e", "2x0e") }
    await #expect(processExitsWith: .failure) { _ = CompleteProduct<Double>("2x5o", "2x1o", maximumDegree: 3) }
    await #expect(processExitsWith: .failure) {
      let product = CompleteProduct<Double>("2x1o", "2x1o")
      _ = product(LayerChecks.features("2x1o"), LayerChecks.features("2x1o", outer: [4]))
    }
  }
}
