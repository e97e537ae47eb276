import FileFormats
import Testing

@testable import GroupTheory

@Suite struct GauntTests {
  /// ∫ |Y₀₀|² Y₀₀ = 1/√(4π); sympy: gaunt(1,0,1,1,0,-1) = -1/(2√π), gaunt(1,1,2,0,0,0) = √5/(5√π).
  @Test func exactValues() {
    #expect("\(Gaunt(0, 0, 0, 0, 0, 0).exactTimesRootPi)" == "√(1/4)")
    #expect("\(Gaunt(1, 0, 1, 1, 0, -1).exactTimesRootPi)" == "-√(1/4)")
    #expect("\(Gaunt(1, 1, 2, 0, 0, 0).exactTimesRootPi)" == "√(1/5)")
    #expect(Gaunt(1, 1, 1, 1, -1, 0).value == 0)
    #expect(Gaunt(0, 0, 0, 0, 0, 0).value == 0.28209479177387814)
  }

  /// All real coefficients up to l = 6 against sympy's exact values (summed over complex ones, so a few units in the last place).
  @Test func realEqualsSympy() throws {
    let expected = try referenceArchive("gaunt_real_sympy.npz").doubles("G")
    #expect(expected.count == 49 * 49 * 49)
    var worst = 0.0
    for l1 in 0...6 {
      for l2 in 0...6 {
        for l3 in 0...6 {
          let dense = CouplingCoefficients.gaunt(l1, l2, l3).dense
          for i in 0...2 * l1 {
            for j in 0...2 * l2 {
              for k in 0...2 * l3 {
                let reference = expected[((l1 * l1 + i) * 49 + l2 * l2 + j) * 49 + l3 * l3 + k]
                worst = max(worst, abs(dense[(i * (2 * l2 + 1) + j) * (2 * l3 + 1) + k] - reference))
              }
            }
          }
        }
      }
    }
    #expect(worst < 3e-16, "\(worst)")
  }

  /// Gaunt = +√(∏(2lᵢ+1)/(4π)) |(l₁ l₂ l₃; 0 0 0)| wigner3j, entry by entry.
  @Test func linkToWigner3j() {
    for (l1, l2, l3) in [(1, 1, 2), (2, 2, 2), (3, 4, 5), (6, 6, 6), (10, 9, 3)] {
      let product = Double((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1))
      let scale = (product / (4 * .pi)).squareRoot() * abs(Wigner3j(l1, l2, l3, 0, 0, 0).value)
      let wigner3j = CouplingCoefficients.wigner3j(l1, l2, l3)
      let gaunt = CouplingCoefficients.gaunt(l1, l2, l3)
      #expect(gaunt.entries.count == wigner3j.entries.count)
      for entry in gaunt.entries { #expect(unitsInLastPlace(scale * wigner3j[entry.m1, entry.m2, entry.m3], entry.value) <= 4) }
    }
    #expect(CouplingCoefficients.gaunt(1, 1, 1).entries.isEmpty)
  }

  @Test func complexBlocks() {
    let block = CouplingCoefficients.complexGaunt(2, 3, 3)
    #expect(block.degrees == SIMD3(2, 3, 3) && block.entries.isEmpty == false)
    for entry in block.entries { #expect(entry.value == Gaunt(2, 3, 3, entry.m1, entry.m2, entry.m3).value) }
  }
}
