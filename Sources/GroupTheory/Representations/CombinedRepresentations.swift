/// The direct sum of two representations of one group: (ρ ⊕ σ)(g) = diag(ρ(g), σ(g)).
public struct DirectSumRepresentation<First: Representation, Second: Representation>: Representation
where First.Element == Second.Element {
  /// The upper left block ρ.
  public let first: First
  /// The lower right block σ.
  public let second: Second

  /// ρ ⊕ σ.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// dim ρ + dim σ.
  public var dimension: Int { first.dimension + second.dimension }

  /// diag(ρ(g), σ(g)).
  public func callAsFunction(_ g: First.Element) -> Matrix<Double> { first(g).directSum(second(g)) }

  /// The sum of the characters.
  public func character(of g: First.Element) -> Double { first.character(of: g) + second.character(of: g) }
}

/// The tensor product of two representations of one group: (ρ ⊗ σ)(g) = ρ(g) ⊗ σ(g), the index of the second factor running fastest.
public struct TensorProductRepresentation<First: Representation, Second: Representation>: Representation
where First.Element == Second.Element {
  /// The slow factor ρ.
  public let first: First
  /// The fast factor σ.
  public let second: Second

  /// ρ ⊗ σ.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// dim ρ · dim σ.
  public var dimension: Int { first.dimension * second.dimension }

  /// The Kronecker product ρ(g) ⊗ σ(g).
  public func callAsFunction(_ g: First.Element) -> Matrix<Double> { first(g).kroneckerProduct(second(g)) }

  /// The product of the characters.
  public func character(of g: First.Element) -> Double { first.character(of: g) * second.character(of: g) }
}

/// A representation given by its dimension and a function: for actions that have no type of their own.
public struct FunctionRepresentation<Element: Sendable>: Representation {
  /// The dimension of the space acted on.
  public let dimension: Int
  private let matrix: @Sendable (Element) -> Matrix<Double>

  /// ρ(g) = `matrix`(g), which must be `dimension` × `dimension`; a homomorphism if ``RepresentationLaws`` finds no violation.
  public init(dimension: Int, matrix: @escaping @Sendable (Element) -> Matrix<Double>) {
    self.dimension = dimension
    self.matrix = matrix
  }

  /// The matrix ρ(g).
  public func callAsFunction(_ g: Element) -> Matrix<Double> { matrix(g) }
}
