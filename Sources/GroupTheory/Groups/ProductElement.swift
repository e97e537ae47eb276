/// A pair (a, b): an element of a ``DirectProduct`` or ``SemidirectProduct``.
public struct ProductElement<First: Sendable, Second: Sendable>: Sendable {
  /// The element of the first group.
  public let first: First
  /// The element of the second group.
  public let second: Second

  /// The pair (a, b).
  public init(_ first: First, _ second: Second) { (self.first, self.second) = (first, second) }
}

extension ProductElement: Equatable where First: Equatable, Second: Equatable {}
extension ProductElement: Hashable where First: Hashable, Second: Hashable {}

// What direct and semidirect products share: pairs of generators, distances and lists.

func pairGenerators<A: GeneratedGroup, B: GeneratedGroup>(_ a: A, _ b: B) -> [ProductElement<A.Element, B.Element>] {
  a.generators.map { ProductElement($0, b.identity) } + b.generators.map { ProductElement(a.identity, $0) }
}

func pairs<A, B>(_ a: [A], _ b: [B]) -> [ProductElement<A, B>] { a.flatMap { x in b.map { ProductElement(x, $0) } } }
