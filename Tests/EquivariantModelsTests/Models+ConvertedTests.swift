import Equivariant
import Testing

/// Models in another element type have the same weights, and so nearly the same values; those with examinations of their own are in
/// `ExaminationTests`.
@Suite struct ConvertedModelsTests {
  private func expectNear(_ a: Tensor<Float>, _ b: Tensor<Double>, at location: SourceLocation = #_sourceLocation) {
    let error = (a.converted(to: Double.self) - b).absolute().max().item / b.absolute().max().item
    #expect(error < 1e-4, sourceLocation: location)
  }

  @Test func networksOnClouds() {
    var generator = RandomSource(seed: 1)
    let x = Tensor<Double>.normal([2, 12, 3], using: &generator)
    let single = x.converted(to: Float.self)
    let pointNet = PointNet<Double>(.init(widths: [8, 8], head: [8]), using: &generator)
    expectNear(pointNet.converted(to: Float.self)(single), pointNet(x))
    let dgcnn = DGCNN<Double>(.init(neighbors: 4, widths: [[8], [8]], embedding: 8, head: [8]), using: &generator)
    expectNear(dgcnn.converted(to: Float.self)(single), dgcnn(x))
    let sets = DeepSets<Double>(using: &generator)
    expectNear(sets.converted(to: Float.self)(single), sets(x))
    let attention = SetTransformer<Double>(using: &generator)
    expectNear(attention.converted(to: Float.self)(single), attention(x))
    var local = LocalFramePointNet<Double>(
      .init(neighbors: 4, widths: [6, 6], network: .init(widths: [8, 8], head: [8])), using: &generator)
    local.trainingElements = 2
    #expect(local.converted(to: Float.self).trainingElements == 2)
    expectNear(local.converted(to: Float.self)(single), local(x))
    // Other weights give other values: the comparison would notice.
    #expect((PointNet<Double>(.init(widths: [8, 8], head: [8]), using: &generator)(x) - pointNet(x)).absolute().max().item > 1e-2)
  }

  @Test func otherNetworks() {
    var generator = RandomSource(seed: 2)
    let x = Tensor<Double>.normal([5, 4], using: &generator)
    for (activates, bias) in [(true, true), (false, false)] {
      let mlp = MLP<Double>(widths: [4, 6, 3], activatesOutput: activates, lastBias: bias, using: &generator)
      expectNear(mlp.converted(to: Float.self)(x.converted(to: Float.self)), mlp(x))
    }
    let graph = Graph.complete(nodes: 5)
    let batch = ParticleBatch<Double>(
      positions: .normal([5, 3], using: &generator), velocities: .normal([5, 3], using: &generator), features: .ones([5, 1]),
      edgeFeatures: .normal([graph.edgeCount, 1], using: &generator), graph: graph)
    let gnn = GNN<Double>(.init(hidden: 8, layers: 2), using: &generator)
    expectNear(gnn.converted(to: Float.self)(batch.converted(to: Float.self)), gnn(batch))
    let graphs = GraphBatch<Double>([SimpleGraph(nodeCount: 3, edges: [(0, 1)])])
    let adjacency = AdjacencyMLP<Double>(using: &generator)
    expectNear(adjacency.converted(to: Float.self)(graphs.converted(to: Float.self)), adjacency(graphs))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = MLP<Float>(widths: [2, 3], using: &generator).withValues(of: MLP<Double>(widths: [2, 4], using: &generator))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = MLP<Float>(widths: [2, 3], using: &generator).withValues(of: MLP<Double>(widths: [2, 3, 3], using: &generator))
    }
  }
}
