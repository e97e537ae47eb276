import Equivariant
import Testing

struct PermutationGroupTests {
  /// The symmetries of a regular polygon: of order 2n, with the base of two neighbouring corners.
  static func dihedral(_ n: Int) throws -> PermutationGroup {
    let turn = try Permutation((0..<n).map { ($0 + 1) % n })
    let mirror = try Permutation((0..<n).map { (n - $0) % n })
    return PermutationGroup(n, base: [0, 1], strongGenerators: [turn, mirror])
  }

  @Test(arguments: 3...8) func polygons(n: Int) throws {
    let group = try Self.dihedral(n)
    #expect(group.order == BigNatural(UInt(2 * n)) && group.elements.first == group.identity)
    let elements = Set(group.elements)
    #expect(elements.count == 2 * n && elements.allSatisfy { a in elements.allSatisfy { elements.contains(a * $0) } })
    // Rotations and mirror images of the cyclic order, and nothing else.
    #expect(elements.allSatisfy { g in Set((0..<n).map { (g[($0 + 1) % n] - g[$0] + n) % n }).isSubset(of: [1, n - 1]) })
    #expect(
      GroupLaws(group, tolerance: 0, defect: { elements.contains($0) ? 0 : 1 }, distance: { $0.distance(to: $1) }).violations(
        at: group.elements
      ).isEmpty)
  }

  /// 4000 draws from 8 elements: each within five standard deviations of 500.
  @Test func randomElementsAreUniform() throws {
    let group = try Self.dihedral(4)
    var generator = RandomSource(seed: 1)
    let counts = Dictionary(grouping: group.randomElements(4000, using: &generator)) { $0 }.mapValues(\.count)
    #expect(counts.count == 8 && counts.values.allSatisfy { abs($0 - 500) < 105 }, "\(counts)")
  }

  @Test func largeOrders() throws {
    let n = 30
    let transpositions = try (0..<n - 1).map { try Permutation(cycles: [[$0, $0 + 1]], count: n) }
    let group = PermutationGroup(n, base: Array(0..<n), strongGenerators: transpositions)
    #expect(group.order.description == "265252859812191058636308480000000")
    #expect(PermutationGroup(0, base: [], strongGenerators: []).order == 1)
  }
}
