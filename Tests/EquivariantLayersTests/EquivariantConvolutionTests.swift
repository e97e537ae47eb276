import EquivarianceTesting
import Equivariant
import Testing

@Suite struct EquivariantConvolutionTests {
  struct Cloud {
    var positions: Tensor<Double>
    var features: Tensor<Double>
  }
  let input: Irreps<O3> = "4x0e + 2x0o + 3x1o"
  let output: Irreps<O3> = "5x0e + 2x0o + 3x1o + 2x1e + 2x2e"
  let embedding = EdgeEmbedding(degrees: 0...2, radius: 3)
  private func layer(isGated: Bool = true) -> EquivariantConvolution<Double> {
    var generator = RandomSource(seed: 1)
    return EquivariantConvolution(from: input, to: output, edges: embedding, neighbors: 4, isGated: isGated, using: &generator)
  }
  private func cloud() -> Cloud { Cloud(positions: random([9, 3], seed: 2) * 1.2, features: random([9, input.dimension], seed: 3)) }
  private func graph(_ x: Tensor<Double>) -> Graph { .radiusNeighbors(of: x.detached, sizes: [5, 4], 3) }

  private func error<G: Group>(
    under group: G, _ points: Action<G.Element, Tensor<Double>>, _ act: (Irreps<O3>) -> Action<G.Element, Tensor<Double>>,
    of map: (Cloud) -> Tensor<Double>
  ) -> Double {
    var generator = RandomSource(seed: 4)
    let action = Action<G.Element, Cloud>.on(\.positions, by: points).on(\.features, by: act(input))
    let value = measureEquivariance(
      of: map, under: group, input: action, output: act(output), at: [cloud()], elements: 8, using: &generator)
    let gradient = measureGradientEquivariance(
      of: map, under: group, input: action, output: act(output), at: [cloud()], elements: 4, using: &generator)
    return max(value.relativeError, gradient.relativeError)
  }

  @Test(arguments: [true, false]) func equivariance(isGated: Bool) {
    let layer = layer(isGated: isGated)
    func map(_ x: Cloud) -> Tensor<Double> {
      let graph = graph(x.positions)
      return layer(IrrepsTensor(x.features, irreps: input), over: graph, edges: embedding(graph.vectors(x.positions))).tensor
    }
    let tolerance = Tolerance.Exact(ulps: 1000).bound(for: Double.self)
    #expect(error(under: E3(), .points, { .irreps($0) }, of: map) < tolerance)
    #expect(error(under: O3(), .vectors, { .irreps($0) }, of: map) < tolerance)
    // Scalars that are not gated with the vectors, a common mistake: an activation of every component.
    #expect(error(under: O3(), .vectors, { .irreps($0) }, of: { map($0).sigmoid() }) > 0.01)
  }

  /// The same sum edge by edge: nothing of the fused pass, the cut-off or the scale is lost.
  @Test func plainComposition() {
    let (layer, x) = (layer(), cloud())
    let graph = graph(x.positions)
    let vectors = graph.vectors(x.positions)
    let features = IrrepsTensor(x.features, irreps: input)
    let lengths = vectors.norm()
    let weights = Tensor.matmul(layer.radial(embedding.basis(lengths)), layer.radialWeight)
    let messages = layer.product(
      layer.first(features).gathered(graph.senders), embedding.harmonics.features(at: vectors), weights: .each(weights))
    let sums = (messages * embedding.cutoff(lengths)).segmentSum(graph.receivers) * (1 / 4.0.squareRoot())
    let expected = layer.gate!(layer.second(sums) + layer.own(features))
    #expect(distance(layer(features, over: graph, edges: embedding(vectors)).tensor, expected.tensor) < 1e-13)
    #expect(expected.irreps == output && graph.edgeCount > 9)
  }

  /// An edge at the radius makes no difference, so that energies are smooth where neighbours come and go.
  @Test func cutoff() {
    let layer = layer()
    let features = IrrepsTensor(random([2, input.dimension], seed: 5), irreps: input)
    func value(_ length: Double, joined: Bool = true) -> Tensor<Double> {
      let graph = Graph(nodeCount: 2, receivers: joined ? [0] : [], senders: joined ? [1] : [])
      return layer(features, over: graph, edges: embedding(graph.vectors(Tensor([0, 0, 0, 0, 0, length], shape: [2, 3])))).tensor
    }
    let apart = value(1, joined: false)
    #expect(distance(value(3), apart) < 1e-14 && distance(value(2.99), apart) < 1e-4 && distance(value(1.5), apart) > 1e-2)
  }

  @Test func derivativesAndParameters() {
    let (layer, x) = (layer(), cloud())
    let graph = graph(x.positions)
    var generator = RandomSource(seed: 6)
    let report = checkDerivatives(
      of: { layer(IrrepsTensor($0[1], irreps: input), over: graph, edges: embedding(graph.vectors($0[0]))).tensor },
      at: [x.positions, x.features], order: 2, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    #expect(ParameterAudit(of: layer).isClean, "\(ParameterAudit(of: layer))")
    let (_, gradients) = valueWithGradient(at: layer) {
      $0(IrrepsTensor(x.features, irreps: input), over: graph, edges: embedding(graph.vectors(x.positions))).tensor.squared().sum()
    }
    for (named, g) in zip(layer.namedTensors, gradients.tensors) { #expect(g.absolute().max().item > 0, "\(named.path)") }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = EquivariantConvolution<Double>(
        from: "4x0e", to: "4x0e + 2x1e", edges: EdgeEmbedding(degrees: 0...2, radius: 3), neighbors: 4, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = EquivariantConvolution<Double>(
        from: "4x0e", to: "2x1o + 4x0e", edges: EdgeEmbedding(degrees: 0...2, radius: 3), neighbors: 4, using: &generator)
    }
  }
}
