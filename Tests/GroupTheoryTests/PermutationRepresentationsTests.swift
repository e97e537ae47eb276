import Testing

@testable import GroupTheory

@Suite struct PermutationRepresentationsTests {
  @Test func tensors() {
    let group = SymmetricGroup(3)
    for order in 0...3 {
      let tensors = group.tensors(order: order)
      #expect(RepresentationLaws(tensors, of: group, tolerance: 0).violations(at: group.elements) == [])
      for g in group.elements { #expect(tensors.character(of: g) == tensors(g).trace) }
    }
    for g in group.elements {
      #expect(group.tensors(order: 0)(g) == .identity(1))
      #expect(group.tensors(order: 1)(g) == group.standard(g))
      #expect(group.tensors(order: 3)(g) == group.standard(g).kroneckerProduct(group.standard(g)).kroneckerProduct(group.standard(g)))
    }
  }

  /// ℝⁿ ⊗ ℝⁿ = 2 [n] + 3 [n−1, 1] + [n−2, 2] + [n−2, 1, 1] for n ≥ 4 (Maron et al. 2019 count the same 15 maps).
  @Test(arguments: [4, 5, 6, 10]) func matricesDecompose(n: Int) throws {
    let terms = try SymmetricGroup(n).multiplicities(in: SymmetricGroup(n).tensors(order: 2))
    #expect(terms.map(\.irrep.partition.parts) == [[n], [n - 1, 1], [n - 2, 2], [n - 2, 1, 1]])
    #expect(terms.map(\.multiplicity) == [2, 3, 1, 1])
  }

  /// Below n = 4 the shapes that do not exist are missing.
  @Test func matricesOfThreePoints() throws {
    let terms = try SymmetricGroup(3).multiplicities(in: SymmetricGroup(3).tensors(order: 2))
    #expect(terms.map(\.irrep.partition.parts) == [[3], [2, 1], [1, 1, 1]] && terms.map(\.multiplicity) == [2, 3, 1])
  }

  struct Regular: GroupTask {
    /// Whether the regular representation keeps the laws and contains each irrep d/τ times; true for infinite groups.
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> Bool {
      func check<F: FiniteGroup<G.Element>>(_ finite: F) -> Bool {
        let regular = finite.regular
        // Products of matrices of 60 or 120 rows take seconds.
        let laws = RepresentationLaws(regular, of: finite, tolerance: 0)
        guard finite.order > 48 || laws.violations(at: finite.generators) == [] else { return false }
        guard (finite.generators + [finite.identity]).allSatisfy({ regular.character(of: $0) == regular($0).trace }) else { return false }
        guard let terms = try? group.multiplicities(in: regular, upTo: degree) else { return false }
        return terms.map(\.irrep) == group.irreps(upTo: degree)
          && terms.allSatisfy { $0.multiplicity == $0.irrep.dimension / $0.irrep.frobeniusSchurType.endomorphismDimension }
      }
      guard let finite = group as? any FiniteGroup<G.Element> else { return true }
      return check(finite)
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func regular(group: GroupWithIrrepsCase) { #expect(group.run(Regular())) }
}
