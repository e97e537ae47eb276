import Testing

@testable import GroupTheory

@Suite struct Wigner9jTests {
  @Test func correctlyRounded() throws {
    let references = try symbolReferences("9j", spins: 9)
    #expect(references.count == 250)
    for (s, expected) in references {
      let symbol = nine(s)
      #expect(symbol.value == expected, "\(s): \(unitsInLastPlace(symbol.value, expected)) units in the last place")
      if s.max()! <= 8 { #expect(symbol.exact.value == expected) }
    }
  }

  /// Exchanging two rows or columns multiplies by (−1)^(sum of all spins); transposition changes nothing.
  @Test func symmetries() throws {
    for (s, expected) in try symbolReferences("9j", spins: 9).prefix(40) {
      let sign = (s.reduce(0, +) / 2).isMultiple(of: 2) ? 1.0 : -1.0
      #expect(nine([3, 4, 5, 0, 1, 2, 6, 7, 8].map { s[$0] }).value == sign * expected)
      #expect(nine([0, 2, 1, 3, 5, 4, 6, 8, 7].map { s[$0] }).value == sign * expected)
      #expect(nine([0, 3, 6, 1, 4, 7, 2, 5, 8].map { s[$0] }).value == expected)
    }
  }

  /// {a b c; d e c; g g 0} = (−1)^(b+c+d+g) {a b c; e d g} / √((2c+1)(2g+1)).
  @Test func reducesToASixJSymbol() {
    var nonZero = 0
    for (a, b, c, d, e, g) in [(1, 2, 2, 3, 2, 3), (4, 3, 5, 2, 4, 3), (6, 5, 4, 3, 4, 5), (1, 1, 1, 1, 1, 1)] {
      let sign = (b + c + d + g).isMultiple(of: 2) ? 1.0 : -1.0
      let expected = sign * Wigner6j(a, b, c, e, d, g).value / Double((2 * c + 1) * (2 * g + 1)).squareRoot()
      #expect(unitsInLastPlace(Wigner9j(a, b, c, d, e, c, g, g, 0).value, expected) <= 2)
      nonZero += expected == 0 ? 0 : 1
    }
    #expect(nonZero == 4)
  }

  @Test func largeSpinsAndSelectionRules() {
    #expect(Wigner9j(1, 1, 3, 1, 1, 1, 1, 1, 1).value == 0)
    // Two equal rows and an odd sum.
    #expect(Wigner9j(1, 1, 1, 1, 1, 1, 1, 1, 1).value == 0)
    let value = Wigner9j(60, 60, 60, 60, 60, 60, 60, 60, 60).value
    #expect(value.isFinite && value != 0 && abs(value) < 1e-3)
  }

  private func nine(_ s: [Int]) -> Wigner9j {
    let j = s.map { HalfInteger(doubled: $0) }
    return Wigner9j(j[0], j[1], j[2], j[3], j[4], j[5], j[6], j[7], j[8])
  }
}
