import Equivariant
import Testing

@testable import EquivariantLayers

@Suite struct VectorSignalGauntProductTests {
  static let methods: [GauntMethod] = [.sparse, .quadrature]
  let natural: Irreps<O3> = "2x0e+2x1o+2x2e+2x3o+2x4e+2x5o+2x6e"
  let other: Irreps<O3> = "2x0e+2x1o+2x2e+2x3o"
  let result: Irreps<O3> = "2x1e+2x2o+2x3e+2x4o+2x5e+2x6o"

  private func layer<S: TensorScalar>(_ type: S.Type, _ method: GauntMethod) -> PairLayer<VectorSignalGauntProduct<S>> {
    var generator = RandomSource(seed: 5)
    return PairLayer(
      VectorSignalGauntProduct(natural, other, to: result, method: method, using: &generator), natural, other
    ) { $0($1, $2) }
  }

  /// Both methods against the odd paths of the Clebsch-Gordan product with the closed form of their weights.
  @Test(arguments: [(0, 2, 1), (1, 1, 1), (2, 2, 3), (3, 1, 2), (1, 4, 3), (3, 3, 3), (4, 4, 8), (6, 6, 11), (2, 5, 6), (5, 2, 2)])
  func plain(_ l1: Int, _ l2: Int, _ l3: Int) {
    let degrees = SphereDegrees(first: l1, second: l2, output: l3)
    let n = SphereOperation.product.components(degrees)
    for (channels, others) in [(1, 1), (5, 5), (3, 1), (33, 33)] {
      let (x, y) = (random([3, n[0], channels], seed: 1), random([3, n[1], others], seed: 2))
      let expected = plainSphereProduct(x, y, degrees: degrees) { l1, l2, l3, entry in
        guard l1 > 0 && l2 > 0 && (l1 + l2 + l3) % 2 == 1 else { return 0 }
        let dimensions = Double((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1))
        return (dimensions * Double(l1 * (l1 + 1) * l2 * (l2 + 1))).squareRoot() * abs(Wigner3j(l1, l2, l3, 1, -1, 0).value) * entry.value
      }
      for method in Self.methods {
        let z = Tensor.sphereOperation(.bracket, x, y, degrees: degrees, method: method, table: .measured)
        #expect(distance(z, expected) < 1e-12 * max(1, expected.absolute().max().item), "\(method) \(degrees) \(channels)x\(others)")
      }
    }
  }

  /// Vectors: sqrt 3 times the cross product.
  @Test func crossProduct() {
    let product = VectorSignalGauntProduct<Double>("1x1o", "1x1o", to: "1x1e")
    let z = product(IrrepsTensor(Tensor([1, 2, 3]), irreps: "1x1o"), IrrepsTensor(Tensor([-2, 0, 5]), irreps: "1x1o"))
    #expect(distance(z.tensor, Tensor([10, -11, 4]) * 3.0.squareRoot()) < 1e-14)
  }

  @Test(arguments: methods) func gradients(_ method: GauntMethod) {
    let degrees = SphereDegrees(first: 3, second: 2, output: 4)
    for others in [5, 1] {
      let (x, y) = (random([3, 16, 5], seed: 1).asVariable(), random([3, 9, others], seed: 2).asVariable())
      let g = random([3, 25, 5], seed: 3)
      func gradients(_ keepingGraph: Bool) -> [Tensor<Double>] {
        let z = Tensor.sphereOperation(.bracket, x, y, degrees: degrees, method: method, table: .measured)
        return gradient(of: z, withRespectTo: [x, y], seed: g, keepingGraph: keepingGraph)
      }
      #expect(zip(gradients(false), gradients(true)).allSatisfy { distance($0, $1) < 1e-11 })
    }
  }

