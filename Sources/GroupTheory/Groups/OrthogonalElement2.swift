/// An orthogonal map of the plane: an element of ``O2``, written g = R F with a rotation R and F = 1 or the reflection (x, y) ↦ (x, −y).
public struct OrthogonalElement2: Sendable {
  /// The rotation R, which acts last.
  public let rotation: Rotation2
  /// Whether F is the reflection, det g = −1.
  public let isReflection: Bool

  /// R, or R after the reflection (x, y) ↦ (x, −y).
  public init(_ rotation: Rotation2, isReflection: Bool = false) {
    (self.rotation, self.isReflection) = (rotation, isReflection)
  }

  /// The map of an orthogonal 2×2 matrix; throws, saying how far off it is, when max |MᵀM − 1| exceeds `tolerance`.
  public init(matrix m: Matrix<Double>, tolerance: Double = 1e-6) throws(GroupElementError) {
    let improper = try orthogonalDeterminant(m, size: 2, tolerance: tolerance) < 0
    self.init(try Rotation2(matrix: improper ? m * Self.flip : m, tolerance: tolerance), isReflection: improper)
  }

  private static let flip = Matrix<Double>.diagonal([1, -1])

  /// The map that moves nothing.
  public static let identity = OrthogonalElement2(.identity)

  /// The reflection (x, y) ↦ (x, −y).
  public static let reflection = OrthogonalElement2(.identity, isReflection: true)

  /// det g: +1 or −1.
  public var parity: Int { isReflection ? -1 : 1 }

  /// The 2×2 matrix acting on columns (x, y).
  public var matrix: Matrix<Double> { isReflection ? rotation.matrix * Self.flip : rotation.matrix }

  /// The inverse map; a reflection is its own.
  public var inverse: OrthogonalElement2 { isReflection ? self : OrthogonalElement2(rotation.inverse) }

  /// The composition ab, b first: F R = R⁻¹ F.
  public static func * (a: OrthogonalElement2, b: OrthogonalElement2) -> OrthogonalElement2 {
    OrthogonalElement2(
      a.rotation * (a.isReflection ? b.rotation.inverse : b.rotation), isReflection: a.isReflection != b.isReflection)
  }

  /// The image of a vector (x, y).
  public static func * (g: OrthogonalElement2, v: SIMD2<Double>) -> SIMD2<Double> {
    g.rotation * (g.isReflection ? SIMD2(v.x, -v.y) : v)
  }

  /// The distance of the rotations, at most 2, or 2 when the determinants differ.
  public func distance(to other: OrthogonalElement2) -> Double {
    isReflection == other.isReflection ? rotation.distance(to: other.rotation) : 2
  }
}
