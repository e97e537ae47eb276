/// A group whose elements can be compared.
public protocol MetricGroup<Element>: Group {
  /// The distance of two elements: zero when they are equal and only then, symmetric, and subject to the triangle inequality.
  func distance(_ a: Element, _ b: Element) -> Double
}

/// A group with a finite list of elements that generate it, or a dense subgroup of it.
///
/// What commutes with the generators commutes with the whole group, so equivariant maps are a null space over this list alone.
public protocol GeneratedGroup<Element>: MetricGroup {
  /// For a finite group, elements whose products are the whole group; otherwise, elements whose products come arbitrarily close to each
  /// element. The list is empty for the trivial group only.
  var generators: [Element] { get }
}

/// A compact group: it has a Haar measure of total mass 1, and random elements follow it.
///
/// Finite groups are compact; their Haar measure is uniform.
public protocol CompactGroup<Element>: MetricGroup {}
