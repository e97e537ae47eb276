import RealModule
import Requirements

/// An irrep of a ``DirectProduct``: the outer tensor product (ρ ⊠ σ)(a, b) = ρ(a) ⊗ σ(b), or half of it.
///
/// If ρ or σ is of the real type the product is irreducible. If both are complex, with structures J and K, then J ⊗ K commutes with
/// everything and its square is 1; its two eigenspaces are irreducible and of complex type.
public struct DirectProductIrrep<First: IrreducibleRepresentation, Second: IrreducibleRepresentation>: IrreducibleRepresentation {
  /// What part of the tensor product it is.
  public enum Part: Hashable, Sendable {
    /// All of it.
    case whole
    /// The eigenspace of J ⊗ K with eigenvalue −1, where J = K on the complex numbers ρ ⊗ σ over ℂ.
    case linear
    /// The eigenspace of J ⊗ K with eigenvalue +1, where J = −K.
    case conjugate
  }

  /// ρ.
  public let first: First
  /// σ.
  public let second: Second
  /// The part of ρ ⊗ σ.
  public let part: Part
  /// Orthonormal columns that span the part; nil for the whole.
  private let basis: Matrix<Double>?

  /// All irreps in ρ ⊠ σ: one, or two if both are of the complex type. Traps if one is quaternionic and the other is not real.
  public static func irreps(of first: First, _ second: Second) -> [DirectProductIrrep] {
    let types = (first.frobeniusSchurType, second.frobeniusSchurType)
    if types.0 == .real || types.1 == .real { return [DirectProductIrrep(first, second, .whole, basis: nil)] }
    require(
      types == (.complex, .complex), "expected factors of real or complex type, received \(types.0) and \(types.1)")
    let involution = first.endomorphisms[1].kroneckerProduct(second.endomorphisms[1])
    return [(Part.linear, -1.0), (.conjugate, 1.0)].map { part, sign in
      let projector = 0.5 * (Matrix.identity(involution.rows) + sign * involution)
      return DirectProductIrrep(first, second, part, basis: orthonormalColumns(projector))
    }
  }

  private init(_ first: First, _ second: Second, _ part: Part, basis: Matrix<Double>?) {
    (self.first, self.second, self.part, self.basis) = (first, second, part, basis)
  }

  /// dim ρ · dim σ, or half of it.
  public var dimension: Int { basis?.columns ?? first.dimension * second.dimension }

  /// ρ(a) ⊗ σ(b) on the part.
  public func callAsFunction(_ g: ProductElement<First.Element, Second.Element>) -> Matrix<Double> {
    restricted(first(g.first).kroneckerProduct(second(g.second)))
  }

  /// The endomorphisms of the factor that is not real; on a half, 1 and J ⊗ 1.
  public var endomorphisms: [Matrix<Double>] {
    let (one, other) = (Matrix<Double>.identity(first.dimension), Matrix<Double>.identity(second.dimension))
    let ofFirst = first.endomorphisms
    if ofFirst.count > 1 { return ofFirst.map { restricted($0.kroneckerProduct(other)) } }
    return second.endomorphisms.map { one.kroneckerProduct($0) }
  }

  private func restricted(_ m: Matrix<Double>) -> Matrix<Double> {
    guard let basis else { return m }
    return basis.transposed * m * basis
  }

  /// Whether the factors and the part are the same.
  public static func == (a: Self, b: Self) -> Bool { a.first == b.first && a.second == b.second && a.part == b.part }

  /// Hashes factors and part.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(first)
    hasher.combine(second)
    hasher.combine(part)
  }

  /// "E ⊠ Ag", with "(conjugate)" or "(linear)" for a half.
  public var description: String { "\(first) ⊠ \(second)" + (part == .whole ? "" : " (\(part))") }
}

extension DirectProduct: GroupWithIrreps where A: GroupWithIrreps, B: GroupWithIrreps {
  /// The irreps in the outer products of those of the factors, each up to the degree.
  public func irreps(upTo degree: Int) -> [DirectProductIrrep<A.Irrep, B.Irrep>] {
    let others = second.irreps(upTo: degree)
    return first.irreps(upTo: degree).flatMap { a in others.flatMap { b in DirectProductIrrep.irreps(of: a, b) } }
  }
}

/// An orthonormal basis, as columns, of the range of an orthogonal projector: Gram-Schmidt, twice, over its columns.
private func orthonormalColumns(_ projector: Matrix<Double>) -> Matrix<Double> {
  let rows = projector.transposed
  var basis: [[Double]] = []
  for i in 0..<rows.rows {
    var v = (0..<rows.columns).map { rows[i, $0] }
    for _ in 0..<2 {
      for b in basis {
        let overlap = zip(b, v).reduce(0) { $0 + $1.0 * $1.1 }
        for k in v.indices { v[k] -= overlap * b[k] }
      }
    }
    let norm = Double.sqrt(v.reduce(0) { $0 + $1 * $1 })
    // What is left of a dependent column is rounding; independent ones of these projectors keep a norm of order 1.
    if norm > 1e-6 { basis.append(v.map { $0 / norm }) }
  }
  return Matrix(basis).transposed
}
