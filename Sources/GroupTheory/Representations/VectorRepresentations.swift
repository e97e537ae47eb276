import Requirements

/// Something that acts on 3-vectors by an orthogonal matrix.
public protocol OrthogonalTransformation: Sendable {
  /// The orthogonal 3×3 matrix acting on column vectors (x, y, z).
  var matrix: Matrix<Double> { get }
}

extension Rotation3: OrthogonalTransformation {}
extension OrthogonalElement: OrthogonalTransformation {}

/// The standard representation on 3-vectors: ρ(g) is the orthogonal matrix itself (polar vectors: positions, velocities, forces).
public struct VectorRepresentation<Element: OrthogonalTransformation>: Representation {
  /// ρ(g) = g.
  public init() {}

  /// 3.
  public var dimension: Int { 3 }

  /// The 3×3 matrix of g.
  public func callAsFunction(_ g: Element) -> Matrix<Double> { g.matrix }
}

/// Pseudovectors of O(3): ρ(g) = det(g) g (axial vectors: angular momenta, cross products, magnetic fields).
public struct PseudovectorRepresentation: Representation {
  /// ρ(g) = det(g) g.
  public init() {}

  /// 3.
  public var dimension: Int { 3 }

  /// det(g) g, which is the rotation factor of g.
  public func callAsFunction(_ g: OrthogonalElement) -> Matrix<Double> { g.rotation.matrix }
}

/// Pseudoscalars of O(3): ρ(g) = det(g) (triple products, helicities).
public struct PseudoscalarRepresentation: Representation {
  /// ρ(g) = det(g).
  public init() {}

  /// 1.
  public var dimension: Int { 1 }

  /// The 1×1 matrix (det g).
  public func callAsFunction(_ g: OrthogonalElement) -> Matrix<Double> { Matrix(rows: 1, columns: 1, [Double(g.parity)]) }
}

/// Rigid motions on homogeneous coordinates (x, 1): ρ(g) = [[R, t], [0, 1]], 4×4; not orthogonal when t ≠ 0.
public struct HomogeneousRepresentation: Representation {
  /// ρ(g) = [[R, t], [0, 1]].
  public init() {}

  /// 4.
  public var dimension: Int { 4 }

  /// [[R, t], [0, 1]].
  public func callAsFunction(_ g: RigidMotion) -> Matrix<Double> {
    var result = g.linear.matrix.directSum(.identity(1))
    for axis in 0..<3 { result[axis, 3] = g.translation[axis] }
    return result
  }
}

/// Permutation matrices of S_n: ρ(σ) e_j = e_σ(j).
public struct PermutationRepresentation: Representation {
  /// n, the number of permuted points.
  public let dimension: Int

  /// The representation of S_n on ℝⁿ.
  public init(_ n: Int) { dimension = n }

  /// The n×n matrix with entries ρ[σ(j), j] = 1.
  public func callAsFunction(_ g: Permutation) -> Matrix<Double> {
    require(g.count == dimension, "expected a permutation of \(dimension) points, received one of \(g.count)")
    var result = Matrix<Double>(zeros: dimension, dimension)
    for j in 0..<dimension { result[g[j], j] = 1 }
    return result
  }
}

/// The sign of S_n: ρ(σ) = +1 for even and −1 for odd permutations.
public struct SignRepresentation: Representation {
  /// ρ(σ) = sign σ.
  public init() {}

  /// 1.
  public var dimension: Int { 1 }

  /// The 1×1 matrix (sign σ).
  public func callAsFunction(_ g: Permutation) -> Matrix<Double> { Matrix(rows: 1, columns: 1, [Double(g.sign)]) }
}
