import Equivariant
import Foundation
import Testing

/// The code of the articles of the documentation, in their order.
@Suite struct DocumentationTests {
  /// Equivariant.md
  @Test func landing() {
    var generator = RandomSource(seed: 1)
    let model = EGNN<Double>(.init(hidden: 16, layers: 2), using: &generator)
    let graph = Graph.complete(nodes: 5)
    let particles = ParticleBatch<Double>(
      positions: .normal([5, 3], using: &generator), velocities: .normal([5, 3], using: &generator),
      features: .ones([5, 1]), edgeFeatures: .ones([graph.edgeCount, 1]), graph: graph)
    let motions = Action<RigidMotion, ParticleBatch<Double>>.on(\.positions, by: .points).on(\.velocities, by: .vectors)
    let report = measureEquivariance(
      of: model.callAsFunction, under: E3(), input: motions, output: .points, at: [particles], using: &generator)
    #expect(report.relativeError < 1e-13, "\(report)")
  }

  // MARK: AddingAGroup.md

  /// Cₙ: shifts of n places on a circle, named by the number of places 0 ..< n.
  struct ShiftGroup: Group, SpecialElements {
    let n: Int
    var identity: Int { 0 }
    func product(_ a: Int, _ b: Int) -> Int { (a + b) % n }
    func inverse(of a: Int) -> Int { (n - a) % n }
    func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<n, using: &generator) }
    var specialElements: [Int] { Array(0..<n) }
  }

  /// Cyclic shifts of n places: ρ(k) eⱼ = eⱼ₊ₖ.
  struct ShiftRepresentation: Representation {
    let dimension: Int
    func callAsFunction(_ k: Int) -> Matrix<Double> {
      var matrix = Matrix<Double>(zeros: dimension, dimension)
      for j in 0..<dimension { matrix[(j + k) % dimension, j] = 1 }
      return matrix
    }
  }

  /// yᵢ = Σⱼ wⱼ xᵢ₋ⱼ over the first axis, places counted modulo n: w [n], x [n, channels].
  static func circularConvolution(_ w: Tensor<Double>, _ x: Tensor<Double>) -> Tensor<Double> {
    let n = w.count
    let places = (0..<n).flatMap { i in (0..<n).map { k in (i - k + n) % n } }
    return .matmul(w.gathered(RowIndex(places, rowCount: n)).reshaped(n, n), x)
  }

  @Test func addingAGroup() {
    let group = ShiftGroup(n: 8)
    let laws = GroupLaws(group, tolerance: 0, defect: { (0..<8).contains($0) ? 0 : 1 }, distance: { $0 == $1 ? 0 : 1 })
    #expect(laws.violations(at: group.specialElements).isEmpty)
    let plane = FunctionRepresentation<Int>(dimension: 2) { k in
      let angle = 2 * Double.pi * Double(k) / 8
      return Matrix([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    }
    let shift = ShiftRepresentation(dimension: 8)
    #expect(RepresentationLaws(plane, of: group, tolerance: 1e-14).violations(at: group.specialElements).isEmpty)
    #expect(RepresentationLaws(shift, of: group, tolerance: 0).violations(at: group.specialElements).isEmpty)
    let wrong = FunctionRepresentation<Int>(dimension: 1) { Matrix([[$0 == 0 ? 1.0 : -1.0]]) }
    #expect(RepresentationLaws(wrong, of: group, tolerance: 1e-14).violations(at: group.specialElements).map(\.law) == [.homomorphism])

    var generator = RandomSource(seed: 1)
    let (weights, x) = (Tensor<Double>.normal([8], using: &generator), Tensor<Double>.normal([8, 3], using: &generator))
    func error(of map: (Tensor<Double>) -> Tensor<Double>) -> Double {
      measureEquivariance(
        of: map, under: group, input: .rows(by: shift, axis: 0), output: .rows(by: shift, axis: 0), at: [x], elements: 0,
        special: group.specialElements, using: &generator
      ).relativeError
    }
    #expect(error { Self.circularConvolution(weights, $0).silu() } < 1e-14)
    #expect(error { $0 * weights.reshaped(8, 1) } > 0.1)

    let turns = Action<OrthogonalElement, Tensor<Double>>.vectors.along { (k: Int) in
      OrthogonalElement(Rotation3(axis: SIMD3(0, 1, 0), angle: 2 * .pi * Double(k) / 8))
    }
    let report = measureEquivariance(
      of: { $0 * Tensor<Double>([2, 3, 2]) }, under: group, input: turns, output: turns, at: [x], using: &generator)
    #expect(report.relativeError < 1e-14, "\(report)")
  }

  // MARK: AddingALayer.md

  /// y = z σ(s |z|² + b), z = W x, for vectors x [..., 3, in] to y [..., 3, out]; |z|² is over the three components of each channel.
  struct GatedVectors<Scalar: TensorScalar>: Layer {
    /// W, without a bias: a constant vector would not rotate.
    var mixing: Linear<Scalar>
    /// s and b, [out] each.
    var scale, bias: Tensor<Scalar>

    init(_ inputs: Int, _ outputs: Int, using generator: inout some RandomNumberGenerator) {
      mixing = Linear(inputs, outputs, bias: false, using: &generator)
      scale = .ones([outputs])
      bias = .zeros([outputs])
    }
    func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
      let z = mixing(x)
      return z * (z.squaredNorm(axis: -2, keepingDimensions: true) * scale + bias).sigmoid()
    }
    mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
      visitor("mixing", &mixing)
      visitor("scale", &scale)
      visitor("bias", &bias)
    }
  }

  @Test func addingALayer() {
    var generator = RandomSource(seed: 2)
    var layer = GatedVectors<Double>(4, 6, using: &generator)
    let x = Tensor<Double>.normal([10, 3, 4], using: &generator)
    #expect(layer.namedTensors.map(\.path) == ["mixing.weight", "scale", "bias"])
    #expect(ParameterAudit(of: layer).isClean, "\(ParameterAudit(of: layer))")
    let vectors = Action<OrthogonalElement, Tensor<Double>>.rows(by: O3().standard, axis: -2)
    let report = measureEquivariance(
      of: layer.callAsFunction, under: O3(), input: vectors, output: vectors, at: [x], special: O3().specialElements, using: &generator)
    #expect(Tolerance.Exact(ulps: 100).admits(report, in: Double.self), "\(report)")
    let derivatives = checkDerivatives(
      of: { [layer] inputs in
        var moved = layer
        (moved.mixing.weight, moved.scale, moved.bias) = (inputs[1], inputs[2], inputs[3])
        return moved(inputs[0])
      }, at: [x, layer.mixing.weight, layer.scale, layer.bias], order: 2, using: &generator)
    #expect(derivatives.relativeError < 1e-7, "\(derivatives)")

    let target = Tensor<Double>.normal([10, 3, 6], using: &generator)
    var optimizer = Adam(for: layer, settings: .init(rate: 0.01))
    var losses: [Double] = []
    for _ in 0..<20 {
      let (loss, gradient) = valueWithGradient(at: layer) { meanSquaredError($0(x), target) }
      optimizer.update(&layer, along: gradient)
      losses.append(loss.item)
    }
    #expect(losses.last! < losses[0])
  }

  /// a × b over the innermost axis, of size 3: bilinear, and its vector-Jacobian products are cross products again.
  static func cross<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    Tensor.operation([a, b], value: crossValue(a, b)) { _, g in [cross(b, g), cross(g, a)] }
  }

  static func crossValue<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(a.shape == b.shape && a.shape[-1] == 3, "two tensors [..., 3] of one shape are expected, received \(a.shape), \(b.shape)")
    return Tensor(shape: a.shape) { out in
      a.withElements { a in
        b.withElements { b in
          for i in stride(from: 0, to: a.count, by: 3) {
            out[i] = a[i + 1] * b[i + 2] - a[i + 2] * b[i + 1]
            out[i + 1] = a[i + 2] * b[i] - a[i] * b[i + 2]
            out[i + 2] = a[i] * b[i + 1] - a[i + 1] * b[i]
          }
        }
      }
    }
  }

  @Test func addingAnOperation() {
    var generator = RandomSource(seed: 3)
    let (a, b) = (Tensor<Double>.normal([5, 3], using: &generator), Tensor<Double>.normal([5, 3], using: &generator))
    let right = checkDerivatives(of: { Self.cross($0[0], $0[1]) }, at: [a, b], order: 2, using: &generator)
    #expect(right.relativeError < 1e-7, "\(right)")
    let wrong = checkDerivatives(
      of: { x in .operation(x, value: Self.crossValue(x[0], x[1])) { _, g in [Self.crossValue(x[1], g), Self.crossValue(g, x[0])] } },
      at: [a, b], order: 2, using: &generator)
    #expect(wrong.relativeErrors[0] < 1e-7 && wrong.relativeErrors[1] > 0.1, "\(wrong)")

    let pairs = Action<OrthogonalElement, (Tensor<Double>, Tensor<Double>)>.on(\.0, by: .vectors, named: "a").on(
      \.1, by: .vectors, named: "b")
    func error(_ output: Action<OrthogonalElement, Tensor<Double>>) -> Double {
      measureEquivariance(of: { Self.cross($0.0, $0.1) }, under: O3(), input: pairs, output: output, at: [(a, b)], using: &generator)
        .relativeError
    }
    #expect(error(.rows(by: O3().pseudovector)) < 1e-14 && error(.vectors) > 0.1)
  }

  /// Tolerances.md: the mean of |x · eₖ| over n directions of a plane.
  @Test func tolerances() {
    var generator = RandomSource(seed: 4)
    let halfStep = { (n: Int) in Rotation3(axis: SIMD3(0, 0, 1), angle: .pi / Double(n)) }
    let study = ResolutionStudy(resolutions: [8, 16, 32, 64]) { n in
      let angles = Tensor<Double>((0..<n).map { 2 * .pi * Double($0) / Double(n) })
      let directions = Tensor.stacked([angles.cos(), angles.sin(), .zeros([n])], axis: 1)
      return measureEquivariance(
        of: { Tensor.matmul($0, directions, transposingSecond: true).absolute().mean(axis: -1) }, under: SO3(), input: .vectors,
        output: .invariant, at: [Tensor([1, 0, 0], shape: [1, 3])], elements: 0, special: [halfStep(n)], using: &generator
      ).relativeError
    }
    #expect(Tolerance.Discretised(order: 1.9, finest: 2e-3).admits(study), "\(study)")
  }

  /// Engine.md: a force is a gradient, and a loss of forces goes through it.
  @Test func forces() {
    var generator = RandomSource(seed: 5)
    let network = MLP<Double>(widths: [1, 16, 1], using: &generator)
    let (positions, target) = (Tensor<Double>.normal([4, 3], using: &generator), Tensor<Double>.zeros([4, 3]))
    let (loss, gradient) = valueWithGradient(at: network) { network in
      let x = positions.asVariable()
      let distances = (x.expandingAxis(1) - x.expandingAxis(0)).squaredNorm(keepingDimensions: true)
      let energy = network(distances).sum()
      let forces = -DifferentiableTensors.gradient(of: energy, withRespectTo: x, keepingGraph: true)
      return meanSquaredError(forces, target)
    }
    #expect(loss.item > 0 && gradient.tensors.count == 4 && gradient.norm > 0)
  }

  /// Conventions.md: the values to compare with.
  @Test func conventions() throws {
    let third = SphericalHarmonics(degrees: 3...3, normalization: .component)(SIMD3(1, 2, 3))
    let second = WignerD.real(degree: 2, of: Rotation3(alpha: 0.1, beta: 0.2, gamma: 0.3))
    #expect(zip(third, [1.038174418125, 1.173691194654, 0.185576872240]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(second.elements, [0.682796674082, 0.174581244436, 0.006790834062]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect("\(RealWigner3j(1, 1, 1, -1, 0, 1).exact)" == "√(1/6)")
    #expect(try Irreps<O3>(parsing: "2x1o + 3x1o").simplified == "5x1o")

    let convention = HarmonicConvention.sphericart
    let change = convention.matrix(degree: 2).real * WignerD.real(degree: 2, of: convention.axes)
    #expect(abs((change * SphericalHarmonics(degrees: 2...2)(SIMD3(1, 2, 3)))[2] - 0.2928636) < 1e-7)
  }

  // MARK: LearningTheNBodyProblem.md

  /// Samples of a split as one batch: `samples.count` complete graphs.
  static func batch(_ split: NBodySplit<Float>, _ samples: [Int]) -> (input: ParticleBatch<Float>, target: Tensor<Float>) {
    let n = split.bodies
    func rows(_ values: [Float], _ width: Int) -> Tensor<Float> {
      Tensor(samples.flatMap { values[$0 * n * width..<($0 + 1) * n * width] }, shape: [samples.count * n, width])
    }
    let graph = Graph.complete(graphs: samples.count, nodes: n)
    let (charges, velocities) = (rows(split.charges, 1), rows(split.velocities0, 3))
    let input = ParticleBatch(
      positions: rows(split.positions0, 3), velocities: velocities, features: velocities.norm(keepingDimensions: true),
      edgeFeatures: charges.gathered(graph.receivers) * charges.gathered(graph.senders), graph: graph)
    return (input, rows(split.positions1, 3))
  }

  @Test func nbody() throws {
    let data = NBodyDataset.generate(
      .charged(), drawn: (100, 20, 20), kept: (100, 20, 20), inputFrame: 30, targetFrame: 40, seed: 43
    ).rounded
    var settings = Trainer<EGNN<Float>>.Settings()
    settings.batchSize = 20
    settings.optimizer = .init(rate: 1e-3, l2: 1e-12)
    settings.schedule = .cosine(warmUp: 10, total: 50)
    settings.averageDecay = 0.9
    func start() -> Trainer<EGNN<Float>> {
      var generator = RandomSource(seed: 1)
      let model = EGNN<Float>(.init(hidden: 16, layers: 2), using: &generator)
      return Trainer(model, settings: settings, sampleCount: data.train.count, seed: 2)
    }
    func loss(_ model: EGNN<Float>, _ samples: [Int]) -> Tensor<Float> {
      let (input, target) = Self.batch(data.train, samples)
      return meanSquaredError(model(input), target)
    }
    func validationError(_ model: EGNN<Float>) -> Float {
      let (input, target) = Self.batch(data.valid, Array(0..<data.valid.count))
      return withoutRecording { meanSquaredError(model(input), target).item }
    }

    var trainer = start()
    let before = validationError(trainer.averaged)
    for _ in 0..<5 {
      guard case .completed = trainer.runEpoch(loss: loss) else { return #expect(Bool(false), "diverged") }
    }
    #expect(validationError(trainer.averaged) < before)

    let path = FileManager.default.temporaryDirectory.appending(path: "documentation-\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try trainer.checkpoint(metadata: ["note": "charged, 5 bodies"]).write(to: path)
    var resumed = start()
    try resumed.restore(from: SafetensorsFile(contentsOf: path))
    #expect(resumed.runEpoch(loss: loss) == trainer.runEpoch(loss: loss))
    #expect(zip(resumed.model.namedTensors, trainer.model.namedTensors).allSatisfy { $0.tensor == $1.tensor })

    var file = SafetensorsFile()
    trainer.averaged.store(in: &file)
    try file.write(to: path)
    var model = start().model
    try model.load(from: SafetensorsFile(contentsOf: path))
    #expect(validationError(model) == validationError(trainer.averaged))
  }

  /// PositionOrientationNetworks.md
  @Test func positionOrientationNetworks() {
    var generator = RandomSource(seed: 1)
    var configuration = PONITA<Float>.Configuration()
    (configuration.hidden, configuration.basis, configuration.layers) = (32, 32, 3)
    (configuration.scalars, configuration.vectors, configuration.vectorOutputs) = (1, 1, 1)
    let batch = GeometricBatch<Float>(
      positions: .normal([10, 3], using: &generator), scalars: .ones([10, 1]), vectors: .normal([10, 1, 3], using: &generator),
      graph: .complete(graphs: 2, nodes: 5))
    let model = PONITA<Float>(configuration, using: &generator).calibrated(on: batch)
    #expect(model(batch).vectors.shape == [10, 1, 3])
  }

  /// SubgraphNetworks.md
  @Test func subgraphNetworks() {
    var generator = RandomSource(seed: 1)
    let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
    let batch = GraphBatch<Double>([ring, ring.relabelled([3, 1, 4, 0, 5, 2])])
    var configuration = SPENConfiguration()
    configuration.hidden = [8, 8]
    configuration.head = [16, 2]
    let model = SPEN<Double>(configuration, using: &generator)
    let space = SubgraphSpace(batch.graph, policy: configuration.policy)
    #expect(space.bag.count == 12 && space.rowCount(order: 2) == 108 && space.hostPairs.count == 60)
    let outputs = model(batch)
    #expect(outputs.shape == [2, 2])
    #expect((outputs.selected(axis: 0, 0) - outputs.selected(axis: 0, 1)).absolute().max().item < 1e-13)
  }

  /// GraphSeparation.md
  @Test func graphSeparation() throws {
    var generator = RandomSource(seed: 1)
    let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
    let triangles = SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    let batch = GraphBatch<Float>([ring, triangles, ring.relabelled([3, 1, 4, 0, 5, 2])])
    let frames = try batch.frames(SpectralFrame())
    let model = GraphFrameAveraging(GIN<Float>(.init(identities: 6), using: &generator))
    let outputs = model(try FramedGraphBatch(batch, over: frames))
    #expect(frames.map(\.count) == [12, 72, 12] && outputs.shape == [3, 10])
    let rows = (0..<3).map { outputs.selected(axis: 0, $0) }
    #expect(rows[0] == rows[2] && (rows[0] - rows[1]).absolute().sum().item > 1e-3)
  }
}
