import Testing

@testable import GroupTheory

@Suite struct RotationIrrepsTests {
  static let cases = [
    IrrepsCase("SO(3)", SO3(), upTo: 4, tolerance: 2e-14), IrrepsCase("O(3)", O3(), upTo: 3, tolerance: 2e-14),
  ]

  @Test(arguments: cases) func areIrreducible(irreps: IrrepsCase) { #expect(irreps.violations() == [:]) }

  @Test(arguments: cases) func areDifferent(irreps: IrrepsCase) { #expect(irreps.overlap().largest < 0.1) }

  @Test func labels() {
    #expect(O3().irreps(upTo: 2).map(\.description) == ["0e", "0o", "1o", "1e", "2e", "2o"] && O3().irreps(upTo: -1).isEmpty)
    #expect(SO3().irreps(upTo: 2).map(\.description) == ["0", "1", "2"])
    #expect(O3.Irrep("3y") == O3.Irrep(degree: 3, parity: .odd) && O3.Irrep("-1e") == nil && O3.Irrep("1") == nil)
    let (a, b) = (O3.Irrep(degree: 2, parity: .odd), O3.Irrep(degree: 1, parity: .even))
    #expect((a * b).map(\.description) == ["1o", "2o", "3o"] && a.dimension == 5 && Parity.odd * .odd == .even)
  }

  @Test func negativeDegreesTrap() async {
    await #expect(processExitsWith: .failure) { _ = O3.Irrep(degree: -1, parity: .even) }
    await #expect(processExitsWith: .failure) { _ = SO3.Irrep(degree: -1) }
  }
}
