import DifferentiableTensors
import EquivarianceTesting
import EquivariantModels
import EquivariantTraining
import FileFormats
import Foundation
import GroupTheory
import MessagePassing
import NeuralModules
import Testing

/// The published network's numbers (see References/README.md), its symmetries and derivatives.
@Suite struct EGNNTests {
  typealias Output<Scalar: TensorScalar> = (positions: Tensor<Scalar>, features: Tensor<Scalar>)

  static func reference(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name)").path
  }

  /// The network with the published weights; the coordinate branch matters in it, as it does not in a fresh one.
  static func model<Scalar: TensorScalar>(
    _: Scalar.Type = Scalar.self, clamp: EGNN<Scalar>.ShiftClamp = .norm
  ) throws -> EGNN<Scalar> {
    var generator = RandomSource(seed: 1)
    var model = EGNN<Scalar>(EGNNConfiguration(hidden: 16, layers: 3, clamp: clamp), using: &generator)
    try model.load(from: SafetensorsFile(contentsOf: reference("egnn_vel_small.safetensors")))
    return model
  }

  /// The published input, four graphs of five bodies, and the expected positions.
  static func published() throws -> (batch: ParticleBatch<Double>, output: Tensor<Double>) {
    let archive = try NumericArchive(contentsOf: reference("egnn_vel_small.npz"))
    let graph = Graph(nodeCount: 20, receivers: try archive.ints("rows"), senders: try archive.ints("cols"))
    let edges = Tensor<Double>(try archive.doubles("edge_attr"), shape: [80, 2])
    let batch = ParticleBatch(
      positions: Tensor(try archive.doubles("loc"), shape: [20, 3]), velocities: Tensor(try archive.doubles("vel"), shape: [20, 3]),
      features: Tensor(try archive.doubles("h"), shape: [20, 1]),
      edgeFeatures: graph.sorted(edges.sliced(axis: 1, 0..<1)), graph: graph)
    return (batch, Tensor(try archive.doubles("out"), shape: [20, 3]))
  }

  /// One graph of five bodies.
  static func system<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self, seed: UInt64 = 2, size: Double = 1) -> ParticleBatch<Scalar> {
    var generator = RandomSource(seed: seed)
    let graph = Graph.complete(nodes: 5)
    return ParticleBatch(
      positions: .normal([5, 3], standardDeviation: size, using: &generator), velocities: .normal([5, 3], using: &generator),
      features: .normal([5, 1], using: &generator), edgeFeatures: .normal([20, 1], using: &generator), graph: graph)
  }

  @Test func publishedNumbers() throws {
    let (batch, expected) = try Self.published()
    let error = (try Self.model()(batch) - expected).absolute().max().item
    #expect(error < 1e-13, "\(error)")
    #expect((expected - batch.positions).absolute().max().item > 0.1)
    let single = ParticleBatch<Float>(
      positions: batch.positions.converted(to: Float.self), velocities: batch.velocities.converted(to: Float.self),
      features: batch.features.converted(to: Float.self), edgeFeatures: batch.edgeFeatures.converted(to: Float.self), graph: batch.graph)
    let rounded = (try Self.model(Float.self)(single).converted(to: Double.self) - expected).absolute().max().item
    #expect(rounded < 1e-6, "\(rounded)")
  }

  func symmetries<Scalar: TensorScalar>(_: Scalar.Type, bound: Double) throws {
    let model: EGNN<Scalar> = try Self.model()
    let inputs = [Self.system(Scalar.self), Self.system(Scalar.self, seed: 3)]
    var generator = RandomSource(seed: 4)
    let motions = measureEquivariance(
      of: model.features, under: E3(), input: .particles(),
      output: .on(\Output<Scalar>.positions, by: .points, named: "positions").on(\.features, by: .invariant, named: "features"),
      at: inputs, special: E3().specialElements, using: &generator)
    #expect(motions.relativeError < bound, "\(motions)")
    let permutations = measureEquivariance(
      of: model.features, under: SymmetricGroup(5), input: .particles(),
      output: .on(\Output<Scalar>.positions, by: .permutingRows, named: "positions").on(\.features, by: .permutingRows, named: "features"),
      at: inputs, special: SymmetricGroup(5).specialElements, using: &generator)
    #expect(permutations.relativeError < bound, "\(permutations)")
    let gradients = measureGradientEquivariance(
      of: model.callAsFunction, under: E3(), input: .particles(), output: .points, at: [inputs[0]], using: &generator)
    #expect(gradients.relativeError < bound, "\(gradients)")
    let permutedGradients = measureGradientEquivariance(
      of: model.callAsFunction, under: SymmetricGroup(5), input: .particles(), output: .permutingRows, at: [inputs[0]], using: &generator)
    #expect(permutedGradients.relativeError < bound, "\(permutedGradients)")
  }

  @Test func symmetriesInDouble() throws { try symmetries(Double.self, bound: 1e-13) }
  @Test func symmetriesInFloat() throws { try symmetries(Float.self, bound: 1e-5) }

  /// The authors' clamp acts on components: where it acts, the network is no longer equivariant.
  @Test func clampBreaksRotations() throws {
    let model: EGNN<Double> = try Self.model(clamp: .component)
    var generator = RandomSource(seed: 5)
    let report = measureEquivariance(
      of: model.callAsFunction, under: E3(), input: .particles(), output: .points, at: [Self.system(size: 1000)], elements: 20,
      using: &generator)
    #expect(report.relativeError > 1e-3, "\(report)")
  }

  /// The clamp of the norm commutes with them, at all sizes; its derivatives exist.
  @Test(arguments: [1, 30, 100, 1000, 1e4]) func clampOfTheNorm(size: Double) throws {
    let model: EGNN<Double> = try Self.model()
    let system = Self.system(Double.self, size: size)
    var generator = RandomSource(seed: 5)
    let report = measureEquivariance(
      of: model.callAsFunction, under: E3(), input: .particles(), output: .points, at: [system], elements: 20, using: &generator)
    #expect(report.isExact(.network), "\(report)")
    let gradients = measureGradientEquivariance(
      of: model.callAsFunction, under: E3(), input: .particles(), output: .points, at: [system], using: &generator)
    #expect(gradients.relativeError < 1e-11, "\(gradients)")
    // Where it does not act it is that of the authors, to the last bit; at large sizes it does act.
    let authors: EGNN<Double> = try Self.model(clamp: .component)
    #expect((model(system) == authors(system)) == (size < 30))
  }

  /// Configurations of before there was a choice have the authors' clamp; new ones that of the norm, and keep it.
  @Test func storedClamps() throws {
    let old = Data(#"{"nodeFeatures": 1, "edgeFeatures": 1, "hidden": 8, "layers": 2, "predictsVelocities": false}"#.utf8)
    #expect(try JSONDecoder().decode(EGNN<Float>.Configuration.self, from: old).clamp == .component)
    let new = EGNN<Float>.Configuration()
    #expect(new.clamp == .norm)
    #expect(try JSONDecoder().decode(EGNN<Float>.Configuration.self, from: JSONEncoder().encode(new)) == new)
  }

  @Test func derivatives() throws {
    let model: EGNN<Double> = try Self.model()
    let batch = Self.system(Double.self)
    var generator = RandomSource(seed: 6)
    let report = checkDerivatives(
      of: { x in
        var moved = batch
        moved.positions = x[0]
        moved.velocities = x[1]
        return model(moved)
      }, at: [batch.positions, batch.velocities], order: 2, elements: 8, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }

  @Test func parameters() throws {
    let model: EGNN<Double> = try Self.model()
    #expect(ParameterAudit(of: model).isClean)
    #expect(Set(model.namedTensors.map(\.path)) == Set(try SafetensorsFile(contentsOf: Self.reference("egnn_vel_small.safetensors")).names))
    let batch = Self.system(Double.self)
    let (_, gradient) = valueWithGradient(at: model) { $0(batch).squared().mean() }
    // The last layer's node network moves no positions; everything else does.
    for (named, g) in zip(model.namedTensors, gradient.tensors) {
      #expect((g.absolute().max().item == 0) == named.path.hasPrefix("gcl_2.node_mlp."), "\(named.path)")
    }
  }

  /// Relabelling keeps the order of the edges of a node; here that changes too.
  @Test func orderOfEdgesDoesNotMatter() throws {
    let model: EGNN<Double> = try Self.model()
    let batch = Self.system(Double.self)
    var generator = RandomSource(seed: 9)
    for _ in 0..<20 {
      let order = generator.permutation(20)
      let (receivers, senders) = (batch.graph.receivers.rows, batch.graph.senders.rows)
      let graph = Graph(nodeCount: 5, receivers: order.map { Int(receivers[$0]) }, senders: order.map { Int(senders[$0]) })
      let edges = batch.edgeFeatures.gathered(RowIndex(graph.order.map { order[$0] }, rowCount: 20))
      let shuffled = ParticleBatch(
        positions: batch.positions, velocities: batch.velocities, features: batch.features, edgeFeatures: edges, graph: graph)
      #expect((model(shuffled) - model(batch)).absolute().max().item < 1e-14)
    }
  }

  @Test func batchOfGraphsEqualsSingleGraphs() throws {
    let model: EGNN<Double> = try Self.model()
    let parts = [Self.system(Double.self, seed: 7), Self.system(Double.self, seed: 8)]
    let both = ParticleBatch(
      positions: .concatenated(parts.map(\.positions), axis: 0), velocities: .concatenated(parts.map(\.velocities), axis: 0),
      features: .concatenated(parts.map(\.features), axis: 0), edgeFeatures: .concatenated(parts.map(\.edgeFeatures), axis: 0),
      graph: .batch(parts.map(\.graph)))
    let difference = model(both) - Tensor.concatenated(parts.map { model($0) }, axis: 0)
    #expect(difference.absolute().max().item < 1e-13)
  }
}
