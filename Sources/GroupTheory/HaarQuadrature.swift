/// A rule for the mean of a function over a compact group, Σ w f(g) ≈ ∫ f dg, with Σ w = 1.
///
/// The nodes are the products g₁ g₂ ... g_k with one node of each factor, and the weights multiply. Averages of matrices, ∫ ρ(g) X σ(g)ᵀ
/// dg, are taken factor by factor, so that k short sums replace a long one.
public struct HaarQuadrature<Element: Sendable>: Sendable {
  /// A group element with its weight.
  public typealias Node = (element: Element, weight: Double)

  /// The factors, that of g₁ first.
  public let factors: [[Node]]

  /// The rule whose nodes are products of nodes of the factors.
  public init(_ factors: [[Node]]) { self.factors = factors }

  /// The nodes of one factor, all of equal weight.
  public static func equal(_ elements: [Element]) -> [Node] { elements.map { ($0, 1 / Double(elements.count)) } }

  /// The products of the nodes; `group` multiplies.
  public func nodes<G: Group<Element>>(of group: G) -> [Node] {
    factors.reduce([(group.identity, 1)]) { nodes, factor in
      nodes.flatMap { a in factor.map { b in (group.product(a.element, b.element), a.weight * b.weight) } }
    }
  }

  /// The rule of another group, by a homomorphism of each node.
  func map<Other>(_ homomorphism: (Element) -> Other) -> [[HaarQuadrature<Other>.Node]] {
    factors.map { $0.map { (homomorphism($0.element), $0.weight) } }
  }
}

extension FiniteGroup {
  /// All elements with equal weights; exact for any function.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Element> { HaarQuadrature([HaarQuadrature.equal(elements)]) }

  /// One element of each conjugacy class; exact for any class function.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Element> {
    HaarQuadrature([conjugacyClasses.map { ($0[0], Double($0.count) / Double(order)) }])
  }
}

extension SymmetricGroup {
  /// Every permutation is one product of t_{n−1} ... t₂ t₁, where each t_k is one of the k + 1 transpositions (j k), j ≤ k, or the identity
  /// for j = k. There are n²/2 permutations instead of n!, and the rule is exact for any function.
  public func haarQuadrature(forDegree degree: Int) -> HaarQuadrature<Permutation> {
    HaarQuadrature(
      (1..<max(n, 1)).reversed().map { k in
        HaarQuadrature.equal(
          (0...k).map { j in
            var images = Array(0..<n)
            images.swapAt(j, k)
            return Permutation(unchecked: images)
          })
      })
  }

  /// One permutation for each partition of n; exact for any class function.
  public func classQuadrature(forDegree degree: Int) -> HaarQuadrature<Permutation> {
    HaarQuadrature([Partition.all(of: n).map { ($0.representative, Double($0.conjugacyClassSize) / Double(order)) }])
  }
}
