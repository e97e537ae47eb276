import Requirements

/// A group of permutations of n points, of any size, given by a base and strong generators, with an exact order and uniform random
/// elements.
///
/// With G₀ = G and Gₖ₊₁ the elements of Gₖ that fix the base point bₖ, every element is in exactly one way a product t₀ t₁ … of one tₖ for
/// each base point, where tₖ in Gₖ is determined by its image of bₖ (Sims 1970).
public struct PermutationGroup: Group {
  /// The number of points.
  public let n: Int
  /// The points b₀, b₁, …, all of which only the identity fixes.
  public let base: [Int]
  /// Generators of the group, among them generators of every Gₖ.
  public let strongGenerators: [Permutation]
  /// For each base point, an element of Gₖ for each image of bₖ, beginning with that of bₖ itself.
  private let transversals: [[Permutation]]

  /// The group of the given generators.
  ///
  /// They must be strong: those that fix b₀, …, bₖ₋₁ must generate all of Gₖ, as the automorphisms do that a search of a graph finds.
  public init(_ n: Int, base: [Int], strongGenerators: [Permutation]) {
    for g in strongGenerators { require(g.count == n, "expected permutations of \(n) points, received one of \(g.count)") }
    for b in base { require((0..<n).contains(b), "expected base points in 0..<\(n), received \(b)") }
    (self.n, self.base, self.strongGenerators) = (n, base, strongGenerators)
    var generators = strongGenerators
    transversals = base.map { b in
      var orbit = [Permutation.identity(n)]
      var seen: Set = [b]
      var next = 0
      while next < orbit.count {
        for g in generators where seen.insert(g[orbit[next][b]]).inserted { orbit.append(g * orbit[next]) }
        next += 1
      }
      generators.removeAll { $0[b] != b }
      return orbit
    }
    require(generators.isEmpty, "expected a base that only the identity fixes, received \(base), which \(generators) fix")
  }

  /// The permutation that moves nothing.
  public var identity: Permutation { .identity(n) }
  /// The composition ab, b first.
  public func product(_ a: Permutation, _ b: Permutation) -> Permutation { a * b }
  /// The inverse permutation.
  public func inverse(of a: Permutation) -> Permutation { a.inverse }
  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Permutation {
    transversals.reduce(identity) { $0 * $1.randomElement(using: &generator)! }
  }

  /// |G|, exactly.
  public var order: BigNatural { transversals.reduce(1) { $0 * BigNatural(UInt($1.count)) } }
  /// Each element once, the identity first; the whole list is made at once.
  public var elements: [Permutation] {
    transversals.reversed().reduce([identity]) { rest, transversal in transversal.flatMap { t in rest.map { t * $0 } } }
  }
}
