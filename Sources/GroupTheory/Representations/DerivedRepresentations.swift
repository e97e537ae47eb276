import RealModule

/// The dual (contragredient) representation, ρ*(g) = ρ(g⁻¹)ᵀ; equal to ρ if that is orthogonal.
public struct DualRepresentation<G: Group, Original: Representation>: Representation where G.Element == Original.Element {
  /// The group, which knows inverses.
  public let group: G
  /// ρ.
  public let original: Original

  /// dim ρ.
  public var dimension: Int { original.dimension }

  /// ρ(g⁻¹)ᵀ.
  public func callAsFunction(_ g: G.Element) -> Matrix<Double> { original(group.inverse(of: g)).transposed }
}

/// A representation ρ of G turned into one of H by a homomorphism f: H → G, h ↦ ρ(f(h)); for the inclusion of a subgroup, it is the
/// restriction.
public struct RestrictedRepresentation<Element: Sendable, Original: Representation>: Representation {
  /// ρ.
  public let original: Original
  private let homomorphism: @Sendable (Element) -> Original.Element

  fileprivate init(_ original: Original, _ homomorphism: @escaping @Sendable (Element) -> Original.Element) {
    (self.original, self.homomorphism) = (original, homomorphism)
  }

  /// dim ρ.
  public var dimension: Int { original.dimension }

  /// ρ(f(h)).
  public func callAsFunction(_ h: Element) -> Matrix<Double> { original(homomorphism(h)) }

  /// χ(f(h)).
  public func character(of h: Element) -> Double { original.character(of: homomorphism(h)) }
}

/// The symmetric or the alternating square of ρ: ρ ⊗ ρ on the tensors that exchanging the factors keeps, or negates.
///
/// The basis is orthonormal: (e_i ⊗ e_j ± e_j ⊗ e_i)/√2 for i < j, and e_i ⊗ e_i in the symmetric square, with pairs in lexicographic
/// order.
public struct SquareRepresentation<Original: Representation>: Representation {
  /// ρ.
  public let original: Original
  /// Whether exchanging the factors changes the sign.
  public let isAlternating: Bool

  /// n(n + 1)/2 or n(n − 1)/2 for dim ρ = n.
  public var dimension: Int { original.dimension * (original.dimension + (isAlternating ? -1 : 1)) / 2 }

  /// The matrix ⟨e_i e_j | ρ(g) ⊗ ρ(g) | e_k e_l⟩ in the basis of pairs.
  public func callAsFunction(_ g: Original.Element) -> Matrix<Double> {
    let (r, n) = (original(g), original.dimension)
    let pairs = (0..<n).flatMap { i in ((isAlternating ? i + 1 : i)..<max(n, i + 1)).map { (i, $0) } }
    let sign: Double = isAlternating ? -1 : 1
    var result = Matrix<Double>(zeros: pairs.count, pairs.count)
    for (row, (i, j)) in pairs.enumerated() {
      for (column, (k, l)) in pairs.enumerated() {
        let scale = Double.sqrt((i == j ? 0.5 : 1) * (k == l ? 0.5 : 1))
        result[row, column] = scale * (r[i, k] * r[j, l] + sign * r[i, l] * r[j, k])
      }
    }
    return result
  }

  /// (χ(g)² ± tr ρ(g)²)/2.
  public func character(of g: Original.Element) -> Double {
    let r = original(g)
    let ofSquare = zip(r.elements, r.transposed.elements).reduce(0) { $0 + $1.0 * $1.1 }
    return (r.trace * r.trace + (isAlternating ? -1 : 1) * ofSquare) / 2
  }
}

extension Representation {
  /// The dual ρ*(g) = ρ(g⁻¹)ᵀ, as a representation of `group`.
  public func dual<G: Group>(of group: G) -> DualRepresentation<G, Self> where G.Element == Element {
    DualRepresentation(group: group, original: self)
  }

  /// h ↦ ρ(f(h)) for a homomorphism f into this representation's group, such as the inclusion of a subgroup.
  public func restricted<Smaller: Sendable>(
    along homomorphism: @escaping @Sendable (Smaller) -> Element
  ) -> RestrictedRepresentation<Smaller, Self> {
    RestrictedRepresentation(self, homomorphism)
  }

  /// The symmetric square, of dimension n(n + 1)/2.
  public var symmetricSquare: SquareRepresentation<Self> { SquareRepresentation(original: self, isAlternating: false) }

  /// The alternating (exterior) square, of dimension n(n − 1)/2.
  public var alternatingSquare: SquareRepresentation<Self> { SquareRepresentation(original: self, isAlternating: true) }
}
