import Equivariant
import Testing

@Suite struct LossesTests {
  /// The value of PyTorch 2.14 for the same numbers.
  @Test func crossEntropyIsPyTorchs() {
    let logits = Tensor<Double>([0.1, -0.2, 1.5, 2.0, 0.0, -3.0, 100, 0, -100], shape: [3, 3])
    #expect(abs(crossEntropy(logits, [2, 1, 0]).item - 0.8300054653752) < 1e-12)
    #expect(abs(crossEntropy(logits, [0, 0, 1]).item - 0.8300054653752) > 1)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 1)
    let report = checkDerivatives(
      of: { crossEntropy($0[0], [1, 3, 0]) }, at: [.normal([3, 4], using: &generator)], order: 3, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = crossEntropy(Tensor<Double>.zeros([2, 3]), [0, 3]) }
  }
}
