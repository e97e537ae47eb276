import Equivariant
import Testing

@testable import benchmarks

/// The figures of the article on networks on positions and orientations, for a small network: they may not become worse.
@Suite struct EquivarianceTableTests {
  let table = EquivarianceTable(hidden: 6, seeds: 1, printsJSON: false)

  @Test func variants() {
    let published = table.measured(.init(name: "", space: .bundle(.repulsion(16))))
    #expect(published.orientations == 16 && published.error > 1e-3 && published.error < 0.5)
    let polyhedron = table.measured(.init(name: "", space: .bundle(.polyhedron(.icosahedron)), group: .ih))
    #expect(polyhedron.groupError! < 1e-12 && polyhedron.error < 0.5)
    let carried = table.measured(.init(name: "", space: .bundle(.signSymmetric(16)), pose: .principalAxes))
    #expect(carried.error < 1e-12 && carried.floatError < 1e-5 && carried.evaluations == 1)
    let limited = table.measured(.init(name: "", space: .bundle(.design(degree: 13)), bandLimit: 2))
    #expect(limited.orientations == 94 && limited.error < 5e-3)
    let averaged = table.measured(.init(name: "", space: .bundle(.repulsion(16)), poses: .group(.t)))
    #expect(averaged.evaluations == 12 && averaged.error < 0.5)
    for space in [PONITA<Double>.Configuration.Space.points, .orientedPoints] {
      let exact = table.measured(.init(name: "", space: space))
      #expect(exact.error < 1e-12 && exact.floatError < 1e-5)
    }
    #expect(EquivarianceTable.variants.count > 20)
  }
}
