import RealModule
import Requirements

/// Wigner matrices of degrees up to 700, straight from a rotation: no Euler angles, no matrix exponentials, no poles.
///
/// Real matrices act on the real harmonics of ``SphericalHarmonics``: Y(R r) = D(R) Y(r), D(R₁R₂) = D(R₁) D(R₂), D orthogonal, D¹ = R.
/// Complex matrices act in the same way on the complex harmonics with the Condon-Shortley sign and polar axis y; they are unitary, and are
/// the complex conjugates of the matrices e^{−im'α} d_{m'm}(β) e^{−imγ} of the quantum-mechanical literature, which act on kets.
///
/// Each element is a polynomial in the components of the quaternion (powers of the Cayley-Klein parameters A and B times a Jacobi
/// polynomial, see `WignerColumn`), so that matrices next to the identity and next to half a turn are as accurate as elsewhere: the error
/// is a few 10⁻¹⁶ (l + 1). `WignerMatrices` of `FourierTransforms` does the same for batches of rotations.
public enum WignerD {
  /// The real Wigner matrix of one degree, (2l + 1) × (2l + 1), orders −l ... l.
  public static func real(degree l: Int, of rotation: Rotation3) -> Matrix<Double> {
    real(degrees: l...l, of: rotation)[0]
  }

  /// The real Wigner matrices of a range of degrees; cheaper than one at a time.
  public static func real(degrees: ClosedRange<Int>, of rotation: Rotation3) -> [Matrix<Double>] {
    check(degrees)
    var result = degrees.map { Matrix<Double>(zeros: 2 * $0 + 1, 2 * $0 + 1) }
    eachPair(degrees: degrees, rotation) { l, row, column, u, v in
      let width = 2 * l + 1
      // Elements (±row, ±column); order 0 has no sine.
      func put(_ i: Int, _ j: Int, _ value: Double) { result[l - degrees.lowerBound].elements[(l + i) * width + l + j] = value }
      if row == 0 && column == 0 {
        put(0, 0, u.0)
      } else if column == 0 {
        put(row, 0, root2 * u.0)
        put(-row, 0, root2 * u.1)
      } else if row == 0 {
        put(0, column, root2 * u.0)
        put(0, -column, -root2 * u.1)
      } else {
        put(row, column, u.0 + v.0)
        put(row, -column, v.1 - u.1)
        put(-row, column, u.1 + v.1)
        put(-row, -column, u.0 - v.0)
      }
    } halfTurn: { l in
      let matrix = l - degrees.lowerBound
      for j in -l...l where ((l + abs(j)) & 1 == 1) != (j < 0) {
        for i in 0...2 * l { result[matrix].elements[i * (2 * l + 1) + l + j].negate() }
      }
    }
    return result
  }

  /// The complex Wigner matrix of one degree as its real and imaginary parts, (2l + 1) × (2l + 1), orders −l ... l.
  public static func complex(degree l: Int, of rotation: Rotation3) -> (real: Matrix<Double>, imaginary: Matrix<Double>) {
    // U D U*ᵀ with the change U from real to complex harmonics.
    let d = real(degree: l, of: rotation)
    var (re, im) = (Matrix<Double>(zeros: 2 * l + 1, 2 * l + 1), Matrix<Double>(zeros: 2 * l + 1, 2 * l + 1))
    for i in -l...l {
      for j in -l...l {
        for p in complexHarmonic(order: i) {
          for q in complexHarmonic(order: j) {
            let element = d[l + p.order, l + q.order]
            re[l + i, l + j] += element * (p.real * q.real + p.imaginary * q.imaginary)
            im[l + i, l + j] += element * (p.imaginary * q.real - p.real * q.imaginary)
          }
        }
      }
    }
    return (re, im)
  }

