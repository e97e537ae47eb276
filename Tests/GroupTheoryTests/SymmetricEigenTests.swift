import RealModule
import Testing

@testable import GroupTheory

@Suite struct SymmetricEigenTests {
  private func deviation(_ a: Matrix<Double>) -> Double {
    let eigen = SymmetricEigen(a)
    let (v, n) = (eigen.vectors, a.rows)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
    return max(
      (v.transposed * v).distance(to: .identity(n)), (a * v).distance(to: v * .diagonal(eigen.values)) / max(a.maximumNorm, 1e-300))
  }

  @Test(arguments: [1, 2, 3, 10, 60]) func randomMatrices(n: Int) {
    var generator = SplitMix64(seed: 61)
    let a = Matrix(rows: n, columns: n, (0..<(n * n)).map { _ in generator.uniform() - 0.5 })
    #expect(deviation(a + a.transposed) < 4e-14)
    #expect(deviation(a * a.transposed) < 4e-14)
    #expect(deviation(1e-200 * (a + a.transposed)) < 4e-14)
    #expect(deviation(1e150 * (a + a.transposed)) < 4e-14)
  }

  /// Projectors have eigenvalues 0 and 1 only, many times.
  @Test func degenerateMatrices() {
    var generator = SplitMix64(seed: 62)
    let q = Matrix.randomOrthogonal(30, using: &generator)
    let projector = q * .diagonal((0..<30).map { $0 < 19 ? 0 : 1 }) * q.transposed
    #expect(deviation(projector) < 1e-14)
    let values = SymmetricEigen(projector).values
    #expect(zip(values, (0..<30).map { $0 < 19 ? 0.0 : 1 }).allSatisfy { abs($0 - $1) < 1e-14 })
    for a in [Matrix<Double>.identity(5), .diagonal([3, 1, 2, 1, -4]), Matrix(zeros: 4, 4), Matrix(zeros: 0, 0)] {
      #expect(deviation(a) < 1e-15)
    }
    #expect(SymmetricEigen(.diagonal([3, 1, 2, 1, -4])).values == [-4, 1, 1, 2, 3])
  }

  /// Couplings too small to change the norm of their column must not be lost.
  @Test(arguments: [1e-6, 1e-9, 1e-12]) func smallCouplings(size: Double) {
    let a = Matrix<Double>([[1, 1, size, -size], [1, 2, 0, size], [size, 0, 3, 1], [-size, size, 1, 4]])
    #expect(deviation(a) < 4e-15)
    let scales = Matrix<Double>.diagonal([1, size, 1, size * size])
    #expect(deviation(scales * a * scales) < 4e-15)
  }

  /// Eigenvalues to 20 digits by mpmath's eigsy at 40 digits.
  @Test func values() {
    let a = Matrix<Double>([[4, 1, -2, 2], [1, 2, 0, 1], [-2, 0, 3, -2], [2, 1, -2, -1]])
    let expected = [-2.1975169774394248133, 1.0843644637732169887, 2.2685314064312420364, 6.8446211072349657881]
    for (value, reference) in zip(SymmetricEigen(a).values, expected) { #expect(abs(value - reference) < 4e-15) }
    // Hilbert's matrix: eigenvalues over 16 orders of magnitude, each to the precision of the largest.
    let hilbert = Matrix<Double>((1...12).map { i in (0..<12).map { j in 1 / Double(i + j) } })
    let spectrum = [
      1.0479463979622266919e-16, 2.6490214934448867211e-14, 3.1113548972269167352e-12, 2.2519645534900768923e-10,
      1.1228610667517030313e-8, 4.0823761103861773442e-7, 0.000011163357483224427735, 0.00023308908902178066112,
      0.0037223122378911662504, 0.044738548752181074547, 0.38027524595503709779, 1.7953720595619973087,
    ]
    for (value, reference) in zip(SymmetricEigen(hilbert).values, spectrum) { #expect(abs(value - reference) < 2e-15) }
    // The second difference of n points: 2 − 2 cos(πk/(n + 1)).
    var chain = Matrix<Double>(zeros: 40, 40)
    for i in 0..<40 {
      chain[i, i] = 2
      if i > 0 { (chain[i, i - 1], chain[i - 1, i]) = (-1, -1) }
    }
    for (k, value) in SymmetricEigen(chain).values.enumerated() {
      #expect(abs(value - (2 - 2 * Double.cos(.pi * Double(k + 1) / 41))) < 1e-14)
    }
  }

  /// The eigenvalues of [[1, 1], [1, 0]] are φ and 1 − φ.
  @Test func neitherOverflowsNorVanishes() {
    let golden = (1 + Double.sqrt(5)) / 2
    for size in [1e-307, 1e308] {
      let matrix: Matrix<Double> = Matrix([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
      let values = SymmetricEigen(size * matrix).values
      for (value, expected) in zip(values, [1 - golden, 0, golden]) { #expect(abs(value / size - expected) < 1e-14) }
    }
  }
}
