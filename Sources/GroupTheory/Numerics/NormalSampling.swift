import RealModule

extension RandomNumberGenerator {
  /// A uniform double on [0, 1): the upper 53 bits of one draw, times 2⁻⁵³.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Two independent standard normal numbers, by Marsaglia's polar method: (u, v) uniform in the unit disc, s = u² + v²,
  /// (u, v) √(−2 ln s / s).
  mutating func normalPair() -> (Double, Double) {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let factor = Double.sqrt(-2 * Double.log(s) / s)
        return (u * factor, v * factor)
      }
    }
  }
}
