import Equivariant
import Testing

@Suite struct AdjacencyMLPTests {
  /// Graphs of different sizes with features, padded: by hand as a row for the same MLP.
  @Test func inputIsTheFlattenedMatrixAndFeatures() {
    var generator = RandomSource(seed: 1)
    let model = AdjacencyMLP<Double>(.init(nodes: 3, features: 1, hidden: [4], outputs: 2), using: &generator)
    let edge = SimpleGraph(nodeCount: 2, edges: [(0, 1)]), chain = SimpleGraph(nodeCount: 3, edges: [(0, 2), (2, 1)])
    let batch = GraphBatch<Double>([edge, chain], features: Tensor([5, 6, 7, 8, 9], shape: [5, 1]))
    let rows = Tensor<Double>(rows: [
      [0, 1, 0, 1, 0, 0, 0, 0, 0, 5, 1, 6, 1, 0, 0], [0, 0, 1, 0, 0, 1, 1, 1, 0, 7, 1, 8, 1, 9, 2],
    ])
    let tensors = model.namedTensors.map(\.tensor)
    let expected = Tensor.linear(Tensor.linear(rows, weight: tensors[0], bias: tensors[1]).tanh(), weight: tensors[2], bias: tensors[3])
      .tanh()
    #expect((model(batch) - expected).absolute().max().item < 1e-15)
    #expect(model.namedTensors.map(\.path) == ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"])
  }

  /// 64 → 128 → 64 → 10 without features, 4224 → 2048 → 4096 → 2048 → 10 with them.
  @Test func publishedSizes() {
    var generator = RandomSource(seed: 2)
    let small = AdjacencyMLP<Float>(using: &generator)
    #expect(small.namedTensors.filter { $0.tensor.rank == 2 }.map(\.tensor.shape) == [[128, 64], [64, 128], [10, 64]])
    #expect(AdjacencyMLP<Float>.Configuration(nodes: 64, features: 1).inputCount == 4224)
    #expect(ParameterAudit(of: small).isClean)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 3)
    let model = AdjacencyMLP<Double>(.init(nodes: 6, features: 1, hidden: [5]), using: &generator)
    let batch = GraphBatch<Double>([GINTests.ring, GINTests.chain])
    let report = checkDerivatives(
      of: {
        var moved = batch
        moved.features = $0[0]
        return model(moved)
      }, at: [.normal([12, 1], using: &generator)], order: 2, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
