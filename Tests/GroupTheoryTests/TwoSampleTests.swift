import RealModule
import Testing

@testable import GroupTheory

@Suite struct TwoSampleTests {
  /// scipy.stats.ks_2samp gives D = 0.4 for the first pair; ties are one step.
  @Test func kolmogorovSmirnovStatistic() {
    let scale = Double.sqrt(25.0 / 10)
    #expect(abs(kolmogorovSmirnov([1, 2, 3, 4, 5], [3.5, 4.5, 5.5, 6.5, 2.5]) - 0.4 * scale) < 1e-14)
    #expect(kolmogorovSmirnov([0, 0, 1, 1], [1, 0, 1, 0]) == 0)
    #expect(abs(kolmogorovSmirnov([0, 0, 0, 0], [1, 1, 1, 1]) - Double.sqrt(2)) < 1e-15)
  }

  /// χ² = 6.4 and 20 with 3 degrees of freedom: the formula in Python; the exact normal deviates are 1.318 and 3.583 (scipy), so it is 2 %
  /// off so far in the tail. What matters is the limit of five: scipy's tails there are 2.9e-8 to 2.8e-7 for 1 to 719 degrees of freedom.
  @Test func chiSquared() {
    #expect(abs(uniformityExcess([14, 6, 14, 6]) - 1.3278436015162072) < 1e-13)
    #expect(abs(uniformityExcess([30, 10, 10, 10]) - 3.5131052138016234) < 1e-13)
    // One degree of freedom: χ² = 30.8056 is five.
    #expect(uniformityExcess([1000 + 124, 1000 - 124]) < 5 && uniformityExcess([1000 + 125, 1000 - 125]) > 5)
    #expect(uniformityExcess([100]) == 0)
  }

  /// The false alarm rate is what the limits promise: no statistic above 2.6 in 300, but some above 1.
  @Test func falseAlarms() {
    var generator = SplitMix64(seed: 71)
    let statistics = (0..<300).map { _ in
      kolmogorovSmirnov((0..<100).map { _ in generator.uniform() }, (0..<100).map { _ in generator.uniform() })
    }
    #expect(statistics.max()! < 2.6 && statistics.max()! > 1)
  }

  @Test func notANumberEndsTheComparison() {
    #expect(kolmogorovSmirnov([1, .nan, 2], [1, 2, 3]).isNaN)
    #expect(kolmogorovSmirnov([1, 2, 3], [.nan]).isNaN)
  }
}
