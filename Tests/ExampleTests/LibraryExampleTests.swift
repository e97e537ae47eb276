import Equivariant
import Foundation
import Testing

/// The examples of the libraries' own pages, one test a library.
@Suite struct LibraryExampleTests {
  @Test func groupTheory() throws {
    var generator = SystemRandomNumberGenerator()
    let group = SO3()
    let (a, b) = (group.randomElement(using: &generator), Rotation3(axis: SIMD3(0, 1, 0), angle: .pi / 2))
    let ab = group.product(a, b)
    let vector = ab * SIMD3(1, 2, 3)
    let representation = group.standard.directSum(group.trivial())
    let matrix = representation(ab)
    let laws = RepresentationLaws(representation, of: group, tolerance: 1e-14)
    let violations = laws.violations(at: group.randomElements(5, using: &generator))
    #expect(abs((vector * vector).sum() - 14) < 1e-13 && abs(matrix.determinant - 1) < 1e-14 && violations.isEmpty)

    let icosahedral = PointGroup.ih
    let names = icosahedral.irreps.map(\.description)
    let twist = SE3().logarithm(of: SE3().randomElement(using: &generator))
    let all = GroupLaws(icosahedral, tolerance: 0).violations(using: &generator)
    #expect(names.count == 10 && names.prefix(2) == ["Ag", "T1g"] && twist != nil && all.isEmpty)

    let hidden: Irreps<O3> = "16x0e + 8x1o + 4x2e"
    let product = hidden.tensorProduct(.sphericalHarmonics(upTo: 2))
    let block = CouplingCoefficients.wigner3j(1, 1, 2)
    #expect(product.dimension == hidden.dimension * 9 && block.entries.count == 11)
    #expect("\(Wigner3j(1, 1, 2, 0, 0, 0).exact)" == "√(2/15)")
    #expect(abs(SphericalQuadrature.lebedev(degree: 17).integral { _ in 1 } - 4 * .pi) < 1e-13)
  }

  @Test func equivariantLayers() {
    var generator = RandomSource(seed: 1)
    let gate = Gate<Double>(scalars: "16x0e", [.silu], gates: "12x0e", [.sigmoid], gated: "8x1o + 4x2e")
    let linear = EquivariantLinear<Double>("4x0e + 4x1o + 4x2e", to: gate.input, bias: true, using: &generator)
    let norm = EquivariantLayerNorm<Double>(gate.output)
    let x = IrrepsTensor<Double>(.normal([100, 36], using: &generator), irreps: linear.input)
    let y = norm(gate(linear(x)))
    #expect(y.irreps == "16x0e + 8x1o + 4x2e" && y.tensor.shape == [100, 60] && y[term: 1].shape == [100, 3, 8])
  }

  @Test func fourierTransforms() {
    var generator = RandomSource(seed: 1)
    let points = Tensor<Double>.normal([100, 3], using: &generator).asVariable()
    let harmonics = SphericalHarmonics(degrees: 0...4, normalization: .component)
    let values = harmonics(points)
    let slopes = gradient(of: values.squared().sum(), withRespectTo: points)
    #expect(values.shape == [100, 25] && slopes.shape == [100, 3])

    let rotation = SO3().randomElement(using: &generator)
    let quaternion = Tensor([rotation.w, rotation.x, rotation.y, rotation.z])
    let matrices = WignerMatrices(degrees: 0...4)(quaternion)
    let moved = Tensor.matmul(points.detached, matrices[1], transposingSecond: true)
    let second = Tensor.matmul(values.sliced(axis: 1, 4..<9), matrices[2], transposingSecond: true)
    let error = (harmonics(moved).sliced(axis: 1, 4..<9) - second).absolute().max().item
    #expect(error < 1e-14)

    let sphere = SphereTransform<Double>(degree: 8)
    let coefficients = Tensor<Double>.normal([10, 81], using: &generator)
    let signals = sphere.synthesis(coefficients)
    #expect(signals.shape == [10, 9, 17] && (sphere.analysis(signals) - coefficients).absolute().max().item < 1e-13)
    let wide = SphereTransform<Double>(degree: 8, grid: SphereGrid(productsOfDegree: 8))
    let squares = wide.analysis(wide.synthesis(coefficients).squared())
    #expect(squares.shape == [10, 81])
  }

