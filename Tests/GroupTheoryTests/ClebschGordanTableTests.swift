import Testing

@testable import GroupTheory

@Suite struct ClebschGordanTableTests {
  /// Every block of the table, also those that follow by symmetry, equals the block computed directly.
  @Test func equalsSingleBlocks() {
    let table = ClebschGordanTable(maximumDegree: 4)
    for l1 in 0...4 {
      for l2 in 0...4 {
        for l3 in 0...4 {
          let (block, expected) = (table[l1, l2, l3], CouplingCoefficients.wigner3j(l1, l2, l3))
          #expect(block.entries == expected.entries && block.degrees == expected.degrees)
        }
      }
    }
  }

  /// Exchanging two degrees with their axes multiplies by (−1)^(l₁+l₂+l₃).
  @Test func exchange() {
    let table = ClebschGordanTable(maximumDegree: 6)
    for (l1, l2, l3, sign) in [(1, 1, 1, -1.0), (2, 3, 4, -1), (2, 3, 5, 1), (6, 6, 4, 1)] {
      for entry in table[l1, l2, l3].entries {
        #expect(table[l2, l1, l3][entry.m2, entry.m1, entry.m3] == sign * entry.value)
        #expect(table[l1, l3, l2][entry.m1, entry.m3, entry.m2] == sign * entry.value)
        #expect(table[l3, l1, l2][entry.m3, entry.m1, entry.m2] == entry.value)
      }
    }
  }

  @Test func degreesBeyondTheTableTrap() async {
    await #expect(processExitsWith: .failure) { _ = ClebschGordanTable(maximumDegree: 2)[2, 2, 3] }
  }
}
