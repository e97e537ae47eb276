import EquivarianceTesting
import Equivariant
import Testing

/// Every network on graphs passes the examination, in one call each.
@Suite struct ExaminationTests {
  private func random(_ sizes: [Int], seed: UInt64 = 2) -> ParticleBatch<Double> {
    var generator = RandomSource(seed: seed)
    let graph = Graph.batch(sizes.map { .complete(nodes: $0) })
    let n = graph.nodeCount
    // The features of an edge and of its reverse are the same, as products of charges are.
    let charges = Tensor<Double>.normal([n, 1], using: &generator)
    return ParticleBatch(
      positions: .normal([n, 3], using: &generator), velocities: .normal([n, 3], using: &generator), features: .ones([n, 1]),
      edgeFeatures: charges.gathered(graph.receivers) * charges.gathered(graph.senders), graph: graph)
  }

  /// Points at rest on the corners of a cube, and on a line.
  private var degenerate: ParticleBatch<Double> {
    var batch = random([8, 8])
    let cube = (0..<8).map { k in [0, 1, 2].map { k >> $0 & 1 == 0 ? -1.0 : 1 } }
    let line = (0..<8).map { [0, 0, Double($0) - 3.5] }
    batch.positions = Tensor(rows: cube + line)
    batch.velocities = .zeros([16, 3])
    batch.edgeFeatures = .ones(batch.edgeFeatures.shape)
    return batch
  }

  private func expectPassed<M: Layer>(
    _ model: M, sizes: [Int] = [4, 1, 6], skipping skipped: Set<ModelExamination.Question> = [],
    single: @escaping (ParticleBatch<Float>) -> Tensor<Float>, at location: SourceLocation = #_sourceLocation
  ) where M.Scalar == Double, M.Input == ParticleBatch<Double>, M.Output == Tensor<Double> {
    var generator = RandomSource(seed: 1)
    let examination = examine(
      model, under: E3(), input: .on(\.positions, by: .points).on(\.velocities, by: .vectors).on(\.edgeFeatures, by: .invariant),
      output: .points, at: [random(sizes), degenerate], tolerance: .init(ulps: 40_000), skipping: skipped,
      single: { single($0.converted(to: Float.self)).converted(to: Double.self) }, using: &generator)
    #expect(examination.isPassed, "\(examination)", sourceLocation: location)
  }

  @Test func egnn() {
    var generator = RandomSource(seed: 3)
    let model = EGNN<Double>(.init(hidden: 8, layers: 2), using: &generator)
    let single = model.converted(to: Float.self)
    expectPassed(model, single: { single($0) })
  }

  /// Systems are of one size, and the axes are differentiated. Of a system at rest the axes are not determined, so that there is no derivative.
  @Test func faGNN() {
    var generator = RandomSource(seed: 4)
    let model = FAGNN<Double>(.init(hidden: 12, layers: 2), differentiableFrames: true, using: &generator)
    let single = model.converted(to: Float.self)
    expectPassed(model, sizes: [5, 5], single: { single($0) })
  }

  @Test func galileanFlow() {
    var generator = RandomSource(seed: 5)
    let model = GalileanFlow<Double>(.init(hidden: 8, depth: 2, steps: 3), using: &generator)
    let single = model.converted(to: Float.self)
    expectPassed(model, single: { single($0) })
  }

  @Test func ponita() {
    var generator = RandomSource(seed: 6)
    let model = PONITA<Double>(PONITAClouds.configuration(), using: &generator)
    let single = model.converted(to: Float.self)
    let examination = examine(
      model, under: E3(), input: PONITAClouds.input(), output: PONITAClouds.output(),
      at: [PONITAClouds.random(Double.self, sizes: [5, 6]), PONITAClouds.degenerate(Double.self)], tolerance: .init(ulps: 40_000),
      single: { single($0.converted(to: Float.self)).converted(to: Double.self) }, using: &generator)
    #expect(examination.isPassed, "\(examination)")
  }

  private func expectInvariant<M: Layer>(
    _ model: M, skipping skipped: Set<ModelExamination.Question> = [], single: @escaping (GraphBatch<Float>) -> Tensor<Float>,
    at location: SourceLocation = #_sourceLocation
  ) where M.Scalar == Double, M.Input == GraphBatch<Double>, M.Output == Tensor<Double> {
    var generator = RandomSource(seed: 7)
    let graphs = [
      SimpleGraph(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)]), SimpleGraph(nodeCount: 5, edges: [(0, 1), (1, 2), (2, 0), (3, 4)]),
      SimpleGraph(nodeCount: 1, edges: []), SimpleGraph(nodeCount: 3, edges: []),
    ]
    let examination = examine(
      model, under: O3(), input: .on(\.features, by: .invariant), output: .invariant,
      at: [GraphBatch(graphs, features: .normal([13, 2], using: &generator))], rows: .graphs, tolerance: .init(ulps: 40_000),
      skipping: skipped,
      single: { single($0.converted(to: Float.self)).converted(to: Double.self) }, using: &generator)
    #expect(examination.isPassed, "\(examination)", sourceLocation: location)
  }

  @Test func gin() {
    var generator = RandomSource(seed: 8)
    // Derivatives are compared with finite differences, which a kink would spoil.
    var configuration = GINConfiguration.classifier(features: 2, classes: 3, hidden: 8)
    configuration.activation = .silu
    let model = GIN<Double>(configuration, using: &generator)
    let single = model.converted(to: Float.self)
    expectInvariant(model, single: { single($0) })
  }

  @Test func spen() {
    var generator = RandomSource(seed: 9)
    var configuration = SPENConfiguration()
    (configuration.features, configuration.hidden, configuration.head) = (2, [6, 6], [8, 2])
    let model = SPEN<Double>(configuration, using: &generator)
    let single = model.converted(to: Float.self)
    // Its head has ReLU, whose kinks differences do not see; `SPENTests` has derivatives away from them.
    expectInvariant(model, skipping: [.derivatives], single: { single($0) })
  }

  @Test func networksOnPairs() {
    var generator = RandomSource(seed: 10)
    var settings = InvariantGraphNetworkConfiguration(features: 2, orders: [2, 2], hidden: 6, head: [8, 2])
    settings.activation = .silu
    let ign = InvariantGraphNetwork<Double>(settings, using: &generator)
    let ignInFloat = ign.converted(to: Float.self)
    expectInvariant(ign, single: { ignInFloat($0) })
    var configuration = PPGNConfiguration(features: 2, blocks: 2, hidden: 6, head: [8, 2])
    configuration.activation = .silu
    let ppgn = PPGN<Double>(configuration, using: &generator)
    let ppgnInFloat = ppgn.converted(to: Float.self)
    expectInvariant(ppgn, single: { ppgnInFloat($0) })
  }
}
