import Equivariant
import Testing

@Suite struct GraphFrameAveragingTests {
  /// A backbone that depends on the order of nodes.
  struct OrderDependent: Layer {
    var weight: Tensor<Double>
    func callAsFunction(_ x: GraphBatch<Double>) -> Tensor<Double> {
      let message = x.features.gathered(x.graph.senders).scatterAdded(x.graph.receivers)
      let places = Tensor(x.graphs.flatMap { g in (0..<g.nodeCount).map { Double($0 * $0) } }, shape: [x.graph.nodeCount, 1])
      return (message * places * weight).tanh().segmentSum(x.membership)
    }
    mutating func visit(_ visitor: inout ParameterVisitor<Double>) { visitor("weight", &weight) }
  }

  static let backbone = OrderDependent(weight: Tensor([0.01, 0.03]))
  static let graphs = [
    GraphExamples.path(4), GraphExamples.cycle(4), GraphExamples.star(4),
    GraphExamples.union(GraphExamples.cycle(3), GraphExamples.path(2)),
  ]

  static func batch(_ permutation: (Int) -> Permutation) -> GraphBatch<Double> {
    let parts = graphs.enumerated().map { k, graph in
      let sigma = permutation(graph.nodeCount)
      let rows = graph.neighbors.map { [Double($0.count) + 0.5, Double($0.count * $0.count)] }
      return (graph.relabelled(sigma.images), sigma.apply(to: rows))
    }
    return GraphBatch(parts.map(\.0), features: Tensor(rows: parts.flatMap(\.1)))
  }

  @Test(arguments: ["blocks", "refined", "all"]) func averagesAreInvariant(form: String) throws {
    func average(_ batch: GraphBatch<Double>) throws -> Tensor<Double> {
      let frames =
        try SpectralFrame.Form(rawValue: form).map { try batch.frames(SpectralFrame($0)) } ?? batch.graphs.map { .all($0.nodeCount) }
      return GraphFrameAveraging(Self.backbone)(try FramedGraphBatch(batch, over: frames))
    }
    var generator = RandomSource(seed: 1)
    let plain = Self.batch(Permutation.identity)
    let expected = try average(plain)
    for _ in 0..<5 {
      let moved = Self.batch { SymmetricGroup($0).randomElement(using: &generator) }
      #expect((try average(moved) - expected).absolute().max().item < 1e-14)
      #expect((Self.backbone(moved) - Self.backbone(plain)).absolute().max().item > 1e-3)
    }
  }

  /// Equal framed graphs are taken once with their weight: the mean over all elements one by one is the same.
  @Test func weightsAreThoseOfElements() throws {
    let batch = Self.batch(Permutation.identity)
    let framed = try FramedGraphBatch(batch, over: batch.graphs.map { GraphFrame.all($0.nodeCount) })
    #expect(framed.graphs.multiplicities == [12, 3, 5, 60 / 6 * 1])
    let exact = GraphFrameAveraging(Self.backbone)(framed)
    for (k, graph) in batch.graphs.enumerated() {
      let elements = SymmetricGroup(graph.nodeCount).elements
      let mean = Self.backbone(batch.reordered(elements.map { (k, $0.images) })).mean(axis: 0)
      #expect((mean - exact.selected(axis: 0, k)).absolute().max().item < 1e-14)
    }
  }

  /// Sampled averages approach the exact one as the root of the number of samples.
  @Test func samplesAreUnbiased() throws {
    let batch = Self.batch(Permutation.identity)
    let frames = batch.graphs.map { GraphFrame.all($0.nodeCount) }
    let exact = GraphFrameAveraging(Self.backbone)(try FramedGraphBatch(batch, over: frames))
    var generator = RandomSource(seed: 2)
    let one = GraphFrameAveraging(Self.backbone)(FramedGraphBatch(batch, over: frames, sampling: 1, using: &generator))
    let many = GraphFrameAveraging(Self.backbone)(FramedGraphBatch(batch, over: frames, sampling: 4000, using: &generator))
    #expect((many - exact).absolute().max().item < 0.03 && (one - exact).absolute().max().item > 0.05)
  }

  @Test func derivativesAndParameters() throws {
    var generator = RandomSource(seed: 3)
    var batch = Self.batch(Permutation.identity)
    batch.features = .normal(batch.features.shape, using: &generator)
    let frames = batch.graphs.map { GraphFrame.all($0.nodeCount) }
    let report = checkDerivatives(
      of: { x in
        var (moved, backbone) = (batch, Self.backbone)
        (moved.features, backbone.weight) = (x[0], x[1])
        return GraphFrameAveraging(backbone)(try! FramedGraphBatch(moved, over: frames))
      }, at: [batch.features, Self.backbone.weight], order: 2, step: 1e-4, elements: 4, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
    #expect(ParameterAudit(of: GraphFrameAveraging(Self.backbone)).isClean)
    #expect(throws: GraphFrameError.self) { try FramedGraphBatch(batch, over: batch.graphs.map { .all($0.nodeCount) }, limit: 100) }
  }
}
