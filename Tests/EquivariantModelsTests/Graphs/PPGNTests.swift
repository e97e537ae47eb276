import Equivariant
import Testing

@Suite struct PPGNTests {
  private static func model(
    features: Int = 1, normalization: TupleNormalization = .mean, activation: Activation = .tanh
  ) -> PPGN<Double> {
    var generator = RandomSource(seed: 1)
    return PPGN(
      .init(features: features, blocks: 3, hidden: 4, normalization: normalization, activation: activation, head: [5, 3]), using: &generator
    )
  }

  @Test(arguments: TupleNormalization.allCases) func invariance(normalization: TupleNormalization) {
    var generator = RandomSource(seed: 2)
    let model = Self.model(features: 2, normalization: normalization)
    let graphs = [SmallGraphs.ring, SimpleGraph(nodeCount: 1, edges: []), SmallGraphs.chain, SimpleGraph(nodeCount: 3, edges: [(0, 2)])]
    let batch = GraphBatch<Double>(graphs, features: .normal([16, 2], using: &generator))
    #expect(model(batch).shape == [4, 3])
    #expect(SmallGraphs.deviation(of: model, on: batch) < 1e-13)
    #expect(SmallGraphs.acceptsEmpty(model, features: 2))
    let third = GraphBatch<Double>([SmallGraphs.chain], features: batch.features.sliced(axis: 0, 7..<13))
    #expect((model(third) - model(batch).sliced(axis: 0, 2..<3)).absolute().max().item < 1e-13)
  }

  /// 2-FWL (3-WL) tells a ring of six from two triangles; strongly regular graphs of equal parameters it does not.
  @Test func separation() {
    for normalization in TupleNormalization.allCases {
      var model = Self.model(normalization: normalization, activation: .silu)
      // Larger weights, further from a linear map, than initial ones.
      model.forEachTensor { _, _, tensor in tensor = tensor * 2 }
      let small = model(GraphBatch<Double>([SmallGraphs.ring, SmallGraphs.triangles]))
      #expect(SmallGraphs.distance(small, 0, 1) > 1e-6)
      let regular = model(GraphBatch<Double>([SmallGraphs.rook, SmallGraphs.shrikhande]))
      #expect(SmallGraphs.distance(regular, 0, 1) < 1e-13)
    }
    #expect(SmallGraphs.rook.edgeCount == 48 && SmallGraphs.shrikhande.edgeCount == 48)
    // They do differ: the rook's graph has cliques of four nodes, Shrikhande's has none. Node 0 is in as many as its neighbourhood has triangles.
    func triangles(_ graph: SimpleGraph) -> Int {
      let near = graph.neighbors[0]
      return near.flatMap { a in
        near.flatMap { b in
          near.filter { a < b && b < $0 && [[a, b], [a, $0], [b, $0]].allSatisfy { graph.neighbors[$0[0]].contains($0[1]) } }
        }
      }.count
    }
    #expect(triangles(SmallGraphs.rook) == 2 && triangles(SmallGraphs.shrikhande) == 0)
  }

  @Test func derivativesAndParameters() {
    var generator = RandomSource(seed: 3)
    let model = PPGN<Double>(.init(blocks: 2, hidden: 3, depth: 1, activation: .tanh, head: [2]), using: &generator)
    #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
    let batch = GraphBatch<Double>([
      SimpleGraph(nodeCount: 3, edges: [(0, 2)]), SimpleGraph(nodeCount: 4, edges: [(0, 2), (1, 2), (0, 3)]),
    ])
    let report = SmallGraphs.derivativeError(of: model, on: batch)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
