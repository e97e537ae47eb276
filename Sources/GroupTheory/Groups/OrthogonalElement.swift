/// An orthogonal map of ℝ³: an element of ``O3``, written g = p R with a rotation R and a parity p = det g = ±1.
public struct OrthogonalElement: Sendable {
  /// The rotation R = det(g) g.
  public let rotation: Rotation3
  /// Whether det g = −1: the inversion is a factor.
  public let isImproper: Bool

  /// The map R, or −R when improper.
  public init(_ rotation: Rotation3, isImproper: Bool = false) {
    self.rotation = rotation
    self.isImproper = isImproper
  }

  /// The map that moves nothing.
  public static let identity = OrthogonalElement(.identity)

  /// The inversion x ↦ −x.
  public static let inversion = OrthogonalElement(.identity, isImproper: true)

  /// The reflection in the plane orthogonal to `normal`: the inversion times the half turn about it.
  public static func reflection(normal: SIMD3<Double>) -> OrthogonalElement {
    OrthogonalElement(Rotation3(axis: normal, angle: .pi), isImproper: true)
  }

  /// The map of an orthogonal 3×3 matrix; throws, saying how far off it is, when max |MᵀM − 1| exceeds `tolerance`.
  public init(matrix m: Matrix<Double>, tolerance: Double = 1e-6) throws(GroupElementError) {
    let improper = try orthogonalDeterminant(m, tolerance: tolerance) < 0
    self.init(try Rotation3(matrix: improper ? -1 * m : m, tolerance: tolerance), isImproper: improper)
  }

  /// det g: +1 or −1.
  public var parity: Int { isImproper ? -1 : 1 }

  /// The 3×3 matrix acting on column vectors (x, y, z).
  public var matrix: Matrix<Double> { isImproper ? -1 * rotation.matrix : rotation.matrix }

  /// The inverse map.
  public var inverse: OrthogonalElement { OrthogonalElement(rotation.inverse, isImproper: isImproper) }

  /// The composition ab: b first, then a.
  public static func * (a: OrthogonalElement, b: OrthogonalElement) -> OrthogonalElement {
    OrthogonalElement(a.rotation * b.rotation, isImproper: a.isImproper != b.isImproper)
  }

  /// The image g v of a vector (x, y, z).
  public static func * (g: OrthogonalElement, v: SIMD3<Double>) -> SIMD3<Double> {
    let rotated = g.rotation * v
    return g.isImproper ? -rotated : rotated
  }

  /// The distance of the rotations (see ``Rotation3/distance(to:)``), or 2 when the parities differ.
  public func distance(to other: OrthogonalElement) -> Double {
    isImproper == other.isImproper ? rotation.distance(to: other.rotation) : 2
  }
}
