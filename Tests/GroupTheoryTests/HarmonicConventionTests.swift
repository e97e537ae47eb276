import FileFormats
import Testing

@testable import GroupTheory

@Suite struct HarmonicConventionTests {
  /// Complex values (real, imaginary), as other programs gave them: [point][l² + place in the degree].
  private func reference(_ convention: HarmonicConvention) throws -> [(point: SIMD3<Double>, values: [(Double, Double)])] {
    let archive = try referenceArchive("harmonic-conventions.npz")
    let isComplex = convention == .scipy
    let points = try archive.doubles("points")
    let real = try archive.doubles(isComplex ? "scipy_real" : convention.rawValue)
    let imaginary = isComplex ? try archive.doubles("scipy_imaginary") : real.map { _ in 0 }
    return (0..<3).map { i in
      (SIMD3(points[3 * i], points[3 * i + 1], points[3 * i + 2]), (49 * i..<49 * (i + 1)).map { (real[$0], imaginary[$0]) })
    }
  }

  private func error(_ a: [(Double, Double)], _ b: [(Double, Double)]) -> Double {
    zip(a, b).map { max(abs($0.0 - $1.0), abs($0.1 - $1.1)) }.max()!
  }

  private func product(_ matrix: (real: Matrix<Double>, imaginary: Matrix<Double>), _ v: [(Double, Double)]) -> [(Double, Double)] {
    (0..<v.count).map { i in
      (0..<v.count).reduce((0, 0)) { sum, j in
        let (re, im) = (matrix.real[i, j], matrix.imaginary[i, j])
        return (sum.0 + re * v[j].0 - im * v[j].1, sum.1 + re * v[j].1 + im * v[j].0)
      }
    }
  }

  /// To the accuracy of the programs: sphericart is off by 2e-14 here, cuEquivariance by 3e-14 (ours by 1e-15, SphericalHarmonicsTests).
  @Test(arguments: HarmonicConvention.allCases) func equalsThePrograms(_ convention: HarmonicConvention) throws {
    for (point, theirs) in try reference(convention) {
      let moved = SphericalHarmonics(degrees: 0...6)(convention.axes * point).map { ($0, 0.0) }
      let here = SphericalHarmonics(degrees: 0...6)(point).map { ($0, 0.0) }
      for l in 0...6 {
        let range = l * l..<(l + 1) * (l + 1)
        let expected = Array(theirs[range])
        #expect(error(product(convention.matrix(degree: l), Array(moved[range])), expected) < 5e-14, "degree \(l)")
        #expect(error(product(convention.inverseMatrix(degree: l), expected), Array(moved[range])) < 5e-14)
        // The same point: the axes are renamed by a Wigner matrix.
        let change = WignerD.real(degree: l, of: convention.axes)
        let (real, imaginary) = convention.matrix(degree: l)
        #expect(error(product((real * change, imaginary * change), Array(here[range])), expected) < 5e-14)
      }
    }
  }

  /// No convention is another one: the check above tells all pairs apart.
  @Test func conventionsDiffer() throws {
    for convention in HarmonicConvention.allCases {
      for other in HarmonicConvention.allCases where other != convention {
        let (point, theirs) = try reference(other)[0]
        let values = SphericalHarmonics(degrees: 2...2)(convention.axes * point).map { ($0, 0.0) }
        #expect(error(product(convention.matrix(degree: 2), values), Array(theirs[4..<9])) > 0.1)
      }
    }
  }

  @Test func axesAreExact() {
    for convention in HarmonicConvention.allCases {
      #expect(convention.axes * SIMD3(1, 2, 3) == (convention == .cuEquivariance ? SIMD3(1, 2, 3) : SIMD3(2, 3, 1)))
    }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = HarmonicConvention.scipy.matrix(degree: -1) }
  }
}
