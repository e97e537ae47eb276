import Equivariant
import Testing

@Suite struct CompositionFitTests {
  /// Energies that are sums of shares are explained wholly; noise has no correlation with the composition afterwards.
  @Test func leastSquares() {
    let truth = [1: -13.6, 6: -1030, 8: -2043]
    let structures = [[8, 1, 1], [6, 1, 1, 1, 1], [6, 8, 8], [1, 1], [6, 6, 1, 1]]
    let exact = CompositionFit(energies: structures.map { $0.reduce(0) { $0 + truth[$1]! } }, atomicNumbers: structures)
    for (element, share) in truth { #expect(abs(exact.shares[element]! - share) < 1e-9) }
    #expect(abs(exact.energy(of: [6, 8]) + 3073) < 1e-9 && exact.energy(of: [7]) == 0 && exact.energy(of: []) == 0)
    let energies = [1.0, -2, 0.5, 3, -1]
    let fit = CompositionFit(energies: energies, atomicNumbers: structures)
    for element in truth.keys {
      let overlap = zip(energies, structures).reduce(0) { $0 + ($1.0 - fit.energy(of: $1.1)) * Double($1.1.count { $0 == element }) }
      #expect(abs(overlap) < 1e-9)
    }
  }

  @Test func undetermined() {
    // H₂O alone: of all shares with 2a + b = -10 the least are a = -4, b = -2.
    let fit = CompositionFit(energies: [-10], atomicNumbers: [[8, 1, 1]])
    #expect(abs(fit.shares[1]! + 4) < 1e-12 && abs(fit.shares[8]! + 2) < 1e-12)
    #expect(CompositionFit(energies: [], atomicNumbers: []).shares == [:])
  }
}
