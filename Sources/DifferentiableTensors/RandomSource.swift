/// xoshiro256** by Blackman and Vigna, with normal numbers: a value whose whole state can be saved and restored.
///
/// Same seed, same numbers, on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
  /// The four words of the generator.
  public private(set) var state: [UInt64]

  /// Expands the seed by SplitMix64.
  public init(seed: UInt64) {
    var z = seed
    state = (0..<4).map { _ in
      z &+= 0x9E37_79B9_7F4A_7C15
      var x = z
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
  }
  /// Continues from a saved ``state``; nil unless it has four words, not all 0.
  public init?(state: [UInt64]) {
    guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
    self.state = state
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state.withUnsafeMutableBufferPointer { s in
      let product = s[1] &* 5
      let result = (product << 7 | product >> 57) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = s[3] << 45 | s[3] >> 19
      return result
    }
  }

  /// A new generator, independent for all practical purposes, seeded from this one.
  public mutating func split() -> RandomSource { RandomSource(seed: next()) }
}

extension RandomNumberGenerator {
  /// Uniform in [0, 1), 53 bits.
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
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, using generator: inout some RandomNumberGenerator
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
  /// Independent numbers, uniform in [lower, upper).
  public static func uniform(
    _ shape: Shape, in range: Range<Double> = 0..<1, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let out = Tensor(uninitialized: shape)
    for i in 0..<out.count { out.pointer[i] = Scalar(range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()) }
    return out
  }
}
