import Requirements

/// The Euclidean group E(3): all isometries of ℝ³, x ↦ R x + t with R in O(3).
///
/// It is not compact, so there is no uniform random element: ``randomElement(using:)`` takes a Haar element of O(3) and, independently, a
/// translation with normal components of mean 0 and standard deviation ``translationScale``. The coordinates of the algebra are the twist
/// (ω, v), a rotation vector in radians and a velocity.
public struct E3: LieGroup {
  /// The standard deviation of each component of a random translation, in the units of the coordinates.
  public let translationScale: Double

  /// The group; `translationScale` only enters ``randomElement(using:)``.
  public init(translationScale: Double = 1) {
    require(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
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

  /// The larger of the distances of linear parts and of translations (``RigidMotion/distance(to:)``).
  public func distance(_ a: RigidMotion, _ b: RigidMotion) -> Double { a.distance(to: b) }

  /// The generators of ``O3`` and the unit translation along x, whose conjugates by rotations point everywhere, so that their sums are
  /// dense.
  public var generators: [RigidMotion] {
    O3().generators.map { RigidMotion(linear: $0, translation: .zero) }
      + [RigidMotion(linear: .identity, translation: SIMD3(1, 0, 0))]
  }

  /// 6.
  public var algebraDimension: Int { 6 }

  /// The motion of a twist (ω, v), as in ``SE3``.
  public func exponential(_ coordinates: [Double]) -> RigidMotion { SE3().exponential(coordinates) }

  /// The twist (ω, v) with |ω| at most π; nil for an improper motion.
  public func logarithm(of a: RigidMotion) -> [Double]? { a.linear.isImproper ? nil : a.twist }

  /// The bracket of twists, as in ``SE3``.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] { SE3().bracket(x, y) }

  /// The 4×4 representation on homogeneous coordinates.
  public var homogeneous: HomogeneousRepresentation { HomogeneousRepresentation() }
}
