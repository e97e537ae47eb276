import Testing

@testable import GroupTheory

@Suite struct MatrixTests {
  let a = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
  let b = Matrix<Double>([[1, -1], [0, 2], [3, 1]])

  @Test func productTransposeAndVector() {
    #expect(a * b == Matrix([[10, 6], [22, 12]]))
    #expect((a * b).transposed == b.transposed * a.transposed)
    #expect(a * [1, 0, -1] == [-2, -2])
    #expect(Matrix<Double>.identity(2) * a == a)
    #expect((a * b).trace == 22)
    #expect(2 * a - a == a && a + a == 2 * a)
  }

  @Test func determinant() {
    #expect(Matrix<Double>([[0, 2], [3, 4]]).determinant == -6)
    #expect(Matrix<Double>([[1, 2], [2, 4]]).determinant == 0)
    #expect(Matrix<Double>.identity(0).determinant == 1)
    // The Hilbert matrix of order 3 has determinant 1/2160.
    let hilbert = Matrix<Double>((0..<3).map { i in (0..<3).map { j in 1 / Double(i + j + 1) } })
    #expect(abs(hilbert.determinant * 2160 - 1) < 1e-13)
  }

  @Test func kroneckerProductAndDirectSum() {
    let k = Matrix<Double>([[1, 2]]).kroneckerProduct(Matrix([[3], [4]]))
    #expect(k == Matrix([[3, 6], [4, 8]]))
    let s = Matrix<Double>([[1, 2]]).directSum(Matrix([[3], [4]]))
    #expect(s == Matrix([[1, 2, 0], [0, 0, 3], [0, 0, 4]]))
    // (A ⊗ B)(C ⊗ D) = AC ⊗ BD
    let c = Matrix<Double>([[2, 1], [1, 1]])
    #expect(a.kroneckerProduct(c) * b.kroneckerProduct(c) == (a * b).kroneckerProduct(c * c))
  }

  @Test func maximumNorm() {
    #expect(a.distance(to: Matrix([[1, 2, 3], [4, 5, 8.5]])) == 2.5)
    #expect(Matrix<Double>([[1, .nan]]).maximumNorm.isNaN)
    #expect(Matrix<Double>(zeros: 0, 0).maximumNorm == 0)
  }

  @Test func wrongShapesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>.identity(2) * Matrix<Double>.identity(3) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(rows: 2, columns: 2, [1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>.identity(2)[2, 0] }
  }
}
