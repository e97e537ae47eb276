import Requirements

/// The special Euclidean group SE(3): rotations and translations of ℝ³.
///
/// It is not compact, so there is no uniform random element: ``randomElement(using:)`` takes a Haar rotation and, independently, a
/// translation with normal components of mean 0 and standard deviation ``translationScale``. The coordinates of the algebra are the twist
/// (ω, v), a rotation vector in radians and a velocity.
public struct SE3: LieGroup {
  /// The standard deviation of each component of a random translation, in the units of the coordinates.
  public let translationScale: Double

  /// The group; `translationScale` only enters ``randomElement(using:)``.
  public init(translationScale: Double = 1) {
    require(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
    self.translationScale = translationScale
  }

  /// The motion that moves nothing.
  public var identity: RigidMotion { .identity }

  /// The composition ab, b first; traps on an improper factor.
  public func product(_ a: RigidMotion, _ b: RigidMotion) -> RigidMotion {
    checkProper(a)
    checkProper(b)
    return a * b
  }

  /// The inverse motion; traps on an improper motion.
  public func inverse(of a: RigidMotion) -> RigidMotion {
    checkProper(a)
    return a.inverse
  }

  /// A Haar rotation and a normal translation (see the type's description).
  public func randomElement(using generator: inout some RandomNumberGenerator) -> RigidMotion {
    let rotation = SO3().randomElement(using: &generator)
    return .random(linear: OrthogonalElement(rotation), translationScale: translationScale, using: &generator)
  }

  /// The larger of the distances of linear parts and of translations (``RigidMotion/distance(to:)``).
  public func distance(_ a: RigidMotion, _ b: RigidMotion) -> Double { a.distance(to: b) }

  /// The generators of ``SO3`` and the unit translation along x, whose conjugates by rotations point everywhere, so that their sums are
  /// dense.
  public var generators: [RigidMotion] {
    SO3().generators.map { RigidMotion(rotation: $0, translation: .zero) }
      + [RigidMotion(linear: .identity, translation: SIMD3(1, 0, 0))]
  }

  /// 6.
  public var algebraDimension: Int { 6 }

  /// The motion of a twist (ω, v): R = exp ω and t = V(ω) v, where V = 1 + (1 − cos θ)/θ² [ω] + (θ − sin θ)/θ³ [ω]² and θ = |ω|
  /// (Murray, Li and Sastry 1994, eq. 2.36).
  public func exponential(_ coordinates: [Double]) -> RigidMotion {
    check(coordinates)
    return RigidMotion(rotationVector: SIMD3(coordinates[0..<3]), velocity: SIMD3(coordinates[3..<6]))
  }

  /// (ω, V(ω)⁻¹ t), with |ω| at most π (``Rotation3/rotationVector``); traps on an improper motion.
  public func logarithm(of a: RigidMotion) -> [Double]? {
    checkProper(a)
    return a.twist
  }

  /// [(ω, v), (ψ, w)] = (ω × ψ, ω × w − ψ × v).
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    let ((omega, v), (psi, w)) = ((SIMD3(x[0..<3]), SIMD3(x[3..<6])), (SIMD3(y[0..<3]), SIMD3(y[3..<6])))
    let (turn, shift) = (cross(omega, psi), cross(omega, w) - cross(psi, v))
    return [turn.x, turn.y, turn.z, shift.x, shift.y, shift.z]
  }

  /// The 4×4 representation on homogeneous coordinates.
  public var homogeneous: HomogeneousRepresentation { HomogeneousRepresentation() }

  private func checkProper(_ a: RigidMotion) {
    require(!a.linear.isImproper, "expected a proper motion (an element of SE(3)), received one with determinant -1")
  }
}
