extension Irreps {
  /// A way through a tensor product: term `first` of the first factor and term `second` of the second reach term `output` of the output.
  public struct Path: Hashable, Sendable {
    /// The position in the first factor.
    public let first: Int
    /// The position in the second factor.
    public let second: Int
    /// The position in the output.
    public let output: Int
  }

  /// The decomposition of the tensor product a ⊗ b, regrouped: every irrep once, with its multiplicity.
  public func tensorProduct(_ other: Irreps) -> Irreps {
    var count: [G.Irrep: Int] = [:]
    for a in terms {
      for b in other.terms {
        for irrep in a.irrep * b.irrep { count[irrep, default: 0] += a.multiplicity * b.multiplicity }
      }
    }
    return Irreps(count.sorted { $0.key < $1.key }.map { Term($0.value, $0.key) }).simplified
  }

  /// All paths from a pair of terms of `self` and `other` to a term of `output` that occurs in their product, ordered by first, second and
  /// output position.
  public func paths(_ other: Irreps, to output: Irreps) -> [Path] {
    var result: [Path] = []
    for (i, a) in terms.enumerated() {
      for (j, b) in other.terms.enumerated() {
        let reachable = Set(a.irrep * b.irrep)
        for (k, c) in output.terms.enumerated() where reachable.contains(c.irrep) {
          result.append(Path(first: i, second: j, output: k))
        }
      }
    }
    return result
  }
}
