/// A representation written as a list of irreps with multiplicities, such as "16x0e + 8x1o + 4x2e".
///
/// The list is an order of memory: the flat vector holds the terms one after the other, and inside a term the components −l ... l with the
/// multiplicity (the channels) innermost, [2l+1, multiplicity]. So `==` compares lists as they are written: "2x1o+3x1o" and "5x1o" are the
/// same representation in two orders of memory. ``isIsomorphic(to:)`` compares representations, and equal ``regrouped`` lists are what two
/// isomorphic ones have in common.
public struct Irreps<G: GroupWithIrreps>: Hashable, Sendable {
  /// One irrep and how often it occurs.
  public struct Term: Hashable, Sendable {
    /// The irrep.
    public let irrep: G.Irrep
    /// How often it occurs, at least 0.
    public let multiplicity: Int

    /// `multiplicity` copies of an irrep.
    public init(_ multiplicity: Int, _ irrep: G.Irrep) {
      precondition(multiplicity >= 0, "expected a multiplicity of at least 0, received \(multiplicity)")
      (self.multiplicity, self.irrep) = (multiplicity, irrep)
    }

    /// multiplicity · (2l + 1).
    public var dimension: Int { multiplicity * irrep.dimension }
  }

  /// The terms in the order of memory.
  public let terms: [Term]

  /// The terms, as given.
  public init(_ terms: [Term]) { self.terms = terms }

  /// One copy of an irrep.
  public init(_ irrep: G.Irrep) { self.init([Term(1, irrep)]) }

  /// The irreps of the spherical harmonics of degrees 0 ... `degree`: for O(3) 0e + 1o + 2e + ...
  public static func sphericalHarmonics(upTo degree: Int) -> Irreps {
    precondition(degree >= 0, "expected a degree of at least 0, received \(degree)")
    return Irreps((0...degree).map { Term(1, .sphericalHarmonic(degree: $0)) })
  }

  /// The dimension Σ multiplicity · (2l + 1).
  public var dimension: Int { terms.reduce(0) { $0 + $1.dimension } }

  /// The number of irreps, each counted with its multiplicity.
  public var irrepCount: Int { terms.reduce(0) { $0 + $1.multiplicity } }

  /// The degree of every single irrep, as often as it occurs.
  public var degrees: [Int] { terms.flatMap { Array(repeating: $0.irrep.degree, count: $0.multiplicity) } }

  /// The largest degree that occurs, or nil when nothing does.
  public var maximumDegree: Int? { terms.filter { $0.multiplicity > 0 }.map(\.irrep.degree).max() }

  /// How often an irrep occurs in all terms together.
  public func multiplicity(of irrep: G.Irrep) -> Int { terms.reduce(0) { $0 + ($1.irrep == irrep ? $1.multiplicity : 0) } }

  /// Whether an irrep occurs.
  public func contains(_ irrep: G.Irrep) -> Bool { multiplicity(of: irrep) > 0 }

  /// Whether the representations are isomorphic: every irrep occurs equally often, however grouped and ordered.
  public func isIsomorphic(to other: Irreps) -> Bool { regrouped == other.regrouped }
}

extension Irreps {
  /// The terms of a, then those of b: the direct sum.
  public static func + (a: Irreps, b: Irreps) -> Irreps { Irreps(a.terms + b.terms) }

  /// `count` copies, one list after the other.
  public static func * (count: Int, irreps: Irreps) -> Irreps {
    precondition(count >= 0, "expected a count of at least 0, received \(count)")
    return Irreps(Array(repeating: irreps.terms, count: count).flatMap { $0 })
  }

  /// `count` copies, one list after the other.
  public static func * (irreps: Irreps, count: Int) -> Irreps { count * irreps }

  /// The terms at a range of positions.
  public subscript(positions: some RangeExpression<Int>) -> Irreps { Irreps(Array(terms[positions])) }

  /// The terms in ascending order of their irreps, equal ones in the order they had, and where each came from: term i of the result was
  /// term `permutation[i]`.
  public func sorted() -> (irreps: Irreps, permutation: [Int]) {
    let permutation = terms.indices.sorted { (terms[$0].irrep, $0) < (terms[$1].irrep, $1) }
    return (Irreps(permutation.map { terms[$0] }), permutation)
  }

  /// Without empty terms, and with equal neighbours merged.
  public var simplified: Irreps {
    var result: [Term] = []
    for term in terms where term.multiplicity > 0 {
      if let last = result.last, last.irrep == term.irrep {
        result[result.count - 1] = Term(last.multiplicity + term.multiplicity, term.irrep)
      } else {
        result.append(term)
      }
    }
    return Irreps(result)
  }

  /// Sorted, then simplified: one term an irrep, independent of how the list was grouped.
  public var regrouped: Irreps { sorted().irreps.simplified }

  /// The terms whose irreps satisfy a condition.
  public func filter(_ isIncluded: (G.Irrep) throws -> Bool) rethrows -> Irreps {
    Irreps(try terms.filter { try isIncluded($0.irrep) })
  }

  /// The terms of the given degrees.
  public func filter(degrees: some RangeExpression<Int>) -> Irreps { filter { degrees.contains($0.degree) } }
}

extension Irreps where G == O3 {
  /// The terms of one parity.
  public func filter(parity: Parity) -> Irreps { filter { $0.parity == parity } }
}
