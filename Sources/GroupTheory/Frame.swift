import Requirements

/// A finite, weighted set of group elements that belongs to an input x: what a function is averaged over,
/// ⟨Φ⟩(x) = Σ wₖ ρ₂(gₖ) Φ(ρ₁(gₖ)⁻¹ x) (Puny et al. 2022, "Frame Averaging for Invariant and Equivariant Network Design", eqs. 2-3).
///
/// The average is equivariant if the map from inputs to frames is: F(g x) = g F(x), as a weighted set.
public struct Frame<G: Group>: Sendable {
  /// A group element with its weight.
  public typealias Element = (element: G.Element, weight: Double)
  /// The elements; weights are positive and sum to 1.
  public let elements: [Element]

  /// Elements of equal weight, at least one.
  public init(_ elements: [G.Element]) {
    require(!elements.isEmpty, "expected at least one element, received none")
    self.elements = elements.map { ($0, 1 / Double(elements.count)) }
  }

  /// Elements with weights, which are divided by their sum; at least one must be positive, and none negative.
  public init(weighted elements: [Element]) {
    let sum = elements.reduce(0) { $0 + $1.weight }
    require(
      sum > 0 && sum.isFinite && elements.allSatisfy { $0.weight >= 0 },
      "expected weights of at least 0 with a positive sum, received \(elements.map(\.weight))")
    self.elements = elements.filter { $0.weight > 0 }.map { ($0.element, $0.weight / sum) }
  }

  /// The frame that is the same for every input: the average over a finite group.
  public static func all(of group: G) -> Frame where G: FiniteGroup { Frame(group.elements) }

  /// Random elements, Haar-distributed where the group is compact: the Monte-Carlo average, which is equivariant only up to its noise.
  public static func random(_ count: Int, of group: G, using generator: inout some RandomNumberGenerator) -> Frame {
    Frame(group.randomElements(count, using: &generator))
  }

  /// The nodes of a Haar quadrature: the average over a compact group of functions that it integrates exactly.
  public static func quadrature(_ rule: HaarQuadrature<G.Element>, of group: G) -> Frame {
    Frame(weighted: rule.nodes(of: group).map { ($0.element, $0.weight) })
  }

  /// g F: every element multiplied from the left.
  public func moved(by g: G.Element, in group: G) -> Frame {
    Frame(weighted: elements.map { (group.product(g, $0.element), $0.weight) })
  }
}
