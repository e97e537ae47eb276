import Equivariant
import Testing

@Suite struct LossesTests {
  /// The value of PyTorch 2.14 for the same numbers.
  @Test func crossEntropyIsPyTorchs() {
    let logits = Tensor<Double>([0.1, -0.2, 1.5, 2.0, 0.0, -3.0, 100, 0, -100], shape: [3, 3])
    #expect(abs(crossEntropy(logits, [2, 1, 0]).item - 0.8300054653752) < 1e-12)
    #expect(abs(crossEntropy(logits, [0, 0, 1]).item - 0.8300054653752) > 1)
  }

  /// sin² of 60°, whichever way the directions point and however long the first is; nothing counts as perpendicular.
  @Test func unoriented() {
    let (prediction, half) = (Tensor<Double>(rows: [[3, 0], [1, 0], [0, 0]]), 3.0.squareRoot() / 2)
    let target = Tensor<Double>(rows: [[-0.5, half], [1, 0], [0, 1]])
    #expect(abs(unorientedLoss(prediction, target).item - (0.75 + 0 + 1) / 3) < 1e-15)
    #expect(abs(unorientedLoss(-prediction, target).item - unorientedLoss(prediction, -target).item) < 1e-15)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 1)
    let report = checkDerivatives(
      of: { crossEntropy($0[0], [1, 3, 0]) }, at: [.normal([3, 4], using: &generator)], order: 3, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = crossEntropy(Tensor<Double>.zeros([2, 3]), [0, 3]) }
    await #expect(processExitsWith: .failure) { _ = unorientedLoss(Tensor<Double>.zeros([2, 3]), Tensor<Double>.zeros([3, 2])) }
  }
}
