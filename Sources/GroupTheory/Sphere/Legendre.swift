import RealModule
import Requirements

/// Legendre polynomials and associated Legendre functions, by recurrences in differences that keep their accuracy at the ends ±1.
public enum Legendre {
  /// P_0(x) ... P_n(x) at x = cos θ in [−1, 1]; the absolute error is a few 10⁻¹⁷ n.
  public static func polynomials(upTo degree: Int, at x: Double) -> [Double] {
    require(degree >= 0 && x.magnitude <= 1, "expected a degree of at least 0 and |x| ≤ 1, received \(degree) and \(x)")
    return polynomials(upTo: degree, negative: x < 0, belowOne: x.magnitude - 1)
  }

  /// P_n at x = ±(1 + t), t ≤ 0 given exactly: P_k − P_{k−1} = ((2k − 1) t P_{k−1} + (k − 1)(P_{k−1} − P_{k−2}))/k.
  static func polynomials(upTo degree: Int, negative: Bool, belowOne t: Double) -> [Double] {
    var result = [1.0]
    result.reserveCapacity(degree + 1)
    var (p, d) = (1.0, 0.0)
    for k in stride(from: 1, through: degree, by: 1) {
      let n = Double(k)
      d = ((2 * n - 1) * (t * p) + (n - 1) * d) / n
      p += d
      result.append(negative && k & 1 == 1 ? -p : p)
    }
    return result
  }

  /// The polar factors of orthonormal real harmonics at the polar angle θ: Y_{l, ±m} = P(l, m) {cos, sin}(m φ), with
  ///
  ///     P(l, m) = √((2 − δ_{m0}) (2l + 1)/(4π) (l − m)!/(l + m)!) P_l^m(cos θ), P_l^m without the Condon-Shortley sign,
  ///
  /// for 0 ≤ m ≤ l ≤ degree, at place l (l + 1)/2 + m.
  ///
  /// Traps unless cos² θ + sin² θ is 1 within 10⁻⁶.
  public static func orthonormal(upTo degree: Int, cosine: Double, sine: Double) -> [Double] {
    require(
      abs(cosine * cosine + sine * sine - 1) < 1e-6, "expected the cosine and sine of an angle, received \(cosine) and \(sine)")
    return orthonormal(HarmonicTable(degree: degree, normalization: .integral), cosine: cosine, sine: sine)
  }

  /// The same with a given table, in the table's normalisation.
  package static func orthonormal(_ table: HarmonicTable, cosine: Double, sine: Double) -> [Double] {
    let degree = table.degree
    let t = -sine * sine / (1 + cosine.magnitude)
    var result = [Double](repeating: 0, count: (degree + 1) * (degree + 2) / 2)
    var power = 1.0
    for m in 0...degree {
      var (g, d) = (1.0, 0.0)
      for l in m...degree {
        let place = l * (l + 1) / 2 + m
        if l > m {
          d = table.entries[6 * place] * (t * g) + table.entries[6 * place + 1] * d
          g += d
        }
        result[place] = table.entries[6 * place + 2] * g * power * (cosine < 0 && (l + m) & 1 == 1 ? -1 : 1)
      }
      power *= sine
    }
    return result
  }
}
