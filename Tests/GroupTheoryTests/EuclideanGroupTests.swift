import GroupTheory
import Testing

struct EuclideanGroupTests {
  /// Its laws are checked with those of all groups (AllGroupsTests).
  @Test(arguments: 1...5)
  func elements(d: Int) {
    var generator = SplitMix64(seed: UInt64(d))
    for group in [EuclideanGroup.o(d), .so(d), .e(d), .se(d)] {
      for g in group.randomElements(20, using: &generator) {
        #expect((g.linear.transposed * g.linear).distance(to: .identity(d)) < 1e-14)
        #expect(group.hasReflections || g.linear.determinant > 0)
        #expect(group.hasTranslations || g.translation.allSatisfy { $0 == 0 })
      }
    }
  }
}
