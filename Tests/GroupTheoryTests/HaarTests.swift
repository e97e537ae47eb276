import RealModule
import Testing

@testable import GroupTheory

/// Moments and laws of random elements, with fixed seeds; limits are five standard errors.
@Suite struct HaarTests {
  let count = 20_000

  @Test func rotationMoments() {
    var generator = SplitMix64(seed: 12)
    var mean = Matrix<Double>(zeros: 3, 3)
    var traceSquared = 0.0
    for _ in 0..<count {
      let m = SO3().randomElement(using: &generator).matrix
      mean = mean + m
      traceSquared += m.trace * m.trace
    }
    let n = Double(count)
    // Each matrix element has variance 1/3; tr² has mean 1 (one irreducible) and variance ⟨χ⁴⟩ − 1 = 2.
    #expect((1 / n * mean).maximumNorm < 5 * Double.sqrt(1 / (3 * n)))
    #expect(abs(traceSquared / n - 1) < 5 * Double.sqrt(2 / n))
  }

  /// The angle has density (1 − cos θ)/π on [0, π]: Kolmogorov-Smirnov against (θ − sin θ)/π.
  @Test func rotationAngle() {
    var generator = SplitMix64(seed: 13)
    let angles = SO3().randomElements(count, using: &generator).map(\.angle).sorted()
    #expect(kolmogorovSmirnov(angles) { ($0 - Double.sin($0)) / .pi } < 1.95)
    // A uniform angle about a random axis is not Haar, and is told apart.
    let uniform = (0..<count).map { _ in generator.uniform() * .pi }.sorted()
    #expect(kolmogorovSmirnov(uniform) { ($0 - Double.sin($0)) / .pi } > 10)
  }

  /// Haar measure is invariant: a fixed rotation times a random one has the same law; test the z-component of the image of e_x.
  @Test func leftInvariance() {
    var generator = SplitMix64(seed: 14)
    let fixed = Rotation3(axis: SIMD3(1, 1, 0), angle: 1)
    let heights = (0..<count).map { _ in (fixed * SO3().randomElement(using: &generator) * SIMD3(1.0, 0, 0)).z }.sorted()
    #expect(kolmogorovSmirnov(heights) { ($0 + 1) / 2 } < 1.95)
  }

  @Test func improperHalf() {
    var generator = SplitMix64(seed: 15)
    let improper = O3().randomElements(count, using: &generator).count { $0.isImproper }
    #expect(abs(Double(improper) / Double(count) - 0.5) < 5 * 0.5 / Double.sqrt(Double(count)))
  }

  @Test func translationsHaveTheirScale() {
    var generator = SplitMix64(seed: 16)
    let squares = E3(translationScale: 3).randomElements(count, using: &generator)
      .reduce(0) { $0 + ($1.translation * $1.translation).sum() / 27 }
    #expect(abs(squares / Double(count) - 1) < 5 * Double.sqrt(2 / (3 * Double(count))))
    #expect(SE3(translationScale: 0).randomElement(using: &generator).translation == .zero)
  }

  @Test func permutationsAreUniform() {
    var generator = SplitMix64(seed: 17)
    var frequency: [Permutation: Int] = [:]
    for permutation in SymmetricGroup(4).randomElements(24_000, using: &generator) { frequency[permutation, default: 0] += 1 }
    #expect(frequency.count == 24)
    // χ² with 23 degrees of freedom: 0.1 % point 49.7.
    let chiSquared = frequency.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(chiSquared < 49.7)
  }

  @Test func sameSeedSameElements() {
    var (a, b) = (SplitMix64(seed: 18), SplitMix64(seed: 18))
    #expect(E3().randomElement(using: &a).distance(to: E3().randomElement(using: &b)) == 0)
  }

  /// √n times the largest distance between the empirical and the given distribution function; above 1.95 once in a thousand.
  private func kolmogorovSmirnov(_ sorted: [Double], _ distribution: (Double) -> Double) -> Double {
    let n = Double(sorted.count)
    var worst = 0.0
    for (i, value) in sorted.enumerated() {
      let expected = distribution(value)
      worst = max(worst, abs(expected - Double(i) / n), abs(expected - Double(i + 1) / n))
    }
    return worst * Double.sqrt(n)
  }
}
