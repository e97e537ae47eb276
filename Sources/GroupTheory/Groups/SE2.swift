import RealModule
import Requirements

/// The special Euclidean group SE(2): rotations and translations of the plane.
///
/// It is not compact: ``randomElement(using:)`` takes a uniform rotation and, independently, a translation with normal components of mean 0
/// and standard deviation ``translationScale``. The coordinates of the algebra are (θ, vx, vy), an angle in radians and a velocity.
public struct SE2: LieGroup {
  /// The standard deviation of each component of a random translation, in the units of the coordinates.
  public let translationScale: Double

  /// The group; `translationScale` only enters ``randomElement(using:)``.
  public init(translationScale: Double = 1) {
    require(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
    self.translationScale = translationScale
  }

  /// The motion that moves nothing.
  public var identity: RigidMotion2 { .identity }

  /// The composition ab, b first.
  public func product(_ a: RigidMotion2, _ b: RigidMotion2) -> RigidMotion2 { a * b }

  /// The inverse motion.
  public func inverse(of a: RigidMotion2) -> RigidMotion2 { a.inverse }

  /// A uniform rotation and a normal translation (see the type's description).
  public func randomElement(using generator: inout some RandomNumberGenerator) -> RigidMotion2 {
    let rotation = SO2().randomElement(using: &generator)
    let (x, y) = generator.normalPair()
    return RigidMotion2(rotation: rotation, translation: SIMD2(x, y) * translationScale)
  }

  /// The larger of the distances of rotations and of translations.
  public func distance(_ a: RigidMotion2, _ b: RigidMotion2) -> Double { a.distance(to: b) }

  /// The rotation by the golden angle and the unit translation along x; conjugates of this by powers of that point everywhere.
  public var generators: [RigidMotion2] {
    SO2().generators.map { RigidMotion2(rotation: $0, translation: .zero) }
      + [RigidMotion2(rotation: .identity, translation: SIMD2(1, 0))]
  }

  /// 3.
  public var algebraDimension: Int { 3 }

  /// The motion after unit time at angular velocity θ and velocity (vx, vy) of the moving frame: t = V v with
  /// V = [[sin θ, −(1 − cos θ)], [1 − cos θ, sin θ]] / θ.
  public func exponential(_ coordinates: [Double]) -> RigidMotion2 {
    check(coordinates)
    let (angle, velocity) = (coordinates[0], SIMD2(coordinates[1], coordinates[2]))
    // V is the rotation by θ/2 times sin(θ/2) / (θ/2): no cancellation anywhere.
    let translation = sinc(angle / 2) * (Rotation2(angle: angle / 2) * velocity)
    return RigidMotion2(rotation: Rotation2(angle: angle), translation: translation)
  }

  /// (θ, V⁻¹ t) with θ in (−π, π].
  public func logarithm(of a: RigidMotion2) -> [Double]? {
    let angle = a.rotation.angle
    let velocity = 1 / sinc(angle / 2) * (Rotation2(angle: -angle / 2) * a.translation)
    return [angle, velocity.x, velocity.y]
  }

  /// [(θ, v), (φ, w)] = (0, θ J w − φ J v), J the quarter turn.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    return [0, y[0] * x[2] - x[0] * y[2], x[0] * y[1] - y[0] * x[1]]
  }

  /// The 3×3 representation on homogeneous coordinates (x, y, 1).
  public var homogeneous: FunctionRepresentation<RigidMotion2> {
    FunctionRepresentation(dimension: 3) { $0.homogeneousMatrix }
  }
}

/// sin x / x, with its limit 1 at 0.
func sinc(_ x: Double) -> Double { x == 0 ? 1 : Double.sin(x) / x }
