import Equivariant
import Testing

@Suite struct DropoutTests {
  /// A share of zeros near the probability, the others scaled: the mean stays.
  @Test(arguments: [0.0, 0.3, 0.9]) func distribution(probability: Double) {
    var generator = RandomSource(seed: 1)
    let y = Tensor<Double>.ones([100, 400]).dropped(probability, using: &generator).elements
    let kept = 1 / (1 - probability)
    #expect(y.allSatisfy { $0 == 0 || abs($0 - kept) < 1e-15 })
    // Five standard deviations of the binomial distribution.
    #expect(abs(Double(y.count { $0 == 0 }) / 40_000 - probability) <= 5 * (probability * (1 - probability) / 40_000).squareRoot())
  }

  @Test func gradientIsThatOfTheKept() {
    var generator = RandomSource(seed: 2)
    let x = Tensor<Double>.normal([20], using: &generator).asVariable()
    let y = x.dropped(0.5, using: &generator)
    let slope = gradient(of: y.sum(), withRespectTo: x).elements
    #expect(zip(slope, y.elements).allSatisfy { ($0 == 2) == ($1 != 0) && ($0 == 0) == ($1 == 0) })
  }
}
