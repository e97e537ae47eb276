import DifferentiableTensors
import Testing

@Suite struct RandomSourceTests {
  /// The reference program of Blackman and Vigna (xoshiro256**, seeded by SplitMix64 as they advise), computed in Python.
  @Test func publishedNumbers() {
    var source = RandomSource(seed: 42)
    #expect(source.state == [0xBDD732262FEB6E95, 0x28EFE333B266F103, 0x47526757130F9F52, 0x581CE1FF0E4AE394])
    #expect((0..<3).map { _ in source.next() } == [0x15780B2E0C2EC716, 0x6104D9866D113A7E, 0xAE17533239E499A1])
  }

  @Test func continuesFromItsState() throws {
    var source = RandomSource(seed: 7)
    _ = source.next()
    var saved = try #require(RandomSource(state: source.state))
    #expect((0..<5).map { _ in saved.next() } == (0..<5).map { _ in source.next() })
    #expect(
      RandomSource(state: [0, 0, 0, 0]) == nil && RandomSource(state: [1, 2, 3]) == nil && RandomSource(state: [1, 2, 3, 4, 5]) == nil)
  }

  @Test func splitsAreOtherSources() {
    var (source, twin) = (RandomSource(seed: 7), RandomSource(seed: 7))
    var (first, second) = (source.split(), source.split())
    #expect(first == twin.split() && first != second && first != source)
    #expect(Set((0..<100).map { _ in first.next() }).isDisjoint(with: (0..<100).map { _ in second.next() }))
  }

  /// Rounding to the element type never gives the upper bound, nor less than the lower one.
  @Test func uniformNumbersStayBelowTheUpperBound() {
    /// The largest number that a generator can give, and the least.
    struct Constant: RandomNumberGenerator {
      let bits: UInt64
      mutating func next() -> UInt64 { bits }
    }
    let ranges: [Range<Double>] = [0..<1, -1..<1, 5..<7, 0..<0.1, -3..<(-2.9), 1e30..<2e30, 1..<1 + 0x1p-30, 0.1..<0.3]
    for range in ranges {
      for bits in [UInt64.max, 0] {
        var generator = Constant(bits: bits)
        let single = Tensor<Float>.uniform([1], in: range, using: &generator).item
        let double = Tensor<Double>.uniform([1], in: range, using: &generator).item
        #expect(Double(single) >= range.lowerBound, "\(range)")
        // No Float lies in 1 ..< 1 + 2^-30 but its lower bound.
        #expect(Double(single) < range.upperBound, "\(range)")
        #expect(range.contains(double), "\(range)")
      }
    }
    var generator = RandomSource(seed: 1)
    let many = Tensor<Float>.uniform([1 << 22], using: &generator)
    #expect(many.max().item < 1)
  }
}
