/// A finite-dimensional real representation: a matrix ρ(g) for every group element, with ρ(ab) = ρ(a) ρ(b) and ρ(e) = 1.
///
/// Matrices act on column vectors. ``RepresentationLaws`` checks the laws.
public protocol Representation<Element>: Sendable {
  /// The type of the group's elements.
  associatedtype Element: Sendable

  /// The dimension of the space acted on; ρ(g) is `dimension` × `dimension`.
  var dimension: Int { get }

  /// The matrix ρ(g), of shape `dimension` × `dimension`.
  func callAsFunction(_ g: Element) -> Matrix<Double>

  /// The character χ(g) = tr ρ(g). By default it is the trace of the matrix.
  func character(of g: Element) -> Double
}

extension Representation {
  /// The character χ(g) = tr ρ(g).
  public func character(of g: Element) -> Double { self(g).trace }

  /// The direct sum ρ ⊕ σ: block-diagonal, of dimension dim ρ + dim σ.
  public func directSum<Other: Representation<Element>>(_ other: Other) -> DirectSumRepresentation<Self, Other> {
    DirectSumRepresentation(self, other)
  }

  /// The tensor product ρ ⊗ σ: Kronecker products, of dimension dim ρ · dim σ.
  public func tensorProduct<Other: Representation<Element>>(_ other: Other) -> TensorProductRepresentation<Self, Other> {
    TensorProductRepresentation(self, other)
  }
}
