/// The Euclidean group E(3): all isometries of ℝ³, x ↦ R x + t with R in O(3).
///
/// It is not compact, so there is no uniform random element: ``randomElement(using:)`` takes a Haar element of O(3) and, independently, a
/// translation with normal components of mean 0 and standard deviation ``translationScale``.
public struct E3: Group {
  /// The standard deviation of each component of a random translation, in the units of the coordinates.
  public let translationScale: Double

  /// The group; `translationScale` only enters ``randomElement(using:)``.
  public init(translationScale: Double = 1) {
    precondition(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
    self.translationScale = translationScale
  }

  /// The motion that moves nothing.
  public var identity: RigidMotion { .identity }

  /// The composition ab, b first.
  public func product(_ a: RigidMotion, _ b: RigidMotion) -> RigidMotion { a * b }

  /// The inverse motion.
  public func inverse(of a: RigidMotion) -> RigidMotion { a.inverse }

  /// A Haar element of O(3) and a normal translation (see the type's description).
  public func randomElement(using generator: inout some RandomNumberGenerator) -> RigidMotion {
    let linear = O3().randomElement(using: &generator)
    return .random(linear: linear, translationScale: translationScale, using: &generator)
  }

  /// The 4×4 representation on homogeneous coordinates.
  public var homogeneous: HomogeneousRepresentation { HomogeneousRepresentation() }
}
