import Requirements

/// The trivial representation ρ(g) = 1 on `dimension` invariant components (scalars).
public struct TrivialRepresentation<Element: Sendable>: Representation {
  /// The number of invariant components.
  public let dimension: Int

  /// ρ(g) = 1 of the given dimension.
  public init(dimension: Int = 1) {
    require(dimension >= 0, "expected a dimension of at least 0, received \(dimension)")
    self.dimension = dimension
  }

  /// The identity matrix, for every g.
  public func callAsFunction(_ g: Element) -> Matrix<Double> { .identity(dimension) }
}

extension Group {
  /// The trivial representation of this group on `dimension` scalars.
  public func trivial(dimension: Int = 1) -> TrivialRepresentation<Element> { TrivialRepresentation(dimension: dimension) }
}
