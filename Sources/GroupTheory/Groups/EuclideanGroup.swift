import RealModule
import Requirements

/// O(d), SO(d), E(d) or SE(d) for any dimension d, as matrices: x ↦ R x + t.
///
/// For d = 2 and 3, ``O3``, ``SE3`` and the like know more (irreps, quaternions); this family is for what is the same in all dimensions,
/// such as frames of point clouds.
public struct EuclideanGroup: MetricGroup {
  /// d, at least 1.
  public let dimension: Int
  /// Whether det R = −1 is allowed.
  public let hasReflections: Bool
  /// Whether t ≠ 0 is allowed.
  public let hasTranslations: Bool

  /// A group by its properties; traps for a dimension below 1.
  public init(dimension: Int, hasReflections: Bool, hasTranslations: Bool) {
    require(dimension >= 1, "expected a dimension of at least 1, received \(dimension)")
    (self.dimension, self.hasReflections, self.hasTranslations) = (dimension, hasReflections, hasTranslations)
  }
  /// O(d)
  public static func o(_ d: Int) -> EuclideanGroup { EuclideanGroup(dimension: d, hasReflections: true, hasTranslations: false) }
  /// SO(d)
  public static func so(_ d: Int) -> EuclideanGroup { EuclideanGroup(dimension: d, hasReflections: false, hasTranslations: false) }
  /// E(d)
  public static func e(_ d: Int) -> EuclideanGroup { EuclideanGroup(dimension: d, hasReflections: true, hasTranslations: true) }
  /// SE(d)
  public static func se(_ d: Int) -> EuclideanGroup { EuclideanGroup(dimension: d, hasReflections: false, hasTranslations: true) }

  /// The map that moves nothing.
  public var identity: EuclideanElement {
    EuclideanElement(linear: .identity(dimension), translation: Array(repeating: 0, count: dimension))
  }

  /// The composition ab, b first: x ↦ R_a (R_b x + t_b) + t_a.
  public func product(_ a: EuclideanElement, _ b: EuclideanElement) -> EuclideanElement {
    EuclideanElement(linear: a.linear * b.linear, translation: a * b.translation)
  }

  /// The inverse map x ↦ Rᵀ (x − t).
  public func inverse(of a: EuclideanElement) -> EuclideanElement {
    let inverse = a.linear.transposed
    return EuclideanElement(linear: inverse, translation: (inverse * a.translation).map { -$0 })
  }

  /// R from the Haar measure (Gram-Schmidt on normal vectors); t, where there is one, of normal components with mean 0 and deviation 1.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> EuclideanElement {
    let normals = (0..<dimension * dimension + dimension).map { _ in generator.normalPair().0 }
    var columns: [[Double]] = []
    for k in 0..<dimension { columns.append(orthonormalized(Array(normals[k * dimension..<(k + 1) * dimension]), to: columns)) }
    var matrix = Matrix(columns).transposed
    if !hasReflections, matrix.determinant < 0 {
      columns[0] = columns[0].map { -$0 }
      matrix = Matrix(columns).transposed
    }
    let translation = hasTranslations ? Array(normals.suffix(dimension)) : Array(repeating: 0, count: dimension)
    return EuclideanElement(linear: matrix, translation: translation)
  }

  /// The larger of the largest difference of two matrix elements and of two components of the translations.
  public func distance(_ a: EuclideanElement, _ b: EuclideanElement) -> Double {
    max(a.linear.distance(to: b.linear), zip(a.translation, b.translation).map { ($0 - $1).magnitude }.max() ?? 0)
  }
}

/// A map x ↦ R x + t of ℝᵈ with orthogonal R: an element of ``EuclideanGroup``.
public struct EuclideanElement: Sendable {
  /// R, d × d.
  public let linear: Matrix<Double>
  /// t, d components, in the units of the coordinates.
  public let translation: [Double]

  /// The map x ↦ R x + t; `linear` must be square, of the size of `translation`, and is taken to be orthogonal.
  public init(linear: Matrix<Double>, translation: [Double]) {
    require(
      linear.rows == translation.count && linear.columns == translation.count,
      "expected a \(translation.count)×\(translation.count) matrix, received \(linear.rows)×\(linear.columns)")
    (self.linear, self.translation) = (linear, translation)
  }

  /// A rigid motion of space.
  public init(_ motion: RigidMotion) {
    let t = motion.translation
    self.init(linear: motion.linear.matrix, translation: [t.x, t.y, t.z])
  }

  /// The image R x + t of a point.
  public static func * (g: EuclideanElement, x: [Double]) -> [Double] { zip(g.linear * x, g.translation).map(+) }
}

/// The unit vector along what remains of v outside the span of orthonormal vectors, orthogonal to them to rounding; v must not lie in
/// the span.
package func orthonormalized(_ v: [Double], to others: [[Double]]) -> [Double] {
  // In units of its size, so that squares neither overflow nor vanish.
  let scale = powerOfTwo(nextTo: v.reduce(0) { max($0, $1.magnitude) })
  var rest = v.map { $0 / scale }
  // Once more where much has cancelled: twice is enough (Parlett).
  for _ in 0..<2 {
    for e in others {
      let overlap = zip(rest, e).reduce(0) { $0 + $1.0 * $1.1 }
      for i in rest.indices { rest[i] -= overlap * e[i] }
    }
    let norm = euclideanNorm(rest)
    for i in rest.indices { rest[i] /= norm }
  }
  return rest
}
