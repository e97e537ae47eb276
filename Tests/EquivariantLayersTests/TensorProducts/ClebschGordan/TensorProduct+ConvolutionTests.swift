import Equivariant
import Testing

@Suite struct TensorProductConvolutionTests {
  let first: Irreps<O3> = "3x0e+17x1o+2x2e"
  let second: Irreps<O3> = "1x0e+1x1o+1x2e"
  /// Receivers out of order, a node without edges, one that sends to itself.
  let graph = Graph(nodeCount: 6, receivers: [3, 0, 0, 5, 3, 3, 1, 1, 3, 4], senders: [1, 3, 0, 2, 5, 4, 4, 0, 1, 4])

  private func product<S: TensorScalar>(_ type: S.Type) -> TensorProduct<S> {
    var generator = RandomSource(seed: 1)
    return .channelwise(first, second, keeping: { $0.degree <= 2 }, ownsWeights: true, using: &generator)
  }
  private func weights<S: TensorScalar>(_ product: TensorProduct<S>) -> [TensorProduct<S>.Weights] {
    var generator = RandomSource(seed: 2)
    return [
      .shared(.normal([product.weightCount], using: &generator)),
      .each(.normal([graph.edgeCount, product.weightCount], using: &generator)),
      .factored(.normal([graph.edgeCount, 5], using: &generator), .normal([5, product.weightCount], using: &generator)),
    ]
  }

  /// Gather, product and sum, one after the other.
  private func plain<S: TensorScalar>(
    _ product: TensorProduct<S>, _ x: IrrepsTensor<S>, _ y: IrrepsTensor<S>, _ weights: TensorProduct<S>.Weights
  ) -> Tensor<S> {
    product(IrrepsTensor(x.tensor.gathered(graph.senders), irreps: x.irreps), y, weights: weights).tensor.scatterAdded(graph.receivers)
  }

