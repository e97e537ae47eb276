import FileFormats
import Foundation
import Testing

@testable import GroupTheory

@Suite struct ClebschGordanTests {
  /// Every non-zero coefficient of sympy's table, exactly; and the table misses none.
  @Test func allExactValues() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/cg_complex_exact.json")
    let rows = try JSONDecoder().decode([[Int]].self, from: Data(contentsOf: file))
    var tabulated: Set<[Int]> = []
    for r in rows {
      let coefficient = ClebschGordan(r[0], r[1], r[2], r[3], r[4], r[5])
      let expected = SignedSquareRoot(sign: r[6], numerator: BigNatural(UInt(r[7])), denominator: BigNatural(UInt(r[8])))
      #expect(coefficient.exact == expected, "\(r)")
      #expect(coefficient.value == expected.value)
      tabulated.insert([r[0], r[2], r[4]])
    }
    #expect(rows.count > 500)
    for l in tabulated {
      var nonZero = 0
      for m1 in -l[0]...l[0] {
        for m2 in -l[1]...l[1] where abs(m1 + m2) <= l[2] { nonZero += ClebschGordan(l[0], m1, l[1], m2, l[2], m1 + m2).value == 0 ? 0 : 1 }
      }
      #expect(nonZero == rows.count { [$0[0], $0[2], $0[4]] == l })
    }
  }

  /// Two spins ½: singlet and triplet.
  @Test func halfIntegers() {
    #expect("\(ClebschGordan(0.5, 0.5, 0.5, -0.5, 1, 0).exact)" == "√(1/2)")
    #expect("\(ClebschGordan(0.5, -0.5, 0.5, 0.5, 0, 0).exact)" == "-√(1/2)")
    #expect("\(ClebschGordan(0.5, 0.5, 0.5, 0.5, 1, 1).exact)" == "1")
    #expect("\(ClebschGordan(1, 1, 0.5, -0.5, 0.5, 0.5).exact)" == "√(2/3)")
    #expect("\(ClebschGordan(1.5, 1.5, 1, -1, 0.5, 0.5).exact)" == "√(1/2)")
    // Condon and Shortley: the highest j₁ coupled to the highest j is positive.
    #expect(ClebschGordan(3, 3, 2, -1, 2, 2).value > 0)
  }

  /// The matrix from (m₁, m₂) to (j, m) is orthogonal: here its rows for half-integer spins.
  @Test func unitarity() {
    let (j1, j2) = (HalfInteger(3), HalfInteger(doubled: 5))
    var matrix: [[Double]] = []
    for j in stride(from: 1, through: 11, by: 2) {
      for m in stride(from: -j, through: j, by: 2) {
        matrix.append(
          stride(from: -6, through: 6, by: 2).flatMap { m1 in
            stride(from: -5, through: 5, by: 2).map { m2 in
              ClebschGordan(
                j1, HalfInteger(doubled: m1), j2, HalfInteger(doubled: m2), HalfInteger(doubled: j), HalfInteger(doubled: m)
              ).value
            }
          })
      }
    }
    let change = Matrix<Double>(matrix)
    #expect(change.rows == 42 && (change * change.transposed).distance(to: .identity(42)) < 1e-15)
  }
}
