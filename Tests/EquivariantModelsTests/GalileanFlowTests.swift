import Equivariant
import Testing

/// Symmetries of learned maps of phase space, what they keep, and their derivatives.
@Suite struct GalileanFlowTests {
  typealias State<Scalar: TensorScalar> = (positions: Tensor<Scalar>, velocities: Tensor<Scalar>)

  static func model<Scalar: TensorScalar>(
    _: Scalar.Type = Scalar.self, nodeFeatures: Int = 4, sharesWeights: Bool = false
  ) -> GalileanFlow<Scalar> {
    var generator = RandomSource(seed: 1)
    var model = GalileanFlow<Scalar>(
      .init(hidden: 12, nodeFeatures: nodeFeatures, steps: 3, sharesWeights: sharesWeights, time: 0.7), using: &generator)
    // Away from the small first steps.
    model.forEachTensor { _, _, tensor in tensor = tensor * 2 }
    return model
  }

  /// Two systems of five particles with equal features on both edges of a pair.
  static func systems<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) -> ParticleBatch<Scalar> {
    var generator = RandomSource(seed: 2)
    let graph = Graph.complete(graphs: 2, nodes: 5)
    let charges = (0..<10).map { _ in generator.uniform() < 0.5 ? -1.0 : 1.0 }
    let products = zip(graph.receivers.rows, graph.senders.rows).map { Scalar(charges[Int($0)] * charges[Int($1)]) }
    return ParticleBatch(
      positions: .normal([10, 3], using: &generator), velocities: .normal([10, 3], using: &generator), features: .zeros([10, 0]),
      edgeFeatures: Tensor(products, shape: [40, 1]), graph: graph)
  }

  func galilean<Scalar: TensorScalar>(_: Scalar.Type, bound: Double) {
    let model: GalileanFlow<Scalar> = Self.model()
    var generator = RandomSource(seed: 3)
    let batch: ParticleBatch<Scalar> = Self.systems()
    let motions = measureEquivariance(
      of: model.phaseSpace, under: E3(), input: .on(\.positions, by: .points).on(\.velocities, by: .vectors),
      output: .on(\State<Scalar>.positions, by: .points, named: "positions").on(\.velocities, by: .vectors, named: "velocities"),
      at: [batch], special: E3().specialElements, using: &generator)
    #expect(motions.relativeError < bound, "\(motions)")
    // A uniform motion u adds u to velocities, and u times the time to the positions predicted.
    let faster = Action<[Double], Tensor<Scalar>>(on: [TensorField("", \.self)]) { u, v in v + Tensor(u.map { Scalar($0) }) }
    let carried = Action<[Double], Tensor<Scalar>>(on: [TensorField("", \.self)]) { u, x in x + Tensor(u.map { Scalar(0.7 * $0) }) }
    let boosts = measureEquivariance(
      of: model.phaseSpace, under: Translations(3), input: .on(\.velocities, by: faster),
      output: .on(\State<Scalar>.positions, by: carried, named: "positions").on(\.velocities, by: faster, named: "velocities"),
      at: [batch], using: &generator)
    #expect(boosts.relativeError < bound, "\(boosts)")
  }

  @Test func galileanInDouble() { galilean(Double.self, bound: 1e-13) }
  @Test func galileanInFloat() { galilean(Float.self, bound: 1e-5) }

  @Test func permutations() {
    let model: GalileanFlow<Double> = Self.model()
    var generator = RandomSource(seed: 4)
    let batch: ParticleBatch<Double> = Self.systems()
    let images = generator.permutation(5) + generator.permutation(5).map { $0 + 5 }
    let expected = model(batch).scatterAdded(RowIndex(images, rowCount: 10))
    #expect((model(batch.relabelled(images)) - expected).absolute().max().item < 1e-13)
  }

  /// The centre of mass goes on as it did: the kicks of a pair have no sum.
  @Test(arguments: [0, 4]) func momentumIsKept(nodeFeatures: Int) {
    let model: GalileanFlow<Double> = Self.model(nodeFeatures: nodeFeatures)
    let batch: ParticleBatch<Double> = Self.systems()
    let (x, v) = model.phaseSpace(batch)
    let graphs = RowIndex((0..<10).map { $0 / 5 }, rowCount: 2)
    let moved = batch.positions + batch.velocities * 0.7
    #expect((v - batch.velocities).scatterAdded(graphs).absolute().max().item < 1e-13)
    #expect((x - moved).scatterAdded(graphs).absolute().max().item < 1e-13)
    #expect((v - batch.velocities).absolute().max().item > 0.1)
  }

  /// The kicks of one step are a sum over pairs, each of two bodies alone; after more steps they are not.
  @Test(arguments: [(1, true), (2, false)]) func kicksOfOneStepAdd(steps: Int, adds: Bool) {
    let batch: ParticleBatch<Double> = Self.systems()
    var generator = RandomSource(seed: 5)
    let model = GalileanFlow<Double>(.init(hidden: 12, nodeFeatures: 4, steps: steps), using: &generator)
    func kicks(_ bodies: [Int]) -> Tensor<Double> {
      let graph = Graph.complete(nodes: bodies.count)
      let rows = RowIndex(bodies, rowCount: 10)
      let part = ParticleBatch(
        positions: batch.positions.gathered(rows), velocities: batch.velocities.gathered(rows), features: .zeros([bodies.count, 0]),
        edgeFeatures: .ones([graph.edgeCount, 1]), graph: graph)
      return (model.phaseSpace(part).velocities - part.velocities).sliced(axis: 0, 0..<1)
    }
    let error = (kicks([0, 1, 2]) - kicks([0, 1]) - kicks([0, 2])).absolute().max().item
    #expect((error < 1e-13) == adds, "\(error)")
  }

  @Test func derivatives() {
    let model: GalileanFlow<Double> = Self.model()
    let batch: ParticleBatch<Double> = Self.systems()
    var generator = RandomSource(seed: 6)
    let report = checkDerivatives(
      of: { x in
        var moved = batch
        (moved.positions, moved.velocities) = (x[0], x[1])
        return model(moved)
      }, at: [batch.positions, batch.velocities], order: 2, elements: 8, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }

  @Test(arguments: [true, false]) func parameters(sharesWeights: Bool) {
    let model: GalileanFlow<Double> = Self.model(sharesWeights: sharesWeights)
    #expect(ParameterAudit(of: model).isClean)
    #expect(model.namedTensors.filter { $0.path.hasSuffix("pair.0.weight") }.count == (sharesWeights ? 1 : 3))
    // Every parameter matters to the positions.
    let batch: ParticleBatch<Double> = Self.systems()
    let (_, gradient) = valueWithGradient(at: model) { $0(batch).squared().mean() }
    for (named, g) in zip(model.namedTensors, gradient.tensors) { #expect(g.absolute().max().item > 0, "\(named.path)") }
  }
}