  @Test func tensors() {
    var generator = RandomSource(seed: 1)
    let x = Tensor<Double>.normal([5, 3], using: &generator).asVariable()
    let energy = (x.expandingAxis(1) - x.expandingAxis(0)).squaredNorm().exp().sum()
    let forces = -gradient(of: energy, withRespectTo: x, keepingGraph: true)
    let stiffness = gradient(of: forces.squaredNorm().sum(), withRespectTo: x)
    #expect(forces.shape == [5, 3] && stiffness.shape == [5, 3])

    let a = Tensor<Double>.normal([4, 3, 2], using: &generator)
    let gram = Tensor.einsum("nij,nkj->nik", a, a)
    #expect(gram.shape == [4, 3, 3])
  }

  @Test func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "documentation-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let x = NumericArray([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    try NumericArchive.write([("x", x), ("label", NumericArray([0, 1]))], to: folder + "/data.npz", compression: .deflated)
    let archive = try NumericArchive(contentsOf: folder + "/data.npz")
    #expect(try archive.names == ["x", "label"] && archive.doubles("x") == [1, 2, 3, 4, 5, 6])

    do {
      _ = try archive.floats("y")
    } catch {
      #expect(error.kind == .notFound && error.path == archive.path)
    }
    var weights = SafetensorsFile(metadata: ["comment": "an example"])
    weights.append("x", x)
    try weights.write(to: folder + "/weights.safetensors")
    #expect(try SafetensorsFile(contentsOf: folder + "/weights.safetensors").doubles("x") == archive.doubles("x"))
  }

  @Test func messages() {
    let graph = Graph(nodeCount: 4, receivers: [2, 0, 1, 2], senders: [1, 1, 3, 0])
    let positions = Tensor<Float>([0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3], shape: [4, 3])
    let weights = Tensor<Float>([0.1, 0.2, 0.3, 0.4], shape: [4, 1])
    let w = graph.sorted(weights)
    let differences = positions.gathered(graph.receivers) - positions.gathered(graph.senders)
    let forces = (w * differences).scatterAdded(graph.receivers)
    let two = Graph.batch([graph, .complete(nodes: 3)])
    #expect(forces.shape == [4, 3] && two.nodeCount == 7 && two.edgeCount == 10)

    let cloud = Tensor<Float>([0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3], shape: [1, 4, 3])
    let nearest = Graph.nearestNeighbors(of: cloud, 2)
    #expect(nearest.senders.rows[0..<2] == [1, 2])
    let lists = NearestNeighbors(cloud.reshaped(4, 3)).within(2)
    #expect(lists[0].indices == [0, 1, 2] && lists[0].squaredDistances == [0, 1, 4])

    let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
    let bag = SubgraphBag(GraphBatch<Float>([ring]).graph, policy: .ego(hops: 1))
    #expect(bag.count == 6 && bag.subgraphs.graphSizes == [3, 3, 3, 3, 3, 3] && bag.nodes.rows[0..<3] == [0, 1, 5])
  }

  @Test func modules() {
    struct Residual: Layer {
      var network: MLP<Float>
      var scale: Tensor<Float>

      func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x + network(x) * scale }
      mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
        visitor("network", &network)
        visitor("scale", &scale)
      }
    }
    var generator = RandomSource(seed: 1)
    let model = Residual(network: MLP(widths: [8, 32, 8], activation: .gelu, using: &generator), scale: .ones([8]))
    let x = Tensor<Float>.normal([100, 8], using: &generator)
    let (value, gradient) = valueWithGradient(at: model) { $0(x).squared().mean() }
    #expect(model.parameterCount == 560 && model.namedTensors.map(\.path).last == "scale")
    #expect(value.item > 0 && gradient.norm > 0)
  }

  @Test func training() {
    var generator = RandomSource(seed: 1)
    let x = Tensor<Float>.normal([200, 2], using: &generator)
    let y = x.squaredNorm(keepingDimensions: true).tanh()
    var settings = Trainer<MLP<Float>>.Settings()
    settings.batchSize = 20
    settings.schedule = .cosine(warmUp: 10, total: 300)
    var trainer = Trainer(MLP(widths: [2, 32, 1], using: &generator), settings: settings, sampleCount: 200, seed: 2)
    var losses: [Double] = []
    while trainer.epoch < 30 {
      let end = trainer.runEpoch { model, samples in
        let rows = RowIndex(samples, rowCount: 200)
        return meanSquaredError(model(x.gathered(rows)), y.gathered(rows))
      }
      guard case .completed(let loss) = end else { break }
      losses.append(loss)
    }
    #expect(losses.count == 30 && losses[29] < 0.2 * losses[0])
    #expect(trainer.checkpoint().contains("optimizer.mean.0"))

    let end = trainer.runEpoch { model, samples, context in
      let rows = RowIndex(samples, rowCount: 200)
      let noise = Tensor<Float>.normal([samples.count, 2], standardDeviation: 0.01, using: &context.random)
      return meanSquaredError(model(x.gathered(rows) + noise), y.gathered(rows))
    }
    guard case .completed(let loss) = end else { Issue.record("\(end)"); return }
    #expect(loss < 0.2 * losses[0] && loss != losses[29] && trainer.skippedBatches == 0)
  }

  @Test func datasets() {
    let system = NBodySystem.gravity(bodies: 8)
    var generator = MersenneTwister(seed: 1)
    let states = (0..<16).map { _ in system.drawState(using: &generator) }
    let run = system.simulate(states, frames: [0, 10, 20], threads: 2)
    let (first, last) = (run.state(trajectory: 0, frameIndex: 0), run.state(trajectory: 0, frameIndex: 2))
    #expect(abs(system.energy(of: last) / system.energy(of: first) - 1) < 1e-3)

    let data = NBodyDataset.published(trainCount: 100, validCount: 20, testCount: 20)
    let (x, v) = (data.train.positions0, data.train.velocities0)
    #expect(x.count == 100 * 5 * 3 && v.count == x.count)

    let shapes = PointCloudDataset.primitives(train: 4, test: 1, points: 256, seed: 1)
    #expect(shapes.labels.count == 12 && shapes.train.count == 48 && shapes.test[2].name == "torus")
    var source = RandomSource(seed: 7)
    let mug = CompositeShape.mug.sampled(512, using: &source)
    #expect(Set(mug.parts.map { CompositeShape.allParts[$0] }) == ["mug body", "mug handle"])
  }

  @Test func testing() {
    var generator = RandomSource(seed: 1)
    func map(_ x: Tensor<Double>) -> Tensor<Double> {
      let d = x - x.mean(axis: 0, keepingDimensions: true)
      return x - d * d.squaredNorm(keepingDimensions: true).tanh()
    }
    let report = measureEquivariance(
      of: map, under: E3(), input: .points, output: .points, at: [.normal([7, 3], using: &generator)],
      special: E3().specialElements, using: &generator)
    #expect(Tolerance.Exact(ulps: 100).admits(report, in: Double.self), "\(report)")
    let derivatives = checkDerivatives(of: { map($0[0]) }, at: [.normal([7, 3], using: &generator)], order: 2, using: &generator)
    #expect(derivatives.relativeError < 1e-8, "\(derivatives)")
  }

  @Test func models() {
    var generator = RandomSource(seed: 1)
    let graph = Graph.complete(graphs: 2, nodes: 5)
    let velocities = Tensor<Float>.normal([10, 3], using: &generator)
    let batch = ParticleBatch(
      positions: .normal([10, 3], using: &generator), velocities: velocities, features: velocities.norm(keepingDimensions: true),
      edgeFeatures: .ones([graph.edgeCount, 1]), graph: graph)
    let model = EGNN<Float>(.init(hidden: 32, layers: 3, predictsVelocities: true), using: &generator)
    let (x, v) = model.phaseSpace(batch)
    let twin = GNN<Float>(.init(hidden: 32, layers: 3), using: &generator)
    #expect(x.shape == [10, 3] && v.shape == x.shape && twin(batch).shape == x.shape)
  }

  @Test func frameAveraging() {
    var generator = RandomSource(seed: 1)
    let plain = MLP<Float>(widths: [6, 64, 3], using: &generator)
    let model = FrameAveraging(plain, over: PCAFrame(.e(3)), input: [.points(), .vectors()], output: [.points()], trainingElements: 1)
    let x = Tensor<Float>.normal([32, 10, 6], using: &generator)
    let moved = model(x)
    var pass = ForwardPass<Float>.training(using: generator)
    let quick = model(x, &pass)
    #expect(moved.shape == [32, 10, 3] && quick.shape == [32, 10, 3])
  }
}