  @Test(arguments: methods) func equivariance(_ method: GauntMethod) {
    let (double, float) = (layer(Double.self, method), layer(Float.self, method))
    LayerChecks.expectEquivariant(double, float, from: double.input, to: result)
    // With the parities of the Gaunt product it is none.
    let natural = Irreps<O3>(result.terms.map { .init(2, .sphericalHarmonic(degree: $0.irrep.degree)) })
    let broken = LayerChecks.equivariance(
      of: { IrrepsTensor(double($0).tensor, irreps: natural) }, at: LayerChecks.features(double.input), to: natural)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test(arguments: methods) func derivatives(_ method: GauntMethod) {
    var generator = RandomSource(seed: 6)
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("2x0e+2x1o+2x2e", "1x0o+1x1e+1x2o")
    let paired = PairLayer(
      VectorSignalGauntProduct<Double>(a, b, to: "2x1o+2x2e", method: method, using: &generator), a, b
    ) { $0($1, $2) }
    LayerChecks.expectDerivatives(of: paired, at: LayerChecks.features(paired.input, outer: [2]))
  }

  @Test(arguments: methods) func references(_ method: GauntMethod) throws {
    let references = try SphereReferences()
    for name in ["e3nn223", "e3nn425", "e3nn554"] {
      #expect(try references.error(name, .bracket, method) < 1e-12)
      #expect(try references.error(name, .product, method) > 0.1)
    }
  }

  /// With weights for each degree, Gaunt and vector-signal products span the bilinear maps of all paths (l1, l2, l3), and neither does alone.
  ///
  /// Paths through l = 0 are all of the Gaunt product: |l1 - l2| = l1 + l2 leaves an even sum only.
  @Test func allPaths() {
    let operand: Irreps<O3> = "1x0e+1x1o+1x2e+1x3o"
    let all = (0...3).flatMap { l1 in (0...3).flatMap { l2 in (abs(l1 - l2)...(l1 + l2)).map { (l1, l2, $0) } } }
    let even = all.count { ($0.0 + $0.1 + $0.2).isMultiple(of: 2) }
    #expect(all.count == 44 && even == 30)
    #expect(all.allSatisfy { (SphereOperation.product.factor($0, $1, $2) == 0) != (SphereOperation.bracket.factor($0, $1, $2) == 0) })

    // Each pair of components as a row.
    let pairs = (0..<16).flatMap { i in (0..<16).map { (i, $0) } }
    func unit(_ places: [Int]) -> IrrepsTensor<Double> {
      IrrepsTensor(Tensor(rows: places.map { i in (0..<16).map { $0 == i ? 1 : 0 } }), irreps: operand)
    }
    let (x, y) = (unit(pairs.map(\.0)), unit(pairs.map(\.1)))
    var generator = RandomSource(seed: 7)
    let evenMaps = (0..<50).map { _ in
      GauntTensorProduct<Double>(operand, operand, to: .sphericalHarmonics(upTo: 6), using: &generator)(x, y).tensor
    }
    let oddMaps = (0..<50).map { _ in
      VectorSignalGauntProduct<Double>(operand, operand, to: "1e+2o+3e+4o+5e", using: &generator)(x, y).tensor
    }
    func rank(_ maps: [Tensor<Double>]) -> Int {
      let rows = Tensor.concatenated(maps.map { $0.reshaped(1, $0.count) * (1 / $0.squared().sum().item.squareRoot()) }, axis: 0)
      let values = rows.singularValueDecomposition().s.elements
      return values.count { $0 > 1e-9 * values[0] }
    }
    // One is in irreps of natural parity, the other in the opposite: the ranks add.
    #expect(rank(evenMaps) == even && rank(oddMaps) == all.count - even)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = VectorSignalGauntProduct<Double>("2x0e+2x1o", "2x0e+2x1o", to: "2x0e") }
    await #expect(processExitsWith: .failure) { _ = VectorSignalGauntProduct<Double>("2x0e+2x1o", "2x0e+2x1o", to: "2x2o") }
    await #expect(processExitsWith: .failure) {
      _ = VectorSignalGauntProduct<Double>("2x0e+2x1o", "2x0e+2x1o", to: "2x1e", method: .fourier)
    }
  }
}
