import Equivariant
import Testing

@Suite struct SymmetricContractionTests {
  private func layer<S: TensorScalar>(
    _ input: Irreps<O3>, _ output: Irreps<O3>, order: Int, elements: Int = 1, as type: S.Type = S.self
  ) -> SymmetricContraction<S> {
    var generator = RandomSource(seed: 11)
    return SymmetricContraction(input, to: output, order: order, elements: elements, using: &generator)
  }

  /// The value of every path at rows of x: [paths][rows][2l+1], by one-hot weights, an element for each path.
  private func paths(_ layer: SymmetricContraction<Double>, at x: IrrepsTensor<Double>) -> [[Double]] {
    let (n, rows) = (layer.paths.count, x.tensor.shape[0])
    var single = layer
    single.weights = Tensor.identity(n).reshaped(n, n, 1)
    let all = IrrepsTensor(.concatenated((0..<n).map { _ in x.tensor }, axis: 0), irreps: x.irreps)
    let z = single(all, elements: RowIndex((0..<n * rows).map { $0 / rows }, rowCount: n))
    return layer.paths.indices.map { p in
      z[term: layer.paths[p].output].sliced(axis: 0, p * rows..<(p + 1) * rows).elements
    }
  }

  @Test func equivariance() {
    let input: Irreps<O3> = "2x0e+2x0o+2x1o+2x1e+2x2e+2x3o+2x6e"
    let output: Irreps<O3> = "2x0e+2x0o+2x1o+2x1e+2x2e+2x6o"
    LayerChecks.expectEquivariant(layer(input, output, order: 2), layer(input, output, order: 2), from: input, to: output)
    let (small, target): (Irreps<O3>, Irreps<O3>) = ("1x0e+1x1o+1x2e+1x3o", "1x0e+1x1o+1x3o")
    LayerChecks.expectEquivariant(layer(small, target, order: 3), layer(small, target, order: 3), from: small, to: target)
    // The wrong parity of a polynomial is seen.
    let contraction = layer(small, target, order: 3, as: Double.self)
    let broken = LayerChecks.equivariance(
      of: { x in IrrepsTensor(contraction(x).tensor, irreps: "1x0o+1x1o+1x3o") }, at: LayerChecks.features(small), to: "1x0o+1x1o+1x3o")
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    let (input, output): (Irreps<O3>, Irreps<O3>) = ("2x0e+2x1o", "2x0e+2x1o")
    LayerChecks.expectDerivatives(of: layer(input, output, order: 3), at: LayerChecks.features(input, outer: [2]))
  }

  /// The number of paths is the multiplicity in the symmetric powers, by characters and Haar's measure.
  @Test(arguments: [("1x0e+1x1o+1x2e+1x3o", 3), ("1x1o+1x1e+1x0o", 4), ("1x2e+1x1o", 5)] as [(Irreps<O3>, Int)])
  func counts(_ input: Irreps<O3>, _ order: Int) {
    let targets: Irreps<O3> = "1x0e+1x1o+1x2e"
    let contraction = layer(input, targets, order: order, as: Double.self)
    let group = O3()
    let nodes = group.classQuadrature(forDegree: order * input.maximumDegree!).nodes(of: group)
    func multiplicity(_ n: Int, _ irrep: O3.Irrep) -> Double {
      nodes.reduce(0) { sum, node in
        // Newton: n h_n = Σ_k p_k h_{n−k} with p_k = χ(g^k).
        var (power, p, h) = (group.identity, [0.0], [1.0])
        for k in 1...n {
          power = power * node.element
          p.append(input.terms.reduce(0) { $0 + $1.irrep.character(of: power) })
          h.append((1...k).reduce(0) { $0 + p[$1] * h[k - $1] } / Double(k))
        }
        return sum + node.weight * h[n] * irrep.character(of: node.element)
      }
    }
    for (o, term) in targets.terms.enumerated() {
      for n in 1...order {
        let count = contraction.paths.count { $0.output == o && $0.degrees.reduce(0, +) == n }
        #expect(abs(multiplicity(n, term.irrep) - Double(count)) < 1e-9, "\(term) of degree \(n): \(count)")
      }
    }
  }

  /// No path is a combination of others.
  @Test func independence() {
    let input: Irreps<O3> = "1x0e+1x1o+1x2e+1x3o"
    let contraction = layer(input, "1x0e+1x1o", order: 3, as: Double.self)
    let values = paths(contraction, at: LayerChecks.features(input, outer: [80]))
    for o in 0..<2 {
      let mine = values.indices.filter { contraction.paths[$0].output == o }.map { values[$0] }
      #expect(rank(mine) == mine.count)
      #expect(rank(mine + [zip(mine[0], mine[1]).map { $0 - 2 * $1 }]) == mine.count)
    }
  }

