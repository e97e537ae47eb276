/// The orthogonal group O(3): rotations, and rotations times the inversion; compact, so random elements come from the Haar measure.
public struct O3: Group {
  /// The group of orthogonal maps of ℝ³.
  public init() {}

  /// The map that moves nothing.
  public var identity: OrthogonalElement { .identity }

  /// The composition ab, b first.
  public func product(_ a: OrthogonalElement, _ b: OrthogonalElement) -> OrthogonalElement { a * b }

  /// The inverse map.
  public func inverse(of a: OrthogonalElement) -> OrthogonalElement { a.inverse }

  /// A map from the Haar measure: a Haar rotation, improper with probability ½.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> OrthogonalElement {
    let rotation = SO3().randomElement(using: &generator)
    return OrthogonalElement(rotation, isImproper: generator.next() >> 63 == 1)
  }

  /// The representation on 3-vectors, ρ(g) = g.
  public var standard: VectorRepresentation<OrthogonalElement> { VectorRepresentation() }

  /// The representation on pseudovectors, ρ(g) = det(g) g.
  public var pseudovector: PseudovectorRepresentation { PseudovectorRepresentation() }

  /// The representation on pseudoscalars, ρ(g) = det(g).
  public var pseudoscalar: PseudoscalarRepresentation { PseudoscalarRepresentation() }
}
