import RealModule

/// A rotation of the plane, (x, y) ↦ (c x − s y, s x + c y): an element of ``SO2``, stored as the unit complex number c + i s.
public struct Rotation2: Sendable {
  /// cos θ.
  public let cosine: Double
  /// sin θ.
  public let sine: Double

  /// The rotation by `angle` radians, counterclockwise.
  public init(angle: Double) { self.init(normalizing: Double.cos(angle), Double.sin(angle)) }

  /// The rotation that takes the direction (1, 0) to that of (`x`, `y`); throws when that is zero or not finite.
  public init(x: Double, y: Double) throws(GroupElementError) {
    let largest = max(x.magnitude, y.magnitude)
    guard largest > 0 && largest.isFinite && !(x.isNaN || y.isNaN) else { throw .degenerateDirection(norm: Double.hypot(x, y)) }
    self.init(normalizing: x / largest, y / largest)
  }

  /// The rotation of a 2×2 rotation matrix; throws, saying how far off it is, when max |MᵀM − 1| exceeds `tolerance` or det M < 0.
  public init(matrix m: Matrix<Double>, tolerance: Double = 1e-6) throws(GroupElementError) {
    let determinant = try orthogonalDeterminant(m, size: 2, tolerance: tolerance)
    guard determinant > 0 else { throw .improper(determinant: determinant) }
    self.init(normalizing: m[0, 0] + m[1, 1], m[1, 0] - m[0, 1])
  }

  /// Divides by the norm, which the caller knows to be non-zero and of ordinary size.
  init(normalizing x: Double, _ y: Double) {
    let scale = 1 / Double.sqrt(x * x + y * y)
    (cosine, sine) = (x * scale, y * scale)
  }

  private init(unit cosine: Double, _ sine: Double) { (self.cosine, self.sine) = (cosine, sine) }

  /// The rotation that moves nothing.
  public static let identity = Rotation2(unit: 1, 0)

  /// The angle in (−π, π], in radians.
  public var angle: Double { sine == 0 && cosine < 0 ? .pi : Double.atan2(y: sine, x: cosine) }

  /// The 2×2 matrix [[c, −s], [s, c]] acting on columns (x, y).
  public var matrix: Matrix<Double> { Matrix(rows: 2, columns: 2, [cosine, -sine, sine, cosine]) }

  /// The inverse rotation, exactly.
  public var inverse: Rotation2 { Rotation2(unit: cosine, -sine) }

  /// The composition ab = ba.
  public static func * (a: Rotation2, b: Rotation2) -> Rotation2 {
    Rotation2(normalizing: a.cosine * b.cosine - a.sine * b.sine, a.cosine * b.sine + a.sine * b.cosine)
  }

  /// The image of a vector (x, y).
  public static func * (g: Rotation2, v: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(g.cosine * v.x - g.sine * v.y, g.sine * v.x + g.cosine * v.y)
  }

  /// The k-th power, the rotation by kθ.
  func power(_ k: Int) -> Rotation2 { SO2().power(self, k) }

  /// The chord |a − b| of the unit complex numbers: 2 |sin| of half the angle between.
  public func distance(to other: Rotation2) -> Double { Double.hypot(cosine - other.cosine, sine - other.sine) }

  /// The same turn as a rotation of space about an axis (x, y, z) of any non-zero length: the embedding of SO(2) in SO(3).
  public func about(axis: SIMD3<Double>) -> Rotation3 { Rotation3(axis: axis, angle: angle) }
}
