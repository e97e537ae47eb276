import Equivariant
import Testing

/// Products for tests of all that products do.
enum ProductExamples {
  /// One of each constructor, with random weights.
  static func all<S: TensorScalar>(_ type: S.Type) -> [(name: String, product: TensorProduct<S>)] {
    var generator = RandomSource(seed: 1)
    return [
      ("full", .full("2x0e+1x1o+1x6e", "1x0o+2x1o+1x5o") { $0.degree <= 6 }),
      (
        "fullyConnected",
        .fullyConnected(
          "3x0e+2x0o+2x1o+1x1e+2x2e+1x5o+1x6e", "2x0e+1x0o+1x1o+2x2e+1x6o+1x6e", to: "3x0e+2x0o+2x1o+2x1e+1x3e+2x6o+1x6e", using: &generator
        )
      ),
      ("elementwise", .elementwise("2x0e+3x1o+20x6e", "2x1o+3x1e+20x6o") { $0.degree <= 6 }),
      (
        "channelwise",
        .channelwise("3x0e+17x1o+2x6e", "2x0e+1x1o+1x2e+1x6e", keeping: { $0.degree <= 6 }, ownsWeights: true, using: &generator)
      ),
      ("square", .square("2x0e+2x1o+1x3o+2x6e") { $0.degree <= 6 }),
      ("everything", everything(using: &generator)),
    ]
  }

  /// Every connection, several into one output, with and without weights, and an output that nothing reaches.
  static func everything<S: TensorScalar>(
    irrepNormalization: TensorProduct<S>.IrrepNormalization = .component, pathNormalization: PathNormalization = .element,
    using generator: inout RandomSource
  ) -> TensorProduct<S> {
    TensorProduct(
      "2x1o+3x2e", "2x1o+3x1e+3x2e", to: "2x1e+3x3e+3x1o+4x2e+2x2e+3x4e+1x0e+5x0o",
      instructions: [
        .init(0, 0, 0, .uvu), .init(1, 1, 0, .uvw, pathWeight: 2), .init(0, 0, 0, .uuw), .init(0, 0, 0, .uuu, isWeighted: false),
        .init(1, 2, 1, .uvv), .init(0, 1, 2, .uvv, isWeighted: false), .init(0, 0, 3, .uvuv), .init(0, 0, 4, .uvu, isWeighted: false),
        .init(1, 2, 5, .uuu), .init(0, 0, 6, .pairs),
      ], irrepNormalization: irrepNormalization, pathNormalization: pathNormalization, using: &generator)
  }

  static func layer<S: TensorScalar>(_ product: TensorProduct<S>) -> PairLayer<TensorProduct<S>> {
    PairLayer(product, product.first, product.second) { $0($1, $2) }
  }

  /// The product as its definition says, one coefficient after the other, for one row; weights in e3nn's order.
  static func plain(_ product: TensorProduct<Double>, _ x: [Double], _ y: [Double], _ weights: [Double]) -> [Double] {
    var z = [Double](repeating: 0, count: product.output.dimension)
    var next = 0
    for (i, factor) in zip(product.instructions, product.factors) {
      let (a, b, c) = (product.first.terms[i.first], product.second.terms[i.second], product.output.terms[i.output])
      let (starts) = (
        product.first.slices[i.first].lowerBound, product.second.slices[i.second].lowerBound, product.output.slices[i.output].lowerBound
      )
      let (l1, l2, l3) = (a.irrep.degree, b.irrep.degree, c.irrep.degree)
      /// Channels u, v, w and the place of their weight.
      var links: [(u: Int, v: Int, w: Int, weight: Int)] = []
      let (U, V, W) = (a.multiplicity, b.multiplicity, c.multiplicity)
      var pair = 0
      for u in 0..<U {
        for v in 0..<V {
          switch i.connection {
          case .uvw: for w in 0..<W { links.append((u, v, w, (u * V + v) * W + w)) }
          case .uvu: links.append((u, v, u, u * V + v))
          case .uvv: links.append((u, v, v, u * V + v))
          case .uuw: if u == v { for w in 0..<W { links.append((u, v, w, u * W + w)) } }
          case .uuu: if u == v { links.append((u, v, u, u)) }
          case .uvuv: links.append((u, v, u * V + v, u * V + v))
          case .pairs:
            if u < v {
              links.append((u, v, pair, pair))
              pair += 1
            }
          }
        }
      }
      for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries {
        for link in links {
          let weight = i.isWeighted ? weights[next + link.weight] : 1
          z[starts.2 + (entry.m3 + l3) * W + link.w] +=
            factor * weight * entry.value * x[starts.0 + (entry.m1 + l1) * U + link.u] * y[starts.1 + (entry.m2 + l2) * V + link.v]
        }
      }
      if i.isWeighted { next += links.map { $0.weight + 1 }.max() ?? 0 }
    }
    return z
  }
}

