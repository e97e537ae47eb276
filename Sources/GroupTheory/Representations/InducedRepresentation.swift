import Requirements

/// The representation of a finite group G induced from a representation σ of a subgroup H.
///
/// With one r_j of each coset r_j H, ρ(g) has the block σ(h) in place (i, j) where g r_j = r_i h; its dimension is |G|/|H| · dim σ.
public struct InducedRepresentation<G: FiniteGroup, Original: Representation>: Representation {
  /// G.
  public let group: G
  /// σ.
  public let original: Original
  /// One element of each coset; the identity of G stands for H.
  public let cosetRepresentatives: [G.Element]
  /// For each element of G, at its index: the place i of its coset and the h in H with g = r_i h.
  private let factors: [(coset: Int, h: Original.Element)]

  /// - Parameters:
  ///   - original: The representation σ of the subgroup.
  ///   - subgroup: H.
  ///   - group: G.
  ///   - inclusion: The injective homomorphism H → G; traps if its images do not partition G into cosets.
  public init<H: FiniteGroup>(
    _ original: Original, from subgroup: H, to group: G, inclusion: (H.Element) -> G.Element
  ) where H.Element == Original.Element {
    let members = subgroup.elements.map { ($0, inclusion($0)) }
    var factors = [(coset: Int, h: Original.Element)?](repeating: nil, count: group.order)
    var cosetRepresentatives: [G.Element] = []
    for r in [group.identity] + group.elements where factors[group.index(of: r)] == nil {
      for (h, image) in members {
        let place = group.index(of: group.product(r, image))
        require(factors[place] == nil, "expected an injective homomorphism of a subgroup, received images whose cosets overlap")
        factors[place] = (cosetRepresentatives.count, h)
      }
      cosetRepresentatives.append(r)
    }
    (self.group, self.original, self.cosetRepresentatives) = (group, original, cosetRepresentatives)
    self.factors = factors.map { $0! }
  }

  /// |G|/|H| · dim σ.
  public var dimension: Int { cosetRepresentatives.count * original.dimension }

  /// The matrix of blocks σ(r_i⁻¹ g r_j).
  public func callAsFunction(_ g: G.Element) -> Matrix<Double> {
    let n = original.dimension
    var result = Matrix<Double>(zeros: dimension, dimension)
    for (j, r) in cosetRepresentatives.enumerated() {
      let (i, h) = factors[group.index(of: group.product(g, r))]
      let block = original(h)
      for row in 0..<n {
        for column in 0..<n { result[i * n + row, j * n + column] = block[row, column] }
      }
    }
    return result
  }

  /// Frobenius' formula: Σ χ_σ(r_j⁻¹ g r_j) over the cosets that g fixes.
  public func character(of g: G.Element) -> Double {
    cosetRepresentatives.enumerated().reduce(0) { sum, coset in
      let (i, h) = factors[group.index(of: group.product(g, coset.element))]
      return i == coset.offset ? sum + original.character(of: h) : sum
    }
  }
}
