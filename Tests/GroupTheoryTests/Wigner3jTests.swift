import Testing

@testable import GroupTheory

@Suite struct Wigner3jTests {
  /// Spins up to 60 with the strongest cancellations, and up to 200: every value is the double next to the exact one.
  @Test func correctlyRounded() throws {
    let references = try symbolReferences("3j", spins: 6)
    #expect(references.count == 2500 && references.contains { $0.spins.max()! == 400 })
    for (s, expected) in references {
      let j = s.map { HalfInteger(doubled: $0) }
      let value = Wigner3j(j[0], j[1], j[2], j[3], j[4], j[5]).value
      #expect(value == expected, "\(j): \(unitsInLastPlace(value, expected)) units in the last place")
    }
  }

  @Test func exactValues() {
    #expect("\(Wigner3j(1, 1, 2, 0, 0, 0).exact)" == "√(2/15)")
    #expect("\(Wigner3j(0.5, 0.5, 1, 0.5, -0.5, 0).exact)" == "√(1/6)")
    #expect("\(Wigner3j(1, 1, 0, 0, 0, 0).exact)" == "-√(1/3)")
    #expect("\(Wigner3j(1, 1, 1, 0, 0, 0).exact)" == "0")
    // sympy: 3 √1939938 / 92378.
    #expect("\(Wigner3j(6, 6, 6, 1, 2, -3).exact)" == "√(189/92378)")
  }

  /// The exact value and the rounded one are computed by different roads after the sum.
  @Test func exactAgreesWithRounded() throws {
    for (s, expected) in try symbolReferences("3j", spins: 6).prefix(600) {
      let j = s.map { HalfInteger(doubled: $0) }
      #expect(unitsInLastPlace(Wigner3j(j[0], j[1], j[2], j[3], j[4], j[5]).exact.value, expected) == 0)
    }
  }

  @Test func selectionRules() {
    #expect(Wigner3j(1, 1, 3, 0, 0, 0).value == 0)
    #expect(Wigner3j(1, 1, 2, 1, 1, 1).value == 0)
    #expect(Wigner3j(1, 1, 2, 2, -2, 0).value == 0)
    #expect(Wigner3j(0.5, 1, 1, 0.5, 0, 0).value == 0)
  }

  /// Even permutations leave the symbol, odd ones and the reversal of all m multiply by (−1)^(j₁+j₂+j₃): to the last bit.
  @Test func symmetries() {
    for (j1, j2, j3) in [(2, 3, 4), (7, 7, 7), (20, 15, 12), (60, 60, 59)] {
      for (m1, m2) in [(0, 1), (1, -2), (-2, 2), (2, 1)] {
        let value = Wigner3j(j1, j2, j3, m1, m2, -m1 - m2).value
        let sign = (j1 + j2 + j3).isMultiple(of: 2) ? 1.0 : -1.0
        #expect(Wigner3j(j2, j3, j1, m2, -m1 - m2, m1).value == value)
        #expect(Wigner3j(j2, j1, j3, m2, m1, -m1 - m2).value == sign * value)
        #expect(Wigner3j(j1, j2, j3, -m1, -m2, m1 + m2).value == sign * value)
      }
    }
    // Regge's symmetry (the transposed square) mixes spins and projections.
    #expect(Wigner3j(6, 4, 3, 2, -3, 1).value == Wigner3j(6, 4.5, 2.5, 1, -2.5, 1.5).value)
  }

  /// Σ_{m₁} (2j₃+1) (…)(…)' = δ, rows of the orthogonal matrix of m₃ = −m₁−m₂.
  @Test(arguments: [(3, 2, 1), (20, 20, 3), (60, 60, -2)]) func orthogonality(j1: Int, j2: Int, m: Int) {
    let top = j1 + j2
    let degrees = [abs(j1 - j2) + 2, top / 2, top / 2 + 1, top].filter { $0 >= abs(m) }
    let rows = degrees.map { j3 in
      (-j1...j1).filter { abs(m - $0) <= j2 }.map { Double(2 * j3 + 1).squareRoot() * Wigner3j(j1, j2, j3, $0, m - $0, -m).value }
    }
    for (a, row) in rows.enumerated() {
      for (b, other) in rows.enumerated() {
        let product = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (degrees[a] == degrees[b] ? 1 : 0)) < 1e-15 * Double(j1))
      }
    }
  }

  /// (j j 0; m −m 0)² = 1/(2j+1), far beyond the range where factorials fit in a double.
  @Test func largeSpins() {
    #expect("\(Wigner3j(1023, 1023, 0, 5, -5, 0).exact)" == "√(1/2047)")
    #expect(Wigner3j(600, 600, 600, 1, 1, -2).value.isFinite)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Wigner3j(1, 1, 2, 0.5, -0.5, 0) }
    await #expect(processExitsWith: .failure) { _ = Wigner3j(-1, 1, 0, 0, 0, 0) }
    await #expect(processExitsWith: .failure) { _ = Wigner3j(1000, 1000, 1000, 0, 0, 0) }
  }
}
