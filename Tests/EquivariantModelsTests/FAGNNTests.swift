import Equivariant
import Foundation
import Testing

/// The authors' outputs (see References/README.md), symmetries, degenerate systems and derivatives.
struct FAGNNTests {
  static func model<Scalar: TensorScalar>(_ degeneracy: DegeneracyPolicy = .refined, differentiable: Bool = false) throws -> FAGNN<Scalar> {
    var generator = RandomSource(seed: 1)
    var model = FAGNN<Scalar>(
      .init(hidden: 12, layers: 3), degeneracy: degeneracy, differentiableFrames: differentiable, using: &generator)
    // The authors' first linear layer is a sequence of one.
    let file = try SafetensorsFile(contentsOf: EGNNTests.reference("fa_gnn_small.safetensors"))
    var renamed = SafetensorsFile()
    for name in file.names { renamed.append(name.replacing("embedding.0.", with: "embedding."), try file.array(name)) }
    try model.load(from: renamed)
    return model
  }

  /// Four systems of five particles, and the expected positions.
  static func published() throws -> (batch: ParticleBatch<Double>, output: Tensor<Double>) {
    let archive = try NumericArchive(contentsOf: EGNNTests.reference("fa_gnn_small.npz"))
    let graph = Graph(
      nodeCount: 20, receivers: try archive.ints("rows"), senders: try archive.ints("cols"), graphSizes: [5, 5, 5, 5])
    let nodes = Tensor<Double>(try archive.doubles("nodes"), shape: [20, 6])
    let edges = Tensor<Double>(try archive.doubles("edge_attr"), shape: [80, 2])
    let batch = ParticleBatch(
      positions: nodes.sliced(axis: 1, 0..<3), velocities: nodes.sliced(axis: 1, 3..<6), features: .zeros([20, 1]),
      edgeFeatures: graph.sorted(edges.sliced(axis: 1, 0..<1)), graph: graph)
    return (batch, Tensor(try archive.doubles("out"), shape: [20, 3]))
  }

  @Test func publishedOutputs() throws {
    let (batch, expected) = try Self.published()
    let model: FAGNN<Double> = try Self.model()
    #expect((model(batch) - expected).absolute().max().item < 1e-9)
  }

  private func action<S: TensorScalar>() -> Action<RigidMotion, ParticleBatch<S>> {
    .on(\.positions, by: .points).on(\.velocities, by: .vectors)
  }

  @Test func equivariance() throws {
    var generator = RandomSource(seed: 2)
    let (batch, _) = try Self.published()
    let model: FAGNN<Double> = try Self.model()
    let exact = measureEquivariance(of: model.callAsFunction, under: E3(), input: action(), output: .points, at: [batch], using: &generator)
    #expect(exact.isExact(.network), "\(exact)")
    let single: FAGNN<Float> = try Self.model()
    let floats = ParticleBatch<Float>(
      positions: batch.positions.converted(to: Float.self), velocities: batch.velocities.converted(to: Float.self),
      features: batch.features.converted(to: Float.self), edgeFeatures: batch.edgeFeatures.converted(to: Float.self), graph: batch.graph)
    let rounded = measureEquivariance(
      of: single.callAsFunction, under: E3(), input: action(), output: .points, at: [floats], using: &generator)
    #expect(rounded.relativeError < 1e-4, "\(rounded)")
    var order: [Int] = []
    for k in 0..<4 { order += generator.permutation(5).map { 5 * k + $0 } }
    let images = RowIndex(order, rowCount: 20)
    let expected = model(batch).scatterAdded(images)
    #expect((model(batch.relabelled(order)) - expected).absolute().max().item < 1e-12)
  }

  @Test func displacements() throws {
    var generator = RandomSource(seed: 6)
    let (batch, _) = try Self.published()
    let model = FAGNN<Double>(.init(hidden: 12, layers: 2, hasReflections: false, predictsDisplacement: true), using: &generator)
    let report = measureEquivariance(
      of: model.callAsFunction, under: SE3(), input: action(), output: .points, at: [batch], using: &generator)
    #expect(report.isExact(.network), "\(report)")
    let mirror = RigidMotion(linear: .reflection(normal: SIMD3(1, 0, 0)), translation: .zero)
    let moved = action()(mirror, batch) as ParticleBatch<Double>
    let points: Action<RigidMotion, Tensor<Double>> = .points
    #expect((model(moved) - points(mirror, model(batch))).absolute().max().item > 1e-3)
  }

  /// One element of each frame is another prediction, the same for the same source; enough of them approach that of the whole frames.
  @Test func sampledFrames() throws {
    let (batch, _) = try Self.published()
    var model: FAGNN<Double> = try Self.model()
    func difference(_ elements: Int) -> Double {
      model.trainingElements = elements
      var pass = ForwardPass<Double>.training(using: RandomSource(seed: 8))
      return (model(batch, &pass) - model(batch)).squared().mean().item
    }
    #expect(difference(1) == difference(1) && difference(1) > 1e-6)
    #expect(difference(2000) < difference(1) / 20)
  }

  /// Systems whose covariance, or whose hidden vectors, have repeated eigenvalues.
  @Test func degenerateSystems() throws {
    var generator = RandomSource(seed: 3)
    let tetrahedron: [[Double]] = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1], [0, 0, 0]]
    let graph = Graph.complete(nodes: 5)
    for velocities in [Tensor<Double>.zeros([5, 3]), .normal([5, 3], using: &generator)] {
      let batch = ParticleBatch(
        positions: Tensor(rows: tetrahedron), velocities: velocities, features: .zeros([5, 1]), edgeFeatures: .ones([20, 1]), graph: graph)
      func error(_ policy: DegeneracyPolicy) throws -> EquivarianceReport {
        var generator = RandomSource(seed: 4)
        return measureEquivariance(
          of: try Self.model(policy).callAsFunction, under: E3(), input: action(), output: .points, at: [batch], elements: 10,
          using: &generator)
      }
      let ours = try error(.refined)
      #expect(ours.isExact(.network), "\(ours)")
      let theirs = try error(.ignored)
      #expect(theirs.relativeError > 0.01, "\(theirs)")
    }
  }

  @Test func derivatives() throws {
    let (batch, _) = try Self.published()
    let model: FAGNN<Double> = try Self.model(differentiable: true)
    var generator = RandomSource(seed: 5)
    let report = checkDerivatives(
      of: { inputs in
        var moved = batch
        (moved.positions, moved.velocities) = (inputs[0], inputs[1])
        return model(moved)
      }, at: [batch.positions, batch.velocities], order: 2, step: 1e-4, elements: 4, using: &generator)
    #expect(report.relativeError < 1e-5, "\(report)")
    let audit = ParameterAudit(of: model)
    #expect(audit.isClean, "\(audit)")
  }
}
