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
}
