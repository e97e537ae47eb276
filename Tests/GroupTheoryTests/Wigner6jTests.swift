import Testing

@testable import GroupTheory

@Suite struct Wigner6jTests {
  @Test func correctlyRounded() throws {
    let references = try symbolReferences("6j", spins: 6)
    #expect(references.count == 681)
    for (s, expected) in references {
      let j = s.map { HalfInteger(doubled: $0) }
      let symbol = Wigner6j(j[0], j[1], j[2], j[3], j[4], j[5])
      #expect(symbol.value == expected, "\(j): \(unitsInLastPlace(symbol.value, expected)) units in the last place")
      if s.max()! <= 20 { #expect(symbol.exact.value == expected) }
    }
  }

  @Test func exactValuesAndSelectionRules() {
    // {1 1 1; 1 1 1} = 1/6, {½ ½ 1; ½ ½ 1} = 1/6.
    #expect("\(Wigner6j(1, 1, 1, 1, 1, 1).exact)" == "√(1/36)")
    #expect("\(Wigner6j(0.5, 0.5, 1, 0.5, 0.5, 1).exact)" == "√(1/36)")
    #expect(Wigner6j(1, 1, 3, 1, 1, 1).value == 0 && Wigner6j(1, 1, 1, 0.5, 0.5, 1).value == 0)
  }

  /// Columns may be permuted, and rows exchanged in two columns.
  @Test func symmetries() {
    let value = Wigner6j(6, 5, 4, 3, 7, 5).value
    #expect(value != 0)
    #expect(Wigner6j(5, 6, 4, 7, 3, 5).value == value && Wigner6j(4, 5, 6, 5, 7, 3).value == value)
    #expect(Wigner6j(3, 7, 4, 6, 5, 5).value == value && Wigner6j(6, 7, 5, 3, 5, 4).value == value)
  }

  /// Σₓ (2x+1)(2f+1) {a b x; c d f} {a b x; c d g} = δ_fg.
  @Test(arguments: [(3, 4, 5, 4), (20, 21, 25, 22)]) func orthogonality(a: Int, b: Int, c: Int, d: Int) {
    let range = max(abs(a - d), abs(b - c))...min(a + d, b + c)
    let sums = max(abs(a - b), abs(c - d))...min(a + b, c + d)
    for f in [range.lowerBound, range.lowerBound + 3] {
      for g in [range.lowerBound, range.lowerBound + 3, range.lowerBound + 4] {
        let sum = sums.reduce(0.0) {
          $0 + Double((2 * $1 + 1) * (2 * f + 1)) * Wigner6j(a, b, $1, c, d, f).value * Wigner6j(a, b, $1, c, d, g).value
        }
        #expect(abs(sum - (f == g ? 1 : 0)) < 1e-13)
      }
    }
  }

  /// Biedenharn-Elliott: Σₓ (−1)^(s+x) (2x+1) {a b x; c d p} {c d x; e f q} {e f x; b a r} = {p q r; e a d} {p q r; f b c}.
  @Test func pentagon() {
    let (a, b, c, d, e, f, p, q, r) = (3, 4, 5, 4, 3, 5, 4, 3, 5)
    let s = a + b + c + d + e + f + p + q + r
    let left = (0...10).reduce(0.0) { sum, x in
      sum + ((s + x).isMultiple(of: 2) ? 1 : -1) * Double(2 * x + 1)
        * Wigner6j(a, b, x, c, d, p).value * Wigner6j(c, d, x, e, f, q).value * Wigner6j(e, f, x, b, a, r).value
    }
    let right = Wigner6j(p, q, r, e, a, d).value * Wigner6j(p, q, r, f, b, c).value
    #expect(right != 0 && abs(left - right) < 1e-16)
  }

  /// Racah: Σₓ (−1)^(p+q+x) (2x+1) {a b x; c d p} {a b x; d c q} = {a c q; b d p}.
  @Test func racahSumRule() {
    let (a, b, c, d, p, q) = (3, 4, 5, 4, 4, 3)
    let sum = (0...9).reduce(0.0) { sum, x in
      sum + ((p + q + x).isMultiple(of: 2) ? 1 : -1) * Double(2 * x + 1)
        * Wigner6j(a, b, x, c, d, p).value * Wigner6j(a, b, x, d, c, q).value
    }
    #expect(abs(sum - Wigner6j(a, c, q, b, d, p).value) < 1e-16 && abs(sum) > 1e-4)
  }
}
