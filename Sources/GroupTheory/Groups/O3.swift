/// The orthogonal group O(3): rotations, and rotations times the inversion; compact, so random elements come from the Haar measure.
public struct O3: LieGroup, CompactGroup {
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

  /// The distance of the rotations, or 2 when the parities differ (``OrthogonalElement/distance(to:)``).
  public func distance(_ a: OrthogonalElement, _ b: OrthogonalElement) -> Double { a.distance(to: b) }

  /// The generators of ``SO3`` and the inversion.
  public var generators: [OrthogonalElement] { SO3().generators.map { OrthogonalElement($0) } + [.inversion] }

  /// 3.
  public var algebraDimension: Int { 3 }

  /// The rotation by |v| about the rotation vector v = (x, y, z).
  public func exponential(_ coordinates: [Double]) -> OrthogonalElement { OrthogonalElement(SO3().exponential(coordinates)) }

  /// The rotation vector of length at most π; nil for an improper element.
  public func logarithm(of a: OrthogonalElement) -> [Double]? { a.isImproper ? nil : SO3().logarithm(of: a.rotation) }

  /// The cross product.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] { SO3().bracket(x, y) }

  /// The representation on 3-vectors, ρ(g) = g.
  public var standard: VectorRepresentation<OrthogonalElement> { VectorRepresentation() }

  /// The representation on pseudovectors, ρ(g) = det(g) g.
  public var pseudovector: PseudovectorRepresentation { PseudovectorRepresentation() }

  /// The representation on pseudoscalars, ρ(g) = det(g).
  public var pseudoscalar: PseudoscalarRepresentation { PseudoscalarRepresentation() }
}
