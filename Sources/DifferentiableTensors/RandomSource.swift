import Requirements

/// xoshiro256** by Blackman and Vigna, with normal numbers: a value whose whole state can be saved and restored.
///
/// The same seed gives the same numbers on every machine.
///
/// ## Topics
///
/// ### Numbers
///
/// - ``uniform()``
/// - ``normalPair()``
/// - ``permutation(_:)``
public struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
  private var words: (UInt64, UInt64, UInt64, UInt64)
  /// The four words of the generator.
  public var state: [UInt64] { [words.0, words.1, words.2, words.3] }

  /// Expands the seed by SplitMix64.
  public init(seed: UInt64) {
    var z = seed
    func word() -> UInt64 {
      z &+= 0x9E37_79B9_7F4A_7C15
      var x = z
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
    words = (word(), word(), word(), word())
  }
  /// Continues from a saved ``state``; nil unless it has four words, not all 0.
  public init?(state: [UInt64]) {
    guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
    words = (state[0], state[1], state[2], state[3])
  }

  /// Whether two sources will give the same numbers.
  public static func == (a: RandomSource, b: RandomSource) -> Bool { a.words == b.words }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let product = words.1 &* 5
    let result = (product << 7 | product >> 57) &* 9
    let t = words.1 << 17
    words.2 ^= words.0
    words.3 ^= words.1
    words.1 ^= words.2
    words.0 ^= words.3
    words.2 ^= t
    words.3 = words.3 << 45 | words.3 >> 19
    return result
  }

  /// A new generator, independent for all practical purposes, seeded from this one.
  public mutating func split() -> RandomSource { RandomSource(seed: next()) }
}

extension RandomNumberGenerator {
  /// A number uniform in [0, 1), of 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
  /// Two independent standard normal numbers (Marsaglia's polar method).
  public mutating func normalPair() -> (Double, Double) {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let f = (-2 * naturalLogarithm(s) / s).squareRoot()
        return (u * f, v * f)
      }
    }
  }
  /// 0 ..< n in random order (Fisher and Yates).
  public mutating func permutation(_ n: Int) -> [Int] {
    var order = Array(0..<n)
    for i in stride(from: n - 1, to: 0, by: -1) { order.swapAt(i, Int.random(in: 0...i, using: &self)) }
    return order
  }
}

extension Tensor {
  /// Independent normal numbers.
  @specialized(where Scalar == Float, Generator == RandomSource) @specialized(where Scalar == Double, Generator == RandomSource)
  public static func normal<Generator: RandomNumberGenerator>(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, using generator: inout Generator
  ) -> Tensor {
    let out = Tensor(uninitialized: shape)
    var i = 0
    while i < out.count {
      let (a, b) = generator.normalPair()
      out.pointer[i] = Scalar(mean + standardDeviation * a)
      if i + 1 < out.count { out.pointer[i + 1] = Scalar(mean + standardDeviation * b) }
      i += 2
    }
    return out
  }
  /// Independent numbers, uniform in [lower, upper): the upper bound is never among them, whatever the element type rounds to.
  @specialized(where Scalar == Float, Generator == RandomSource) @specialized(where Scalar == Double, Generator == RandomSource)
  public static func uniform<Generator: RandomNumberGenerator>(
    _ shape: Shape, in range: Range<Double> = 0..<1, using generator: inout Generator
  ) -> Tensor {
    let (lower, width) = (range.lowerBound, range.upperBound - range.lowerBound)
    require(width.isFinite, "a range of finite width is expected, received \(range)")
    let (bottom, top) = (Scalar(lower), Scalar(range.upperBound))
    let least = Double(bottom) < lower ? bottom.nextUp : bottom
    let largest = Swift.max(least, Double(top) < range.upperBound ? top : top.nextDown)
    let out = Tensor(uninitialized: shape)
    for i in 0..<out.count { out.pointer[i] = Swift.min(Swift.max(Scalar(lower + width * generator.uniform()), least), largest) }
    return out
  }
}
