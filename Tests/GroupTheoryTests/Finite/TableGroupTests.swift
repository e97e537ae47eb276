import Testing

@testable import GroupTheory

/// Groups of which only the multiplication table is known.
@Suite struct TableGroupTests {
  private func check(_ group: TableGroup, dimensions: [Int], at location: SourceLocation = #_sourceLocation) {
    var generator = SplitMix64(seed: 3)
    #expect(GroupLaws(group, tolerance: 0).violations(using: &generator).isEmpty, sourceLocation: location)
    #expect(group.irreps.map(\.dimension) == dimensions, sourceLocation: location)
    for irrep in group.irreps {
      #expect(
        RepresentationLaws(irrep, of: group, tolerance: 1e-11).violations(using: &generator).isEmpty, "\(irrep)", sourceLocation: location)
      for (k, m) in irrep.endomorphisms.enumerated() {
        // 1, and quarter turns that commute with the irrep and anticommute with each other.
        let square = m * m
        #expect(square.distance(to: (k == 0 ? 1 : -1) * .identity(irrep.dimension)) < 1e-10, sourceLocation: location)
        for g in group.elements { #expect((m * irrep(g)).distance(to: irrep(g) * m) < 1e-10, sourceLocation: location) }
      }
    }
  }

  /// Real irreps by dimension: those of the literature, complex pairs together and the quaternions as one of dimension 4.
  @Test func smallGroups() {
    check(TableGroup(of: CyclicGroup(1)), dimensions: [1])
    check(TableGroup(of: CyclicGroup(5)), dimensions: [1, 2, 2])
    check(TableGroup(of: DihedralGroup(4)), dimensions: [1, 1, 1, 1, 2])
    check(TableGroup(of: QuaternionGroup()), dimensions: [1, 1, 1, 1, 4])
    check(TableGroup(of: DirectProduct(CyclicGroup(2), CyclicGroup(4))), dimensions: [1, 1, 1, 1, 2, 2])
    check(TableGroup(of: SymmetricGroup(4)), dimensions: [1, 1, 2, 3, 3])
    check(TableGroup(of: PointGroup.t), dimensions: [1, 2, 3])
    check(TableGroup(of: DirectProduct(QuaternionGroup(), CyclicGroup(3))), dimensions: [1, 1, 1, 1, 2, 2, 2, 2, 4, 4])
  }

  /// The characters are those of the group's own irreps.
  @Test func knownIrreps() {
    func compare<G: FiniteGroup & GroupWithIrreps>(_ group: G) {
      let table = TableGroup(of: group)
      func sorted(_ rows: [[Double]]) -> [[Double]] {
        rows.map { $0.map { ($0 * 1e6).rounded() / 1e6 + 0 } }.sorted { $0.lexicographicallyPrecedes($1) }
      }
      let found = sorted(table.irreps.map { irrep in table.elements.map { irrep.character(of: $0) } })
      let known = sorted(group.irreps.map { irrep in group.elements.map { irrep.character(of: $0) } })
      #expect(found == known)
    }
    compare(CyclicGroup(6))
    compare(DihedralGroup(5))
    compare(SymmetricGroup(4))
    compare(PointGroup.oh)
    compare(QuaternionGroup())
  }

  /// The regular representation holds each irrep as often as its dimension over its commuting algebra.
  @Test func regularRepresentation() throws {
    let group = TableGroup(of: DihedralGroup(6))
    for (irrep, count) in try group.multiplicities(in: RegularRepresentation(group: group)) {
      #expect(count == irrep.dimension / irrep.frobeniusSchurType.endomorphismDimension)
    }
  }

  /// What is no group is refused, with the place.
  @Test func brokenTables() throws {
    func refusal(_ rows: [[Int]]) -> TableGroupError? {
      do {
        _ = try TableGroup(rows)
        return nil
      } catch { return error }
    }
    let klein = [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]]
    #expect(refusal(klein) == nil)
    #expect(refusal([]) == .empty)
    #expect(refusal([[0, 1], [1]]) == .notSquare(row: 1, count: 1, expected: 2))
    #expect(refusal([[0, 1], [1, 1]]) == .rowNotLatin(1))
    #expect(refusal([[0, 1, 2], [1, 0, 2], [2, 1, 0]]) != nil)
    #expect(refusal([[1, 0], [0, 1]]) == .noIdentity(element: 0))
    // A loop of order 5 that is no group: a Latin square with an identity.
    let loop = [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]]
    guard case .notAssociative(let a, let b, let c)? = refusal(loop) else {
      Issue.record("a loop passed for a group")
      return
    }
    #expect(loop[loop[a][b]][c] != loop[a][loop[b][c]])
  }
}