@Suite struct TensorProductTests {
  @Test(arguments: 0..<6) func equivariance(_ n: Int) {
    let (double, float) = (
      ProductExamples.layer(ProductExamples.all(Double.self)[n].product), ProductExamples.layer(ProductExamples.all(Float.self)[n].product)
    )
    LayerChecks.expectEquivariant(double, float, from: double.input, to: double.product.output)
  }

  /// Coefficients of the wrong sign in one component are seen.
  @Test func brokenProductIsSeen() {
    let layer = ProductExamples.layer(ProductExamples.all(Double.self)[0].product)
    let broken = LayerChecks.equivariance(
      of: { x in
        var y = layer(x)
        y.tensor = y.tensor * Tensor((0..<y.irreps.dimension).map { $0 == 7 ? -1 : 1 })
        return y
      }, at: LayerChecks.features(layer.input), to: layer.product.output)
    #expect(broken.value.relativeError > 1e-3)
  }

  @Test(arguments: [1, 2, 3, 4, 5]) func derivatives(_ n: Int) {
    let layer = ProductExamples.layer(ProductExamples.all(Double.self)[n].product)
    LayerChecks.expectDerivatives(of: layer, at: LayerChecks.features(layer.input, outer: [2]))
  }

  @Test(arguments: 0..<6) func definition(_ n: Int) {
    let product = ProductExamples.all(Double.self)[n].product
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: [35], seed: 2)
    let y: IrrepsTensor<Double> = LayerChecks.features(product.second, outer: [35], seed: 3)
    let z = product(x, y).tensor
    let weights = product.e3nnWeight.elements
    for row in [0, 17, 34] {
      let expected = ProductExamples.plain(
        product, x.tensor.sliced(axis: 0, row..<row + 1).elements, y.tensor.sliced(axis: 0, row..<row + 1).elements, weights)
      #expect(distance(z.sliced(axis: 0, row..<row + 1), Tensor(expected)) < 1e-12)
    }
  }

  @Test(arguments: [TensorProduct<Double>.IrrepNormalization.component, .norm], [PathNormalization.element, .path])
  func e3nn(_ irreps: TensorProduct<Double>.IrrepNormalization, _ paths: PathNormalization) throws {
    let references = try LayerReferences("e3nn_products")
    var generator = RandomSource(seed: 4)
    let kind = "\(irreps)_\(paths)"
    let connected = TensorProduct<Double>.fullyConnected(
      "3x0e+2x1o+1x2e", "2x0e+2x1o+1x1e", to: "2x0e+1x0o+2x1o+1x1e+1x2e+1x2o", irrepNormalization: irreps, pathNormalization: paths,
      using: &generator)
    var modes: TensorProduct<Double> = ProductExamples.everything(irrepNormalization: irreps, pathNormalization: paths, using: &generator)
    modes = TensorProduct(
      modes.first, modes.second, to: "2x1e+3x3e+3x1o+4x2e+2x2e+3x4e+1x0e", instructions: modes.instructions, irrepNormalization: irreps,
      pathNormalization: paths, using: &generator)
    for (name, start) in [("fctp", connected), ("modes", modes)] {
      var product = start
      let tag = "\(name)_\(kind)"
      let x = try references.features(tag, "in0", product.first)
      let y = try references.features(tag, "in1", product.second)
      let expected = try references.tensor(tag, "out")
      #expect(distance(product(x, y).e3nn, expected) > 0.1)
      product.e3nnWeight = try references.tensor(tag, "weight")
      #expect(distance(product(x, y).e3nn, expected) < 1e-13, "\(tag)")
      #expect(product.e3nnWeight == (try references.tensor(tag, "weight")))
    }
  }

  @Test func e3nnConstructors() throws {
    let references = try LayerReferences("e3nn_products")
    /// e3nn's parts in our order of irreps.
    func parts(_ name: String, _ irreps: Irreps<O3>) throws -> [Tensor<Double>] {
      let theirs = try references.features(name, "out", irreps)
      return irreps.terms.indices.sorted { (irreps.terms[$0].irrep, $0) < (irreps.terms[$1].irrep, $1) }.map { theirs[term: $0] }
    }
    let full = TensorProduct<Double>.full("2x0e+1x1o", "1x0e+2x1o+1x2o")
    let elementwise = TensorProduct<Double>.elementwise("2x0e+2x1o+3x2e", "2x1o+2x2e+3x1e")
    let square = TensorProduct<Double>.square("2x0e+2x1o+1x2e")
    let cases: [(String, TensorProduct<Double>, Irreps<O3>)] = [
      ("full", full, "2x0e+2x0e+4x1o+1x1o+2x1e+1x1e+2x2o+2x2e+1x2e+1x3e"),
      ("elementwise", elementwise, "2x1o+2x1o+2x2o+2x3o+3x1e+3x2e+3x3e"),
      ("tensor_square", square, "1x0e+2x0e+1x0e+2x0e+1x0e+4x1o+2x1o+1x1e+2x2o+2x2e+1x2e+2x2e+1x2e+2x3o+1x4e"),
    ]
    for (name, product, irreps) in cases {
      let x = try references.features(name, "in0", product.first)
      let y = name == "tensor_square" ? x : try references.features(name, "in1", product.second)
      let z = product(x, y)
      let ours = z.irreps.terms.indices.sorted { (z.irreps.terms[$0].irrep, $0) < (z.irreps.terms[$1].irrep, $1) }.map { z[term: $0] }
      for (a, b) in zip(ours, try parts(name, irreps)) { #expect(distance(a, b) < 1e-13, "\(name)") }
    }
  }

  /// Weights of each row, given whole or as factors, and inputs that are the same for all rows.
  @Test func weightsOfRows() throws {
    let references = try LayerReferences("e3nn_products")
    var generator = RandomSource(seed: 5)
    let product = TensorProduct<Double>(
      "4x0e+3x1o", "2x0e+2x1o", to: "4x0e+3x1o+4x1o+3x1e",
      instructions: [.init(0, 0, 0, .uvu), .init(1, 0, 1, .uvu), .init(0, 1, 2, .uvu), .init(1, 1, 3, .uvu)], ownsWeights: false,
      using: &generator)
    #expect(product.weightCount == 28 && product.namedTensors.isEmpty)
    let tag = "weights_of_rows"
    let (x, y) = (try references.features(tag, "in0", product.first), try references.features(tag, "in1", product.second))
    let weights = product.weights(e3nn: try references.tensor(tag, "weight", [3, 28]))
    #expect(distance(product(x, y, weights: .each(weights)).e3nn, try references.tensor(tag, "out")) < 1e-13)
    let (features, matrix) = (Tensor<Double>.normal([3, 5], using: &generator), Tensor<Double>.normal([5, 28], using: &generator))
    let whole = product(x, y, weights: .each(Tensor.matmul(features, matrix)))
    #expect(distance(product(x, y, weights: .factored(features, matrix)).tensor, whole.tensor) < 1e-13)
    let one = IrrepsTensor(y.tensor.sliced(axis: 0, 1..<2).reshaped(product.second.dimension), irreps: y.irreps)
    let repeated = IrrepsTensor(one.tensor.broadcast(to: [3, product.second.dimension]), irreps: y.irreps)
    #expect(distance(product(x, one, weights: .each(weights)).tensor, product(x, repeated, weights: .each(weights)).tensor) < 1e-14)
  }

  /// Instructions are coefficients and places: thousands are ready in milliseconds, and no rows give no rows.
  @Test func sizes() {
    var generator = RandomSource(seed: 6)
    let irreps: Irreps<O3> = "64x0e+64x1o+64x2e+64x3o"
    let product = TensorProduct<Float>.channelwise(irreps, "1x0e+1x1o+1x2e+1x3o", keeping: { $0.degree <= 3 }, using: &generator)
    #expect(product.instructions.count == 34 && product.weightCount == 34 * 64)
    let none = product(
      IrrepsTensor(.zeros([0, irreps.dimension]), irreps: irreps), IrrepsTensor(.zeros([0, 16]), irreps: product.second),
      weights: .each(.zeros([0, product.weightCount])))
    #expect(none.tensor.shape == [0, product.output.dimension])
  }

  /// An output, or an input, without channels is no reason to trap.
  @Test func noChannels() {
    var generator = RandomSource(seed: 8)
    let product = TensorProduct<Double>(
      "2x1o+0x1o", "2x1o", to: "0x0e+3x1e+2x0e+2x2e",
      instructions: [.init(0, 0, 0, .uvw), .init(0, 0, 0, .uuw), .init(1, 0, 1, .uvw), .init(1, 0, 2, .uvv), .init(0, 0, 3, .uvu)],
      using: &generator)
    let same = TensorProduct<Double>("2x1o", "2x1o", to: "2x2e", instructions: [.init(0, 0, 0, .uvu)], using: &generator)
    let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (LayerChecks.features("2x1o"), LayerChecks.features("2x1o", seed: 2))
    let z = product(IrrepsTensor(x.tensor, irreps: product.first), y)
    #expect(z.tensor.sliced(axis: 1, 0..<11) == .zeros([3, 11]))
    #expect(z[term: 3] == same(x, y, weights: .shared(product.weight!))[term: 0])
    let mixed = TensorProduct<Double>.fullyConnected("2x1o", "2x1o", to: "0x0e+1x1e+1x1o", using: &generator)
    #expect(mixed(x, y)[term: 2] == .zeros([3, 3, 1]))
  }

  /// Gradients of weights that go past the caches: of several paths, not all of whose weights lie on boundaries of the registers.
  @Test func manyRows() {
    var generator = RandomSource(seed: 9)
    let product = TensorProduct<Float>(
      "17x1o", "17x1o", to: "17x0e+17x1e+17x2e", instructions: (0..<3).map { .init(0, 0, $0, .uuu) }, ownsWeights: false, using: &generator)
    let x: IrrepsTensor<Float> = LayerChecks.features(product.first, outer: [])
    let y: IrrepsTensor<Float> = LayerChecks.features(product.second, outer: [], seed: 2)
    func gradients(rows: Int) -> Tensor<Float> {
      let w = Tensor<Float>.ones([rows, product.weightCount]).asVariable()
      let x = IrrepsTensor(x.tensor.broadcast(to: [rows, product.first.dimension]), irreps: x.irreps)
      return gradient(of: product(x, y, weights: .each(w)).tensor.sum(), withRespectTo: w)
    }
    let rows = 50_000
    // On one thread pieces are larger.
    Threads.withCount(1) { #expect(gradients(rows: rows) == gradients(rows: 1).broadcast(to: [rows, product.weightCount])) }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 7)
      _ = TensorProduct<Double>("1x1o", "1x1o", to: "1x1o", instructions: [.init(0, 0, 0, .uuu)], using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 7)
      _ = TensorProduct<Double>("2x1o", "3x1o", to: "2x1e", instructions: [.init(0, 0, 0, .uuu)], using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 7)
      let product = TensorProduct<Double>.channelwise("2x1o", "1x1o", using: &generator)
      _ = product(LayerChecks.features("2x1o"), LayerChecks.features("1x1o"))
    }
    // More weights than there are, where channels are mixed.
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 7)
      let product = TensorProduct<Double>.fullyConnected("2x1o", "1x1o", to: "1x0e", using: &generator)
      _ = product(LayerChecks.features("2x1o"), LayerChecks.features("1x1o"), weights: .shared(.zeros([7])))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 7)
      let product = TensorProduct<Double>.fullyConnected("2x1o", "1x1o", to: "1x0e", using: &generator)
      _ = product(LayerChecks.features("2x1o"), LayerChecks.features("1x1o"), weights: .each(.zeros([2, 3])))
    }
  }
}
