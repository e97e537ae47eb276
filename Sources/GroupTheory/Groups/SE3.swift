/// The special Euclidean group SE(3): rotations and translations of ℝ³.
///
/// It is not compact, so there is no uniform random element: ``randomElement(using:)`` takes a Haar rotation and, independently, a
/// translation with normal components of mean 0 and standard deviation ``translationScale``.
public struct SE3: Group {
  /// The standard deviation of each component of a random translation, in the units of the coordinates.
  public let translationScale: Double

  /// The group; `translationScale` only enters ``randomElement(using:)``.
  public init(translationScale: Double = 1) {
    precondition(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
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

  /// The 4×4 representation on homogeneous coordinates.
  public var homogeneous: HomogeneousRepresentation { HomogeneousRepresentation() }

  private func checkProper(_ a: RigidMotion) {
    precondition(!a.linear.isImproper, "expected a proper motion (an element of SE(3)), received one with determinant -1")
  }
}