  /// The same space as e3nn's ReducedTensorProducts.
  @Test func e3nn() throws {
    for reference in try SymmetricProductReference.all() where reference.x.count == 1 {
      let order = reference.formula.prefix { $0 != "=" }.count
      let targets = try reference.values.keys.sorted().map { try #require(O3.Irrep($0)) }
      let output = Irreps<O3>(targets.map { Irreps<O3>.Term(1, $0) })
      let contraction = layer(reference.parsed, output, order: order, as: Double.self)
      let values = paths(contraction, at: reference.features(0))
      for (o, term) in output.terms.enumerated() {
        let all = zip(contraction.paths, values)
        let mine: [[Double]] = all.filter { $0.0.output == o && $0.0.degrees.reduce(0, +) == order }.map(\.1)
        let theirs = try #require(reference.values["\(term.irrep)"])
        #expect(mine.count == theirs.count)
        #expect(rank(mine + theirs) == mine.count, "\(reference.formula) to \(term)")
        var changed = mine
        changed[0][0] += 0.01
        #expect(rank(changed + theirs) == mine.count + 1)
      }
    }
  }

  /// In one channel with one vector the invariants are known: |x|² and, with a scalar, s, s², s³, s |x|².
  @Test func oneVector() {
    let contraction = layer("1x0e+1x1o", "1x0e", order: 3, as: Double.self)
    #expect(contraction.paths.map(\.degrees) == [[1, 0], [2, 0], [0, 2], [3, 0], [1, 2]])
    let x = IrrepsTensor<Double>(Tensor(rows: [[0.5, 1, 2, -2]]), irreps: "1x0e+1x1o")
    var weighted = contraction
    weighted.weights = Tensor([1, 10, 100, 1000, 10000], shape: [1, 5, 1])
    let dot = 9 / Double(3).squareRoot()
    #expect(abs(weighted(x).tensor.item - (0.5 + 2.5 + 100 * dot + 125 + 5000 * dot)) < 1e-10)
  }

  /// Elements choose weights; channels and rows do not mix, whatever their number, and threads change no bit.
  @Test func elementsAndChannels() {
    let (one, target): (Irreps<O3>, Irreps<O3>) = ("1x0e+1x1o+1x2e", "1x0e+1x2e")
    let channels = 37
    let many = layer(one.scaled(channels), target.scaled(channels), order: 3, elements: 3, as: Double.self)
    let x: IrrepsTensor<Double> = LayerChecks.features(one.scaled(channels), outer: [5])
    let elements = [2, 0, 1, 1, 2]
    let z = many(x, elements: RowIndex(elements, rowCount: 3))
    var single = layer(one, target, order: 3, as: Double.self)
    for c in [0, 15, 16, 36] {
      for (row, element) in elements.enumerated() {
        single.weights = many.weights.sliced(axis: 0, element..<element + 1).sliced(axis: 2, c..<c + 1)
        let parts = x.parts.map { $0.sliced(axis: 0, row..<row + 1).sliced(axis: 2, c..<c + 1) }
        let mine = single(IrrepsTensor(parts: parts, irreps: one))
        for t in 0..<2 { #expect(mine[term: t] == z[term: t].sliced(axis: 0, row..<row + 1).sliced(axis: 2, c..<c + 1)) }
      }
    }
    func gradients() -> [Tensor<Double>] {
      let (v, w) = (x.tensor.asVariable(), many.weights.asVariable())
      var moved = many
      moved.weights = w
      let y = moved(IrrepsTensor(v, irreps: x.irreps), elements: RowIndex(elements, rowCount: 3))
      return gradient(of: y.tensor.squared().sum(), withRespectTo: [v, w])
    }
    #expect(threadCountsThatMatter([3], of: gradients) == [])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = SymmetricContraction<Double>("2x0e+1x1o", to: "2x0e", order: 2, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = SymmetricContraction<Double>("2x0e+2x1o", to: "2x0o", order: 3, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      let layer = SymmetricContraction<Double>("1x1o", to: "1x0e", order: 2, elements: 2, using: &generator)
      _ = layer(LayerChecks.features("1x1o"))
    }
  }
}

extension Irreps<O3> {
  /// `count` channels of each irrep.
  fileprivate func scaled(_ count: Int) -> Irreps { Irreps(terms.map { Term($0.multiplicity * count, $0.irrep) }) }
}
