import RealModule

/// A number with its derivatives along the two parameters of a surface, so that tangents, and hence normals, are exact.
struct Dual {
  var value: Double
  /// The derivatives along u and v.
  var slope: SIMD2<Double>

  init(_ value: Double, _ slope: SIMD2<Double> = .zero) { (self.value, self.slope) = (value, slope) }

  static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.slope + b.slope) }
  static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.slope - b.slope) }
  static func * (a: Dual, b: Dual) -> Dual { Dual(a.value * b.value, a.value * b.slope + b.value * a.slope) }
  static func + (a: Double, b: Dual) -> Dual { Dual(a + b.value, b.slope) }
  static func - (a: Double, b: Dual) -> Dual { Dual(a - b.value, -b.slope) }
  static func * (a: Double, b: Dual) -> Dual { Dual(a * b.value, a * b.slope) }

  var squareRoot: Dual {
    let root = value.squareRoot()
    return Dual(root, slope / (2 * root))
  }
  var sine: Dual { Dual(.sin(value), .cos(value) * slope) }
  var cosine: Dual { Dual(.cos(value), -.sin(value) * slope) }
}
