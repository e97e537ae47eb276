import FileFormats
import Testing

@testable import GroupTheory

@Suite struct RealWigner3jTests {
  /// All blocks of e3nn up to l = 6, which are accurate to some 10⁻¹⁵ themselves.
  @Test func equalsE3nn() throws {
    let archive = try referenceArchive("wigner_3j.npz")
    #expect(archive.names.count == 175)
    for name in archive.names {
      let l = name.split(separator: "_").map { Int($0)! }
      let expected = try archive.doubles(name)
      let block = CouplingCoefficients.wigner3j(l[0], l[1], l[2])
      let difference = zip(block.dense, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(block.dense.count == expected.count && difference < 2e-15, "\(name): \(difference)")
    }
  }

  @Test func goldenNumbers() {
    #expect("\(RealWigner3j(1, 1, 1, -1, 0, 1).exact)" == "√(1/6)")
    #expect("\(RealWigner3j(1, 1, 0, 1, 1, 0).exact)" == "√(1/3)")
    #expect("\(RealWigner3j(2, 2, 2, 0, 0, 0).exact)" == "√(2/35)")
    #expect(abs(RealWigner3j(2, 2, 2, 0, 0, 0).value - 0.2390457) < 5e-8)
    #expect(RealWigner3j(1, 1, 3, 0, 0, 0).value == 0)
  }

  /// Blocks and single coefficients are computed by different loops.
  @Test func singleCoefficientsEqualBlocks() {
    for (l1, l2, l3) in [(0, 0, 0), (2, 1, 2), (3, 5, 4), (4, 4, 3)] {
      let block = CouplingCoefficients.wigner3j(l1, l2, l3)
      for m1 in -l1...l1 {
        for m2 in -l2...l2 {
          for m3 in -l3...l3 { #expect(RealWigner3j(l1, l2, l3, m1, m2, m3).value == block[m1, m2, m3]) }
        }
      }
    }
  }

  /// The definition, summed with complex matrices: only here, and only to compare.
  @Test func equalsTheDefinition() {
    for (l1, l2, l3) in [(1, 2, 2), (3, 3, 3), (4, 2, 5), (6, 7, 8)] {
      let block = CouplingCoefficients.wigner3j(l1, l2, l3)
      for m1 in -l1...l1 {
        for m2 in -l2...l2 {
          for m3 in -l3...l3 {
            var sum = (0.0, 0.0)
            for i in Set([-m1, m1]) {
              for k in Set([-m2, m2]) where Set([-m3, m3]).contains(i + k) {
                let (a, b, c) = (change(l1, i, m1), change(l2, k, m2), change(l3, i + k, m3))
                let coefficient = ClebschGordan(l1, i, l2, k, l3, i + k).value / Double(2 * l3 + 1).squareRoot()
                let ab = (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
                sum.0 += (ab.0 * c.0 + ab.1 * c.1) * coefficient
                sum.1 += (ab.1 * c.0 - ab.0 * c.1) * coefficient
              }
            }
            #expect(abs(sum.0 - block[m1, m2, m3]) < 1e-15 && abs(sum.1) < 1e-15)
          }
        }
      }
    }
  }

  @Test func componentsOutsideTheirIrrepTrap() async {
    await #expect(processExitsWith: .failure) { _ = RealWigner3j(1, 1, 1, 2, 0, 0) }
  }

  /// Q[m, μ] of CONVENTIONS with its (−i)^l.
  private func change(_ l: Int, _ m: Int, _ real: Int) -> (Double, Double) {
    let (root, n) = (0.5.squareRoot(), abs(m))
    let sign = n.isMultiple(of: 2) ? root : -root
    var value: (Double, Double) =
      if n == 0 { (1, 0) } else if m < 0 { real > 0 ? (root, 0) : (0, -root) } else { real > 0 ? (sign, 0) : (0, sign) }
    for _ in 0..<l { value = (value.1, -value.0) }
    return value
  }
}
