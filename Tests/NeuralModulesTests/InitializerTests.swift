import DifferentiableTensors
import NeuralModules
import Testing

/// Moments and bounds of initial weights [out, in] = [400, 100].
@Suite struct InitializerTests {
  private func moments(_ initializer: Initializer) -> (mean: Double, deviation: Double, largest: Double, normalised: Double) {
    var generator = RandomSource(seed: 9)
    let w: Tensor<Double> = initializer([400, 100], using: &generator)
    let deviation = w.squared().mean().item.squareRoot()
    return (w.mean().item, deviation, w.absolute().max().item, (w / deviation).power(4).mean().item)
  }

  typealias Case = (initializer: Initializer, size: Double)
  /// With their bounds.
  static let uniformCases: [Case] = [
    (.torchLinear, 0.1), (.xavierUniform(), 0.012.squareRoot()), (.xavierUniform(gain: 0.001), 0.001 * 0.012.squareRoot()),
    (.kaimingUniform(), 0.06.squareRoot()), (.kaimingUniform(gain: 1), 0.03.squareRoot()),
  ]
  /// With their standard deviations.
  static let normalCases: [Case] = [
    (.normal(standardDeviation: 0.3), 0.3), (.xavierNormal(gain: 2), 2 * 0.004.squareRoot()), (.kaimingNormal(), 0.02.squareRoot()),
  ]

  @Test(arguments: uniformCases)
  func uniform(_ initializer: Initializer, bound: Double) {
    let (mean, deviation, largest, kurtosis) = moments(initializer)
    #expect(largest <= bound && largest > 0.999 * bound)
    #expect(abs(mean) < 0.02 * bound)
    #expect(abs(deviation / (bound / 3.0.squareRoot()) - 1) < 0.01)
    #expect(abs(kurtosis - 1.8) < 0.05)
  }

  @Test(arguments: normalCases)
  func normal(_ initializer: Initializer, expected: Double) {
    let (mean, deviation, _, kurtosis) = moments(initializer)
    #expect(abs(mean) < 0.02 * expected)
    #expect(abs(deviation / expected - 1) < 0.02)
    #expect(abs(kurtosis - 3) < 0.15)
  }

  @Test func constants() {
    var generator = RandomSource(seed: 1)
    let before = generator
    #expect(Initializer.zeros([2, 3], using: &generator) == Tensor<Float>.zeros([2, 3]))
    #expect(Initializer.constant(0.5)([2, 3], using: &generator) == Tensor<Float>(repeating: 0.5, shape: [2, 3]))
    #expect(generator == before)
  }

  @Test func layersAtFirst() {
    var generator = RandomSource(seed: 2)
    // A bias is drawn by the number of inputs of its layer, not by its own length.
    let layer = Linear<Double>(400, 9, using: &generator)
    #expect(layer.weight.absolute().max().item <= 0.05 && layer.weight.absolute().max().item > 0.0499)
    #expect(layer.bias!.absolute().max().item <= 0.05 && layer.bias!.absolute().max().item > 0.02)
    #expect(Linear<Float>(3, 2, bias: false, using: &generator).bias == nil)
    let norm = LayerNorm<Float>(3)
    #expect(norm.weight == .ones([3]) && norm.bias == .zeros([3]))
    let embedding = Embedding<Double>(200, 50, using: &generator)
    #expect(abs(embedding.weight.squared().mean().item - 1) < 0.05)
    // The same seed gives the same weights.
    var (a, b) = (RandomSource(seed: 3), RandomSource(seed: 3))
    let (first, second) = (MLP<Float>(widths: [3, 8, 2], using: &a), MLP<Float>(widths: [3, 8, 2], using: &b))
    #expect(zip(first.namedTensors, second.namedTensors).allSatisfy { $0.tensor == $1.tensor })
  }
}
