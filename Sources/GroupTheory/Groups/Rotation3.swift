import RealModule
import Requirements

/// A rotation of ℝ³: an element of ``SO3``.
///
/// It is stored as a unit quaternion q = (w, x, y, z). Products and inverses stay rotations to rounding, however long the chain (every
/// product is renormalised), and the inverse is exact. As q and −q are the same rotation, rotations are compared by ``distance(to:)``.
public struct Rotation3: Sendable {
  /// The real part cos(θ/2).
  public let w: Double
  /// The first imaginary part, n_x sin(θ/2).
  public let x: Double
  /// The second imaginary part, n_y sin(θ/2).
  public let y: Double
  /// The third imaginary part, n_z sin(θ/2).
  public let z: Double

  /// The rotation that moves nothing.
  public static let identity = Rotation3(normalizing: 1, 0, 0, 0)

  /// The rotation of a quaternion of any non-zero finite norm, which is divided out.
  public init(w: Double, x: Double, y: Double, z: Double) throws(GroupElementError) {
    let largest = max(max(w.magnitude, x.magnitude), max(y.magnitude, z.magnitude))
    guard largest > 0 && largest.isFinite && !(w.isNaN || x.isNaN || y.isNaN || z.isNaN) else {
      throw .degenerateQuaternion(norm: w * w + x * x + y * y + z * z)
    }
    self.init(normalizing: w / largest, x / largest, y / largest, z / largest)
  }

  /// The rotation by `angle` (radians, right-handed) about `axis` = (x, y, z), of any non-zero length.
  public init(axis: SIMD3<Double>, angle: Double) {
    let point = UnitPoint(axis)
    require(point.radius > 0 && point.radius.isFinite, "expected an axis of non-zero finite length, received \(axis)")
    let unit = point.direction * Double.sin(angle / 2)
    self.init(normalizing: Double.cos(angle / 2), unit.x, unit.y, unit.z)
  }

  /// Divides by the norm, which the caller knows to be non-zero and of ordinary size.
  init(normalizing w: Double, _ x: Double, _ y: Double, _ z: Double) {
    let scale = 1 / Double.sqrt(w * w + x * x + y * y + z * z)
    (self.w, self.x, self.y, self.z) = (w * scale, x * scale, y * scale, z * scale)
  }

  private init(unit w: Double, _ x: Double, _ y: Double, _ z: Double) {
    (self.w, self.x, self.y, self.z) = (w, x, y, z)
  }

  /// The inverse rotation: the conjugate quaternion, exactly.
  public var inverse: Rotation3 { Rotation3(unit: w, -x, -y, -z) }

  /// The composition ab: b first, then a.
  public static func * (a: Rotation3, b: Rotation3) -> Rotation3 {
    Rotation3(
      normalizing: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
      a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
      a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
      a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w)
  }

  /// The image R v of a vector (x, y, z): v + 2w (u × v) + 2 u × (u × v) for q = (w, u).
  public static func * (rotation: Rotation3, v: SIMD3<Double>) -> SIMD3<Double> {
    let u = SIMD3(rotation.x, rotation.y, rotation.z)
    let t = 2 * cross(u, v)
    return v + rotation.w * t + cross(u, t)
  }

  /// The angle θ in [0, π], in radians; accurate near 0 and near π.
  public var angle: Double { 2 * Double.atan2(y: euclideanNorm(SIMD3(x, y, z)), x: w.magnitude) }

  /// The unit axis n of a rotation by ``angle`` about n; (0, 1, 0), the polar axis, for the identity.
  public var axis: SIMD3<Double> {
    let point = UnitPoint(SIMD3(x, y, z))
    if point.radius == 0 { return SIMD3(0, 1, 0) }
    return w < 0 ? -point.direction : point.direction
  }

  /// The distance min(|p − q|, |p + q|) of the quaternions p, q: about half the angle of the relative rotation when that is small.
  public func distance(to other: Rotation3) -> Double {
    func norm(_ sign: Double) -> Double {
      euclideanNorm(SIMD4(w, x, y, z) + sign * SIMD4(other.w, other.x, other.y, other.z))
    }
    return min(norm(-1), norm(1))
  }
}

/// The cross product a × b.
func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
