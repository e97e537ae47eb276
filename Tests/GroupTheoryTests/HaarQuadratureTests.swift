import Testing

@testable import GroupTheory

@Suite struct HaarQuadratureTests {
  /// ∫ σ(g) ⊗ σ′(g) dg is zero for different irreps, and for one the projector on its invariants, of rank 1, 2 or 4 by its type.
  struct Orthogonality: GroupTask {
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> Double {
      let irreps = group.irreps(upTo: degree)
      let nodes = group.haarQuadrature(forDegree: degree).nodes(of: group)
      var worst = abs(nodes.reduce(-1) { $0 + $1.weight })
      let matrices = irreps.map { irrep in nodes.map { irrep($0.element) } }
      for (i, a) in irreps.enumerated() {
        for (j, b) in irreps[...i].enumerated() {
          var mean = Matrix<Double>(zeros: a.dimension * b.dimension, a.dimension * b.dimension)
          for (k, node) in nodes.enumerated() { mean = mean + node.weight * matrices[i][k].kroneckerProduct(matrices[j][k]) }
          if i == j {
            worst = max(worst, abs(mean.trace - Double(a.frobeniusSchurType.endomorphismDimension)), (mean * mean).distance(to: mean))
          } else {
            worst = max(worst, mean.maximumNorm)
          }
        }
      }
      return worst
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func integratesProductsOfIrreps(group: GroupWithIrrepsCase) {
    #expect(group.run(Orthogonality()) < 1e-14)
  }

  /// ∫ χ χ′ dg on the classes is 0 for different irreps and 1, 2 or 4 for one.
  struct CharacterOrthogonality: GroupTask {
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> Double {
      let irreps = group.irreps(upTo: degree)
      return irreps.flatMap { a in
        irreps.map { b in
          let expected = a == b ? a.frobeniusSchurType.endomorphismDimension : 0
          return abs(group.characterInnerProduct(a, b, upTo: degree) - Double(expected))
        }
      }.max()!
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func charactersAreOrthonormal(group: GroupWithIrrepsCase) {
    #expect(group.run(CharacterOrthogonality()) < 1e-14)
  }

  @Test func highDegrees() {
    #expect(CharacterOrthogonality()(SO2(), upTo: 40) < 1e-13)
    #expect(CharacterOrthogonality()(SO3(), upTo: 20) < 1e-13)
    #expect(CharacterOrthogonality()(O3(), upTo: 10) < 1e-13)
    #expect(CharacterOrthogonality()(O2(), upTo: 20) < 1e-13)
  }

  /// The factors of S₅ give every permutation once, and its classes are those found by conjugation.
  @Test func permutations() {
    let group = SymmetricGroup(5)
    let nodes = group.haarQuadrature(forDegree: 0).nodes(of: group)
    #expect(nodes.count == 120 && Set(nodes.map(\.element)).count == 120 && nodes.allSatisfy { abs($0.weight - 1 / 120.0) < 1e-17 })
    let classes = Dictionary(uniqueKeysWithValues: group.conjugacyClasses.map { ($0[0].conjugacyClass, Double($0.count) / 120) })
    let weights = group.classQuadrature(forDegree: 0).nodes(of: group).map { ($0.element.conjugacyClass, $0.weight) }
    #expect(Dictionary(uniqueKeysWithValues: weights) == classes)
  }

  /// A rule for a lower degree does not integrate higher irreps: frequencies 1 and 4 are the same on five points.
  @Test func lowerDegreesAreNotEnough() {
    #expect(abs(SO2().characterInnerProduct(SO2Irrep(frequency: 1), SO2Irrep(frequency: 4), upTo: 2) - 2) < 1e-14)
    #expect(abs(SO3().characterInnerProduct(SO3.Irrep(degree: 3), SO3.Irrep(degree: 4), upTo: 3) + 1) < 1e-14)
    #expect(abs(SO3().characterInnerProduct(SO3.Irrep(degree: 3), SO3.Irrep(degree: 4), upTo: 4)) < 1e-14)
    #expect(abs(O3().characterInnerProduct(O3().trivial(), O3().pseudovector, upTo: 0) + 1) < 1e-14)
  }
}