  @Test func equalsGatherProductAndSum() {
    var generator = RandomSource(seed: 3)
    let connected = TensorProduct<Double>.fullyConnected(first, second, to: "2x0e+3x1o+2x1e", using: &generator)
    let x: IrrepsTensor<Double> = LayerChecks.features(first, outer: [6], seed: 4)
    let y: IrrepsTensor<Double> = LayerChecks.features(second, outer: [10], seed: 5)
    for product in [product(Double.self), connected, ProductExamples.everything(using: &generator)] {
      let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) =
        product.first == first
        ? (x, y) : (LayerChecks.features(product.first, outer: [6]), LayerChecks.features(product.second, outer: [10]))
      for weights in weights(product) {
        let z = product.convolution(x, y, over: graph, weights: weights)
        #expect(z.irreps == product.output)
        #expect(distance(z.tensor, plain(product, x, y, weights)) < 1e-13)
      }
      let own = product.convolution(x, y, over: graph)
      #expect(distance(own.tensor, plain(product, x, y, .shared(product.weight!))) < 1e-13)
    }
  }

  /// Gradients, from the fused pass and as recorded operations, against those of the plain operations; and finite differences to third order.
  @Test(arguments: 0..<3) func derivatives(_ kind: Int) {
    let product = product(Double.self)
    let weights = weights(product)[kind]
    var inputs =
      [
        LayerChecks.features(first, outer: [6], seed: 4).tensor, LayerChecks.features(second, outer: [10], seed: 5).tensor,
      ] as [Tensor<Double>]
    switch weights {
    case .shared(let w), .each(let w): inputs.append(w)
    case .factored(let f, let m): inputs += [f, m]
    }
    func given(_ all: [Tensor<Double>]) -> TensorProduct<Double>.Weights {
      kind == 0 ? .shared(all[2]) : kind == 1 ? .each(all[2]) : .factored(all[2], all[3])
    }
    func fused(_ all: [Tensor<Double>]) -> Tensor<Double> {
      product.convolution(IrrepsTensor(all[0], irreps: first), IrrepsTensor(all[1], irreps: second), over: graph, weights: given(all))
        .tensor
    }
    var generator = RandomSource(seed: 6)
    let report = checkDerivatives(of: fused, at: inputs, order: 3, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    let variables = inputs.map { $0.asVariable() }
    let seed = Tensor<Double>.normal([6, product.output.dimension], using: &generator)
    let expected = gradient(
      of: (plain(product, IrrepsTensor(variables[0], irreps: first), IrrepsTensor(variables[1], irreps: second), given(variables)) * seed)
        .sum(), withRespectTo: variables)
    for keeping in [false, true] {
      let actual = gradient(of: (fused(variables) * seed).sum(), withRespectTo: variables, keepingGraph: keeping)
      for (a, b) in zip(actual, expected) { #expect(distance(a, b) < 1e-12) }
    }
  }

  /// The sum over messages commutes with O(3), acting on nodes and edges at once.
  @Test func equivariance() {
    func layer<S: TensorScalar>(_ product: TensorProduct<S>) -> PairLayer<TensorProduct<S>> {
      let graph = Graph(nodeCount: 3, receivers: [0, 0, 2, 1, 2], senders: [1, 2, 0, 0, 1])
      return PairLayer(product, first, second) { product, x, y in
        let edges = IrrepsTensor(y.tensor.gathered(graph.senders) * 2 - y.tensor.gathered(graph.receivers), irreps: y.irreps)
        return product.convolution(x, edges, over: graph)
      }
    }
    LayerChecks.expectEquivariant(
      layer(product(Double.self)), layer(product(Float.self)), from: first + second, to: product(Double.self).output)
  }

  /// The same bits for every number of threads, on a graph large enough to be cut, and for its gradients.
  @Test func threads() {
    var generator = RandomSource(seed: 7)
    let edges = 3000
    let large = Graph(
      nodeCount: 100, receivers: (0..<edges).map { _ in Int.random(in: 0..<100, using: &generator) },
      senders: (0..<edges).map { _ in Int.random(in: 0..<100, using: &generator) })
    let product = product(Float.self)
    let x = Tensor<Float>.normal([100, first.dimension], using: &generator).asVariable()
    let y = Tensor<Float>.normal([edges, second.dimension], using: &generator).asVariable()
    let w = Tensor<Float>.normal([product.weightCount], using: &generator).asVariable()
    let (f, m) = (
      Tensor<Float>.normal([edges, 4], using: &generator).asVariable(),
      Tensor<Float>.normal([4, product.weightCount], using: &generator).asVariable()
    )
    func all() -> [[Float]] {
      let z = product.convolution(IrrepsTensor(x, irreps: first), IrrepsTensor(y, irreps: second), over: large, weights: .shared(w))
      let v = product.convolution(IrrepsTensor(x, irreps: first), IrrepsTensor(y, irreps: second), over: large, weights: .factored(f, m))
      let total = (z.tensor * z.tensor).sum() + (v.tensor * v.tensor).sum()
      return [z.tensor.elements, v.tensor.elements] + gradient(of: total, withRespectTo: [x, y, w, f, m]).map(\.elements)
    }
    #expect(threadCountsThatMatter([2, 3], of: all) == [])
  }

  @Test func emptyGraph() {
    let product = product(Double.self)
    let none = Graph(nodeCount: 2, receivers: [], senders: [])
    let z = product.convolution(LayerChecks.features(first, outer: [2]), IrrepsTensor(.zeros([0, 9]), irreps: second), over: none)
    #expect(z.tensor == .zeros([2, product.output.dimension]))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 8)
      let product = TensorProduct<Double>.channelwise("2x1o", "1x1o", ownsWeights: true, using: &generator)
      _ = product.convolution(
        LayerChecks.features("2x1o", outer: [3]), LayerChecks.features("1x1o", outer: [3]), over: .complete(nodes: 3))
    }
  }
}
