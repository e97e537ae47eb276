import RealModule

/// A rigid motion of ℝ³, x ↦ R x + t: an element of ``E3``, and of ``SE3`` when the linear part R is proper.
public struct RigidMotion: Sendable {
  /// The linear part R.
  public let linear: OrthogonalElement
  /// The translation t = (x, y, z), in the units of the coordinates.
  public let translation: SIMD3<Double>

  /// The motion x ↦ R x + t.
  public init(linear: OrthogonalElement, translation: SIMD3<Double>) {
    self.linear = linear
    self.translation = translation
  }

  /// The proper motion x ↦ R x + t of a rotation.
  public init(rotation: Rotation3, translation: SIMD3<Double>) {
    self.init(linear: OrthogonalElement(rotation), translation: translation)
  }

  /// The motion that moves nothing.
  public static let identity = RigidMotion(linear: .identity, translation: .zero)

  /// The inverse motion x ↦ R⁻¹ (x − t).
  public var inverse: RigidMotion {
    let inverse = linear.inverse
    return RigidMotion(linear: inverse, translation: -(inverse * translation))
  }

  /// The composition ab, b first: x ↦ R_a (R_b x + t_b) + t_a.
  public static func * (a: RigidMotion, b: RigidMotion) -> RigidMotion {
    RigidMotion(linear: a.linear * b.linear, translation: a.linear * b.translation + a.translation)
  }

  /// The image R x + t of a point (x, y, z).
  public static func * (g: RigidMotion, point: SIMD3<Double>) -> SIMD3<Double> { g.linear * point + g.translation }

  /// The larger of the distance of the linear parts and the Euclidean distance of the translations.
  public func distance(to other: RigidMotion) -> Double {
    return max(linear.distance(to: other.linear), euclideanNorm(translation - other.translation))
  }

  /// Rotation and translation from independent laws: `linear`, and three normal numbers of mean 0 and deviation `scale`.
  static func random(
    linear: OrthogonalElement, translationScale scale: Double, using generator: inout some RandomNumberGenerator
  ) -> RigidMotion {
    let (x, y) = generator.normalPair()
    let (z, _) = generator.normalPair()
    return RigidMotion(linear: linear, translation: SIMD3(x, y, z) * scale)
  }
}
