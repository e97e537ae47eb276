import RealModule

/// A proper rigid motion of the plane, p ↦ R p + t: an element of ``SE2``.
public struct RigidMotion2: Sendable {
  /// The rotation R.
  public let rotation: Rotation2
  /// The translation t = (x, y), in the units of the coordinates.
  public let translation: SIMD2<Double>

  /// The motion p ↦ R p + t.
  public init(rotation: Rotation2, translation: SIMD2<Double>) {
    (self.rotation, self.translation) = (rotation, translation)
  }

  /// The motion that moves nothing.
  public static let identity = RigidMotion2(rotation: .identity, translation: .zero)

  /// The inverse motion p ↦ R⁻¹ (p − t).
  public var inverse: RigidMotion2 {
    RigidMotion2(rotation: rotation.inverse, translation: -(rotation.inverse * translation))
  }

  /// The composition ab, b first.
  public static func * (a: RigidMotion2, b: RigidMotion2) -> RigidMotion2 {
    RigidMotion2(rotation: a.rotation * b.rotation, translation: a.rotation * b.translation + a.translation)
  }

  /// The image R p + t of a point (x, y).
  public static func * (g: RigidMotion2, point: SIMD2<Double>) -> SIMD2<Double> { g.rotation * point + g.translation }

  /// The 3×3 matrix [[R, t], [0, 1]] acting on columns (x, y, 1).
  public var homogeneousMatrix: Matrix<Double> {
    var result = rotation.matrix.directSum(.identity(1))
    (result[0, 2], result[1, 2]) = (translation.x, translation.y)
    return result
  }

  /// The larger of the distance of the rotations and the Euclidean distance of the translations.
  public func distance(to other: RigidMotion2) -> Double {
    let difference = translation - other.translation
    return max(rotation.distance(to: other.rotation), Double.hypot(difference.x, difference.y))
  }
}
