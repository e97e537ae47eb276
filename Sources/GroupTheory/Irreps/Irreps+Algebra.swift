import Requirements

extension Irreps {
  /// The terms of a, then those of b: the direct sum.
  public static func + (a: Irreps, b: Irreps) -> Irreps { Irreps(a.terms + b.terms) }

  /// `count` copies, one list after the other.
  public static func * (count: Int, irreps: Irreps) -> Irreps {
    require(count >= 0, "expected a count of at least 0, received \(count)")
    return Irreps(Array(repeating: irreps.terms, count: count).flatMap { $0 })
  }

  /// `count` copies, one list after the other.
  public static func * (irreps: Irreps, count: Int) -> Irreps { count * irreps }

  /// The terms at a range of positions.
  public subscript(positions: some RangeExpression<Int>) -> Irreps { Irreps(Array(terms[positions])) }

  /// The terms in ascending order of their irreps, with equal ones in their previous order, and where each came from: term i of the result
  /// was term `permutation[i]`.
  public func sorted() -> (irreps: Irreps, permutation: [Int]) {
    let permutation = terms.indices.sorted { (terms[$0].irrep, $0) < (terms[$1].irrep, $1) }
    return (Irreps(permutation.map { terms[$0] }), permutation)
  }

  /// The same list without empty terms, and with equal neighbours merged.
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

  /// The list sorted, then simplified: it has one term per irrep, independent of how the list was grouped.
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
