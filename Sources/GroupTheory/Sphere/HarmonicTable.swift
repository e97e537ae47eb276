import RealModule
import Requirements

/// The coefficients of the recurrences of spherical harmonics up to a degree: shared by the scalar code here and the batched kernels.
///
/// With (X, Y, Z) = (z, x, y), so that Z is along the polar axis, ρ = √(X² + Y²), and for each order m ≥ 0
///
///     Y_{l, ±m} = scale(l, m) G_{l, m}(|Z|) sign(Z)^{l + m} {Re, Im} (X + iY)^m,
///
/// G is the Gegenbauer polynomial C_{l − m}^{(m + ½)} divided by its value at 1. Written in differences, with t = |Z| − 1 = −ρ²/(1 + |Z|),
///
///     d_l = alpha t G_{l−1} + beta d_{l−1},   G_l = G_{l−1} + d_l,
///
/// it loses nothing where |Z| is near 1 and its rounding is of the order of l² times that of G (the idea is Reinsch's for Legendre series).
/// The derivatives of solid harmonics r^l Y are solid harmonics of degree l − 1: with C_m, S_m the harmonics of order ±m,
///
///     ∂_X C_m = up C'_{m−1} − down C'_{m+1},   ∂_Y C_m = −up S'_{m−1} − down S'_{m+1},   ∂_Z C_m = along C'_m,
///     ∂_X S_m = up S'_{m−1} − down S'_{m+1},   ∂_Y S_m =  up C'_{m−1} + down C'_{m+1},   ∂_Z S_m = along S'_m.
package struct HarmonicTable: Sendable {
  /// The largest degree.
  package let degree: Int
  /// Six numbers for each (l, m), 0 ≤ m ≤ l, at 6 (l (l + 1)/2 + m): alpha, beta, scale, up, down, along.
  package let entries: [Double]

  package init(degree: Int, normalization: SphericalHarmonics.Normalization) {
    // The scales grow like 2^(0.7 l), and what they multiply falls as fast: past this one overflows and the other vanishes.
    require(degree >= 0 && degree <= 1400, "expected a degree in 0...1400, received \(degree)")
    self.degree = degree
    var entries = [Double](repeating: 0, count: 3 * (degree + 1) * (degree + 2))
    // scale(m, m) = scale(m − 1, m − 1) √((2m + 1)/2m), with √2 more from m = 0 to 1 (times the normalisation, which depends on l alone).
    var sectoral = DoubleDouble(1)
    for m in 0...degree {
      if m > 0 { sectoral = sectoral * DoubleDouble(rootOf: Double((m == 1 ? 2 : 1) * (2 * m + 1)), over: Double(2 * m)) }
      var scale = sectoral
      for l in m...degree {
        let place = 6 * (l * (l + 1) / 2 + m)
        let (k, lambda) = (Double(l - m), Double(m) + 0.5)
        if l > m {
          entries[place] = 2 * (k + lambda - 1) / (k + 2 * lambda - 1)
          entries[place + 1] = (k - 1) / (k + 2 * lambda - 1)
          scale = scale * DoubleDouble(rootOf: Double((2 * l + 1) * (l + m)), over: Double((2 * l - 1) * (l - m)))
        }
        entries[place + 2] = scale.rounded * normalization.factor(degree: l)
        let ratio =
          normalization.factor(degree: l) / normalization.factor(degree: max(l - 1, 0)) * Double.sqrt(Double(2 * l + 1))
          / Double.sqrt(Double(max(2 * l - 1, 1)))
        let (a, b) = (Double((l + m) * (l + m - 1)), Double((l - m) * (l - m - 1)))
        entries[place + 3] = m == 0 ? 0 : ratio * Double.sqrt(m == 1 ? a / 2 : a / 4)
        entries[place + 4] = ratio * Double.sqrt(m == 0 ? b / 2 : b / 4)
        entries[place + 5] = ratio * Double.sqrt(Double((l - m) * (l + m)))
      }
    }
    self.entries = entries
  }
}
