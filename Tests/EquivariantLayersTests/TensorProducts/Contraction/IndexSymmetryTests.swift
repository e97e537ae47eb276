import Equivariant
import Testing

@Suite struct IndexSymmetryTests {
  @Test func groups() {
    #expect(IndexSymmetry("ij").permutations.count == 1)
    let antisymmetric = IndexSymmetry("ij=-ji").permutations
    #expect(antisymmetric.map(\.images) == [[0, 1], [1, 0]] && antisymmetric.map(\.sign) == [1, -1])
    #expect(IndexSymmetry("ijkl = jikl = ijlk = klij").permutations.count == 8)
    // Two transpositions make all six permutations, with the signs of permutations.
    let alternating = IndexSymmetry("ijk=-jik=-ikj").permutations
    #expect(alternating.count == 6 && alternating.count { $0.sign == 1 } == 3)
    #expect(alternating.contains { $0.images == [1, 2, 0] && $0.sign == 1 })
    // A contradiction keeps both signs.
    #expect(IndexSymmetry("ij=ji=-ji").permutations.count == 4)
  }
}