  /// The complex harmonic of order m (Condon-Shortley sign) as a sum of real ones: Y_m = (−1)^m (C_m + i S_m)/√2 and
  /// Y_{−m} = (C_m − i S_m)/√2 for m > 0, with C_m, S_m the real harmonics of orders m and −m.
  static func complexHarmonic(order m: Int) -> [(order: Int, real: Double, imaginary: Double)] {
    if m == 0 { return [(0, 1, 0)] }
    let sign: Double = m > 0 && m & 1 == 1 ? -1 : 1
    return [(abs(m), sign / root2, 0), (-abs(m), 0, sign * (m > 0 ? 1 : -1) / root2)]
  }
}

private let root2 = Double.sqrt(2)

extension WignerD {
  /// Traps where the recurrences leave the range of `Double`: their scales grow like 2^(1.4 l), and what they multiply falls as fast.
  static func check(_ degrees: ClosedRange<Int>) {
    require(degrees.lowerBound >= 0 && degrees.upperBound <= 700, "expected degrees in 0...700, received \(degrees)")
  }

  /// Calls `body`(l, m', m, u, v) for all degrees and m', m ≥ 0 with u = e^{i(m'α + mγ)} d̂_{m'm} and v = e^{i(m'α − mγ)} d̂_{m',−m},
  /// d̂ Wigner's functions without the Condon-Shortley sign; for m' = 0 or m = 0 only u counts. Where the rotation lies in the half
  /// |A| < |B| of the group, these are of its product with half a turn about X, and `halfTurn`(l) then undoes that.
  private static func eachPair(
    degrees: ClosedRange<Int>, _ rotation: Rotation3, body: (Int, Int, Int, (Double, Double), (Double, Double)) -> Void,
    halfTurn: (Int) -> Void
  ) {
    let top = degrees.upperBound
    // (X, Y, Z) = (z, x, y): A = w + iZ = cos(β/2) e^{i(α + γ)/2}, B = Y − iX = sin(β/2) e^{i(α − γ)/2}.
    var (a, b) = ((rotation.w, rotation.y), (rotation.x, -rotation.z))
    let isTurned = a.0 * a.0 + a.1 * a.1 < b.0 * b.0 + b.1 * b.1
    // q times the half turn (0, 1, 0, 0) is (−X, w, Z, −Y).
    if isTurned { (a, b) = ((-rotation.z, -rotation.x), (rotation.y, -rotation.w)) }
    let t = -2 * (b.0 * b.0 + b.1 * b.1)
    let (powersA, powersB) = (powers(of: a, upTo: 2 * top), powers(of: b, upTo: 2 * top))
    for m in 0...top {
      for n in 0...m {
        var (plus, minus) = (WignerColumn(m, n), WignerColumn(m, -n))
        var (f, df, g, dg) = (1.0, 0.0, 1.0, 0.0)
        let (p, q) = (powersA[m + n], powersB[m - n])
        let (r, s) = (powersA[m - n], powersB[m + n])
        for l in m...top {
          if l > m {
            plus.advance()
            minus.advance()
            df = plus.alpha * (t * f) + plus.beta * df
            dg = minus.alpha * (t * g) + minus.beta * dg
            f += df
            g += dg
          }
          if l < degrees.lowerBound { continue }
          let (x, y) = (plus.scale * f, minus.scale * g)
          let odd: Double = (m + n) & 1 == 1 ? -1 : 1
          let (oddN, oddM): (Double, Double) = (n & 1 == 1 ? -1 : 1, m & 1 == 1 ? -1 : 1)
          body(l, m, n, times(x, p, q), times(y * oddN, r, s))
          if n < m { body(l, n, m, times(x * odd, p, (q.0, -q.1)), times(y * oddM, (r.0, -r.1), s)) }
        }
      }
    }
    if isTurned { for l in degrees { halfTurn(l) } }
  }

  /// c z w.
  private static func times(_ c: Double, _ z: (Double, Double), _ w: (Double, Double)) -> (Double, Double) {
    (c * (z.0 * w.0 - z.1 * w.1), c * (z.0 * w.1 + z.1 * w.0))
  }

  private static func powers(of z: (Double, Double), upTo n: Int) -> [(Double, Double)] {
    var result = [(1.0, 0.0)]
    for _ in 0..<n { result.append(times(1, result.last!, z)) }
    return result
  }
}
