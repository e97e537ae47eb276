import Testing

@testable import benchmarks

@Suite struct ExpressivityTableTests {
  /// Gaunt and vector-signal products share the paths between them; the other products have all.
  @Test func degreeTwo() {
    let reports = ExpressivityTable(degree: 2).reports()
    #expect(reports.map(\.independentMaps) == [15, 7, 11, 4, 15, 15])
    #expect(reports.map(\.antisymmetric.present) == [4, 2, 0, 4, 4, 4])
    #expect(reports.allSatisfy { $0.paths.count == 15 && $0.antisymmetric.total == 4 && $0.residual < 1e-12 })
    // Without degrees above 0 there is nothing to cross.
    #expect(ExpressivityTable(degree: 0).reports().map(\.independentMaps) == [1, 1, 1, 1])
  }
}
