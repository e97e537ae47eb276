import CKernels
import Requirements

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) with the derived draws of NumPy's legacy `RandomState`.
///
/// Published data sets are streams of this generator: the same seed gives the same numbers here, bit for bit up to the last place of the
/// system's logarithm. The period is 2¹⁹⁹³⁷ − 1. It is not for cryptography.
///
/// The whole state is the value (``state``), so it can be copied, compared, saved and restored.
public struct MersenneTwister: RandomNumberGenerator, Sendable, Equatable {
  /// Everything that determines the numbers to come.
  public struct State: Sendable, Equatable, Codable {
    /// The 624 words of state.
    public var words: [UInt32]
    /// The next unused word, 0...624; 624 when the next draw makes new words.
    public var position: Int
    /// The second Gaussian of the last pair, if it was not used yet.
    public var cachedGaussian: Double?

    /// A state from its parts, unchecked; ``MersenneTwister/init(state:)`` checks it.
    public init(words: [UInt32], position: Int, cachedGaussian: Double?) {
      (self.words, self.position, self.cachedGaussian) = (words, position, cachedGaussian)
    }
  }

  /// Why a saved state cannot be restored.
  public enum StateError: Error, Equatable, CustomStringConvertible {
    /// The state has this number of words instead of 624.
    case wordCount(Int)
    /// The position lies outside 0...624.
    case position(Int)

    /// What was expected and what was received.
    public var description: String {
      switch self {
      case .wordCount(let count): "expected a generator state of 624 words, received \(count)"
      case .position(let position): "expected a generator position in 0...624, received \(position)"
      }
    }
  }

  private var words: [UInt32]
  private var position: Int64
  private var cachedGaussian: Double?

  private static let wordCount = Int(CK_MT19937_WORDS)

  /// The generator of NumPy's `RandomState(seed)` (Knuth's multiplier 1812433253, as in the authors' `init_genrand`).
  public init(seed: UInt32) {
    words = [seed]
    words.reserveCapacity(Self.wordCount)
    for i in 1..<Self.wordCount {
      let last = words[i - 1]
      words.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(i))
    }
    position = Int64(Self.wordCount)
  }

  /// The generator in a saved state.
  public init(state: State) throws(StateError) {
    guard state.words.count == Self.wordCount else { throw .wordCount(state.words.count) }
    guard (0...Self.wordCount).contains(state.position) else { throw .position(state.position) }
    (words, position, cachedGaussian) = (state.words, Int64(state.position), state.cachedGaussian)
  }

  /// The state, for saving.
  public var state: State { State(words: words, position: Int(position), cachedGaussian: cachedGaussian) }

  /// The next 32 bits: a tempered word of the state.
  public mutating func nextUInt32() -> UInt32 {
    if position == Int64(Self.wordCount) {
      words.withUnsafeMutableBufferPointer { ck_mt19937_twist($0.baseAddress!) }
      position = 0
    }
    var y = words[Int(position)]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  /// 64 bits from two draws, the first in the upper half.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextUInt32())
    return high << 32 | UInt64(nextUInt32())
  }

  /// A uniform double on [0, 1), as by `random_sample`: 53 bits, (2²⁶ a + b) / 2⁵³ with a the upper 27 bits of one draw and b the upper 26
  /// of the next.
  public mutating func uniform() -> Double {
    let a = Double(nextUInt32() >> 5)
    let b = Double(nextUInt32() >> 6)
    return (a * 67_108_864 + b) / 9_007_199_254_740_992
  }

  /// A standard normal number, as by `randn`: Marsaglia's polar method on (u, v) uniform in [−1, 1)², with s = u² + v² in (0, 1) and the
  /// factor √(−2 ln s / s); v comes first, and u is kept for the next call.
  public mutating func gaussian() -> Double {
    if let cached = cachedGaussian {
      cachedGaussian = nil
      return cached
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s < 1 && s != 0 {
        let factor = (-2 * log(s) / s).squareRoot()
        cachedGaussian = factor * u
        return factor * v
      }
    }
  }

  /// `count` standard normal numbers, as by `randn` for any shape of that size, with the last axis running fastest.
  public mutating func gaussians(_ count: Int) -> [Double] {
    (0..<count).map { _ in gaussian() }
  }

  /// An index drawn with the given probabilities, as by `choice(p:)`: the number of entries of the normalised running sum that are ≤ u,
  /// with u uniform. Traps when a probability is negative or their sum is not positive.
  public mutating func index(probabilities: [Double]) -> Int {
    var sums: [Double] = []
    var sum = 0.0
    for probability in probabilities {
      require(probability >= 0, "expected probabilities of at least 0, received \(probability)")
      sum += probability
      sums.append(sum)
    }
    require(sum > 0 && sum.isFinite, "expected probabilities of positive finite sum, received the sum \(sum)")
    let u = uniform()
    return sums.firstIndex { $0 / sum > u } ?? probabilities.count - 1
  }

  /// Drops `count` uniform doubles.
  public mutating func skipUniforms(_ count: Int) {
    for _ in 0..<(2 * count) { _ = nextUInt32() }
  }

  /// Drops `count` standard normal numbers, many times faster than by drawing them: the stream is left as if they had been drawn.
  public mutating func skipGaussians(_ count: Int) {
    guard count > 0 else { return }
    var rest = count
    if cachedGaussian != nil {
      cachedGaussian = nil
      rest -= 1
    }
    words.withUnsafeMutableBufferPointer {
      ck_mt19937_skip_gaussian_pairs($0.baseAddress!, &position, Int64(rest / 2))
    }
    if !rest.isMultiple(of: 2) { _ = gaussian() }
  }
}
