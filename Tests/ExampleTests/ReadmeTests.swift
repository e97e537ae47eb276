import Equivariant
import Testing

/// The code of the README.
@Suite struct ReadmeTests {
  @Test func firstExample() {
    var generator = RandomSource(seed: 1)
    let model = EGNN<Double>(using: &generator)
    let graph = Graph.complete(nodes: 5)
    let charges = Tensor<Double>.ones([graph.edgeCount, 1])

    func predict(_ x: Tensor<Double>) -> Tensor<Double> {
      let still = Tensor<Double>.zeros([5, 3])
      return model(ParticleBatch(positions: x, velocities: still, features: .zeros([5, 1]), edgeFeatures: charges, graph: graph))
    }
    let report = measureEquivariance(
      of: predict, under: E3(), input: .points, output: .points, at: [.normal([5, 3], using: &generator)], using: &generator)
    #expect(report.relativeError < 1e-13, "\(report)")

    let x = Tensor<Double>.normal([5, 3], using: &generator).asVariable()
    let energy = predict(x).squared().sum()
    let forces = -gradient(of: energy, withRespectTo: x, keepingGraph: true)
    #expect(forces.shape == [5, 3] && forces.requiresGradient)
  }
  @Test func groupTheory() throws {
    let harmonics = SphericalHarmonics(degrees: 0...128)
    let values = harmonics(SIMD3(1, 2, 3))
    let rotation = Rotation3(axis: SIMD3(0, 1, 0), angle: 1e-9)
    let matrix = WignerD.real(degree: 64, of: rotation)
    let exact = Wigner3j(60, 60, 60, 1, 2, -3).value
    let paths = Irreps<O3>("8x0e + 4x1o").tensorProduct("1o")
    #expect(values.count == 16641)
    // About the polar axis the harmonics of orders ±m turn by m times the angle.
    #expect(abs(abs(matrix[0, 128]) / 64e-9 - 1) < 1e-14)
    #expect(exact == -0.005008918402395315)
    #expect(paths.description == "4x0e+8x1o+4x1e+4x2e")
  }

  @Test func frameAveraging() {
    var generator = RandomSource(seed: 1)
    let plain = MLP<Double>(widths: [6, 64, 3], using: &generator)
    let model = FrameAveraging(plain, over: PCAFrame(.e(3)), input: [.points(), .vectors()], output: [.points()])
    let cloud = Tensor<Double>.normal([1, 10, 6], using: &generator)
    #expect(model(cloud).shape == [1, 10, 3])
  }

  @Test func positionsAndOrientations() {
    var generator = RandomSource(seed: 1)
    var configuration = PONITA<Float>.Configuration()
    (configuration.hidden, configuration.basis, configuration.layers) = (32, 32, 3)
    let cloud = GeometricBatch<Float>(
      positions: .normal([10, 3], using: &generator), scalars: .ones([10, 1]), vectors: .normal([10, 1, 3], using: &generator),
      graph: .complete(nodes: 10))
    let model = PONITA<Float>(configuration, using: &generator).calibrated(on: cloud)
    #expect(model(cloud).vectors.shape == [10, 1, 3])
  }

  @Test func subgraphs() {
    var generator = RandomSource(seed: 1)
    let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
    let triangles = SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    var settings = SPEN<Float>.Configuration()
    (settings.policy, settings.hidden, settings.head) = (.ego(hops: 1), [16, 16], [2])
    let network = SPEN<Float>(settings, using: &generator)
    let outputs = network(GraphBatch([ring, triangles]))
    #expect(outputs.shape == [2, 2])
    #expect((outputs.selected(axis: 0, 0) - outputs.selected(axis: 0, 1)).absolute().max().item > 1e-4)
  }

  @Test func products() {
    var generator = RandomSource(seed: 1)
    let harmonics = SphericalHarmonics(degrees: 0...2, normalization: .component)
    let product = TensorProduct<Float>.channelwise("64x0e + 64x1o", harmonics.irreps, keeping: { $0.degree <= 2 }, using: &generator)
    let graph = Graph.complete(nodes: 10)
    let x = IrrepsTensor<Float>(.normal([10, 256], using: &generator), irreps: product.first)
    let edges = harmonics.features(at: Tensor<Float>.normal([graph.edgeCount, 3], using: &generator))
    let radial = Tensor<Float>.normal([graph.edgeCount, 8], using: &generator)
    let last = Tensor<Float>.normal([8, product.weightCount], using: &generator)
    let messages = product.convolution(x, edges, over: graph, weights: .factored(radial, last))
    #expect(messages.irreps == product.output && messages.tensor.shape == [10, product.output.dimension])
  }
}
