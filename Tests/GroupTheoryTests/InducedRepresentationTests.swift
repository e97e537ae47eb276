import Testing

@testable import GroupTheory

@Suite struct InducedRepresentationTests {
  /// For every irrep σ of H and τ of G: the laws, Frobenius' formula and Frobenius reciprocity
  /// dim Hom_G(Ind σ, τ) = dim Hom_H(σ, Res τ).
  private func check<G: FiniteGroup & GroupWithIrreps, H: FiniteGroup & GroupWithIrreps>(
    _ subgroup: H, _ group: G, _ inclusion: @escaping @Sendable (H.Element) -> G.Element
  ) {
    var generator = SplitMix64(seed: 81)
    for sigma in subgroup.irreps {
      let induced = InducedRepresentation(sigma, from: subgroup, to: group, inclusion: inclusion)
      #expect(induced.dimension == group.order / subgroup.order * sigma.dimension)
      let laws = RepresentationLaws(induced, of: group, tolerance: 1e-14)
      #expect(laws.violations(at: group.generators + group.randomElements(2, using: &generator)) == [])
      // χ(g) = Σ χ_σ(h) #{x in G: x⁻¹ g x = h} / |H|
      for g in group.conjugacyClasses.map({ $0[0] }) {
        let conjugates = group.elements.map { group.conjugate(g, by: group.inverse(of: $0)) }
        let sum = subgroup.elements.reduce(0) { sum, h in
          sum + Double(conjugates.count { $0 == inclusion(h) }) * sigma.character(of: h)
        }
        #expect(abs(induced.character(of: g) - sum / Double(subgroup.order)) < 1e-13)
        #expect(abs(induced.character(of: g) - induced(g).trace) < 1e-13)
      }
      for tau in group.irreps {
        let restricted = tau.restricted(along: inclusion)
        let reciprocity = group.characterInnerProduct(induced, tau) - subgroup.characterInnerProduct(sigma, restricted)
        #expect(abs(reciprocity) < 1e-13)
      }
    }
  }

  @Test func reciprocity() {
    check(SymmetricGroup(3), SymmetricGroup(4)) { try! Permutation($0.images + [3]) }
    check(CyclicGroup(4), DihedralGroup(4)) { DihedralElement(rotation: $0) }
    check(CyclicGroup(2), CyclicGroup(6)) { 3 * $0 }
    check(CyclicGroup(4), QuaternionGroup()) { [0, 2, 1, 3][$0] }
    check(PointGroup.t, PointGroup.th) { $0 }
    check(CyclicGroup(1), PointGroup.t) { $0 }
  }

  @Test func knownInductions() throws {
    // From the trivial group the regular representation.
    let trivial = InducedRepresentation(TrivialRepresentation<Int>(), from: CyclicGroup(1), to: PointGroup.o) { $0 }
    #expect(try PointGroup.o.multiplicities(in: trivial).map(\.multiplicity) == [1, 1, 2, 3, 3])
    // Branching of S₃ ⊂ S₄: one box more, in every way.
    let group = SymmetricGroup(4)
    let induced = InducedRepresentation(SymmetricGroupIrrep(Partition([2, 1])), from: SymmetricGroup(3), to: group) {
      try! Permutation($0.images + [3])
    }
    #expect(try group.multiplicities(in: induced).map { "\($0.multiplicity)x\($0.irrep)" } == ["1x[3, 1]", "1x[2, 2]", "1x[2, 1, 1]"])
    // The complex irrep of C₄ = {±1, ±i} induces the quaternionic one of Q₈.
    let quaternionic = InducedRepresentation(CyclicIrrep(n: 4, frequency: 1), from: CyclicGroup(4), to: QuaternionGroup()) {
      [0, 2, 1, 3][$0]
    }
    #expect(try QuaternionGroup().multiplicities(in: quaternionic).map { "\($0.multiplicity)x\($0.irrep)" } == ["1xH"])
  }

  /// A wrong inclusion gives no representation.
  @Test func wrongInclusions() {
    let broken = InducedRepresentation(CyclicIrrep(n: 4, frequency: 1), from: CyclicGroup(4), to: QuaternionGroup()) { [0, 2, 3, 1][$0] }
    let laws = RepresentationLaws(broken, of: QuaternionGroup(), tolerance: 1e-14)
    #expect(laws.violations(at: [2, 4]).map(\.law).contains(.homomorphism))
  }
}
