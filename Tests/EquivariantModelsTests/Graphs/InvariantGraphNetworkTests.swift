import Equivariant
import Testing

@Suite struct InvariantGraphNetworkTests {
  private static func model(
    _ orders: [Int], normalization: TupleNormalization = .mean, activation: Activation = .tanh
  ) -> InvariantGraphNetwork<Double> {
    var generator = RandomSource(seed: 1)
    return InvariantGraphNetwork(
      .init(features: 2, orders: orders, hidden: 4, normalization: normalization, activation: activation, head: [5, 3]), using: &generator)
  }

  private static var batch: GraphBatch<Double> {
    var generator = RandomSource(seed: 2)
    let graphs = [SmallGraphs.ring, SmallGraphs.chain, SimpleGraph(nodeCount: 1, edges: []), SimpleGraph(nodeCount: 3, edges: [(0, 2)])]
    return GraphBatch(graphs, features: .normal([16, 2], using: &generator))
  }

  @Test(arguments: [[2, 2], [3, 2], [1, 2]]) func invariance(orders: [Int]) {
    let model = Self.model(orders)
    #expect(model(Self.batch).shape == [4, 3])
    #expect(SmallGraphs.deviation(of: model, on: Self.batch) < 1e-13)
    #expect(SmallGraphs.acceptsEmpty(model, features: 2))
    // Each graph by itself gives its row.
    let first = GraphBatch<Double>([SmallGraphs.ring], features: Self.batch.features.sliced(axis: 0, 0..<6))
    #expect((model(first) - model(Self.batch).sliced(axis: 0, 0..<1)).absolute().max().item < 1e-13)
    // Features that stay behind when the nodes move are noticed.
    var moved = Self.batch.reordered([(0, [1, 2, 0, 3, 4, 5]), (1, [0, 5, 2, 3, 4, 1]), (2, [0]), (3, [0, 1, 2])])
    moved.features = Self.batch.features
    #expect((model(moved) - model(Self.batch)).absolute().max().item > 1e-6)
  }

  /// Order 2 sees what colour refinement sees (2-WL in the folklore of one less): not a ring of six from two triangles, but both from a
  /// chain. Order 3 tells them apart.
  @Test func separation() {
    let batch = GraphBatch<Double>([SmallGraphs.ring, SmallGraphs.triangles, SmallGraphs.chain], features: .ones([18, 2]))
    for normalization in TupleNormalization.allCases {
      let two = Self.model([2, 2, 2], normalization: normalization, activation: .silu)(batch)
      #expect(SmallGraphs.distance(two, 0, 1) < 1e-13 && SmallGraphs.distance(two, 0, 2) > 1e-6)
      let three = Self.model([3, 3, 3], normalization: normalization, activation: .silu)(batch)
      #expect(SmallGraphs.distance(three, 0, 1) > 1e-6)
    }
  }

  @Test func derivativesAndParameters() {
    let model = Self.model([2, 1])
    #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
    let report = SmallGraphs.derivativeError(of: model, on: Self.batch)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
