import RealModule
import Requirements

/// A small dense matrix, row-major: element (i, j) is `elements[i * columns + j]`.
///
/// It is meant for representation matrices and coupling coefficients, not for bulk arithmetic. Wrong shapes trap with what was expected and
/// received.
public struct Matrix<Scalar: Numeric & Sendable>: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row by row; `rows * columns` of them.
  public var elements: [Scalar] {
    didSet { Self.check(count: elements.count, rows, columns) }
  }

  /// A matrix from its elements in row-major order.
  public init(rows: Int, columns: Int, _ elements: [Scalar]) {
    Self.check(count: elements.count, rows, columns)
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// A matrix from its rows, all of one length.
  public init(_ rows: [[Scalar]]) {
    let columns = rows.first?.count ?? 0
    for (i, row) in rows.enumerated() {
      require(row.count == columns, "expected \(columns) elements in row \(i), as in row 0, received \(row.count)")
    }
    self.init(rows: rows.count, columns: columns, rows.flatMap { $0 })
  }

  /// A matrix of zeros.
  public init(zeros rows: Int, _ columns: Int) {
    Self.check(shape: rows, columns)
    self.init(rows: rows, columns: columns, Array(repeating: .zero, count: rows * columns))
  }

  /// The n×n identity.
  public static func identity(_ n: Int) -> Matrix {
    check(shape: n, n)
    return diagonal(Array(repeating: 1, count: n))
  }

  /// The square matrix with the given diagonal.
  public static func diagonal(_ values: [Scalar]) -> Matrix {
    var result = Matrix(zeros: values.count, values.count)
    for (i, value) in values.enumerated() { result.elements[i * (values.count + 1)] = value }
    return result
  }

  /// The element in row i, column j.
  public subscript(i: Int, j: Int) -> Scalar {
    get {
      checkIndex(i, j)
      return elements[i * columns + j]
    }
    set {
      checkIndex(i, j)
      elements[i * columns + j] = newValue
    }
  }

  private func checkIndex(_ i: Int, _ j: Int) {
    require(
      i >= 0 && i < rows && j >= 0 && j < columns, "expected an index inside \(rows)×\(columns), received (\(i), \(j))")
  }

  private static func check(count: Int, _ rows: Int, _ columns: Int) {
    check(shape: rows, columns)
    require(count == rows * columns, "expected \(rows * columns) elements for \(rows)×\(columns), received \(count)")
  }

  private static func check(shape rows: Int, _ columns: Int) {
    require(rows >= 0 && columns >= 0, "expected a shape of at least 0×0, received \(rows)×\(columns)")
  }

  /// The shape as text, for messages: "3×4".
  var shape: String { "\(rows)×\(columns)" }
}

extension Matrix {
  /// The transpose Mᵀ.
  public var transposed: Matrix {
    var result = Matrix(zeros: columns, rows)
    for i in 0..<rows {
      for j in 0..<columns { result.elements[j * rows + i] = elements[i * columns + j] }
    }
    return result
  }

  /// The sum of the diagonal; traps unless square.
  public var trace: Scalar {
    require(rows == columns, "expected a square matrix, received \(shape)")
    return (0..<rows).reduce(into: .zero) { $0 += elements[$1 * (columns + 1)] }
  }

  /// The sum A + B of matrices of one shape.
  public static func + (a: Matrix, b: Matrix) -> Matrix { combine(a, b, +) }

  /// The difference A − B of matrices of one shape.
  public static func - (a: Matrix, b: Matrix) -> Matrix { combine(a, b, -) }

  /// The multiple s M.
  public static func * (s: Scalar, m: Matrix) -> Matrix {
    Matrix(rows: m.rows, columns: m.columns, m.elements.map { s * $0 })
  }

  /// The product AB, of shape A.rows × B.columns.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    require(a.columns == b.rows, "expected a right factor with \(a.columns) rows, received \(b.shape)")
    var result = [Scalar](repeating: .zero, count: a.rows * b.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns {
        let factor = a.elements[i * a.columns + k]
        for j in 0..<b.columns { result[i * b.columns + j] += factor * b.elements[k * b.columns + j] }
      }
    }
    return Matrix(rows: a.rows, columns: b.columns, result)
  }

  /// The product Mv with a column vector of `columns` elements.
  public static func * (m: Matrix, v: [Scalar]) -> [Scalar] {
    require(v.count == m.columns, "expected a vector of \(m.columns) elements, received \(v.count)")
    return (0..<m.rows).map { i in
      (0..<m.columns).reduce(into: Scalar.zero) { $0 += m.elements[i * m.columns + $1] * v[$1] }
    }
  }

  /// The Kronecker product A ⊗ B: element (i p + k, j q + l) is A[i, j] B[k, l] for B of shape p×q.
  public func kroneckerProduct(_ other: Matrix) -> Matrix {
    var result = Matrix(zeros: rows * other.rows, columns * other.columns)
    var target = 0
    for i in 0..<rows {
      for k in 0..<other.rows {
        for j in 0..<columns {
          for l in 0..<other.columns {
            result.elements[target] = elements[i * columns + j] * other.elements[k * other.columns + l]
            target += 1
          }
        }
      }
    }
    return result
  }

  /// The direct sum diag(A, B).
  public func directSum(_ other: Matrix) -> Matrix {
    var result = Matrix(zeros: rows + other.rows, columns + other.columns)
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] = self[i, j] }
    }
    for i in 0..<other.rows {
      for j in 0..<other.columns { result[rows + i, columns + j] = other[i, j] }
    }
    return result
  }

  private static func combine(_ a: Matrix, _ b: Matrix, _ operation: (Scalar, Scalar) -> Scalar) -> Matrix {
    require(a.rows == b.rows && a.columns == b.columns, "expected two matrices of shape \(a.shape), received \(b.shape)")
    return Matrix(rows: a.rows, columns: a.columns, zip(a.elements, b.elements).map(operation))
  }
}

extension Matrix where Scalar: Real {
  /// The max norm, the largest |M[i, j]|: 0 for an empty matrix, and NaN if any element is NaN.
  public var maximumNorm: Scalar {
    var result: Scalar = 0
    for element in elements {
      if element.isNaN { return element }
      result = max(result, element.magnitude)
    }
    return result
  }

  /// The max-norm distance to a matrix of the same shape.
  public func distance(to other: Matrix) -> Scalar { (self - other).maximumNorm }

  /// The determinant, by Gaussian elimination with partial pivoting; traps unless square; 1 for 0×0.
  public var determinant: Scalar {
    require(rows == columns, "expected a square matrix, received \(shape)")
    let n = rows
    var a = elements
    var result: Scalar = 1
    for k in 0..<n {
      var pivot = k
      for i in k..<n where a[i * n + k].magnitude > a[pivot * n + k].magnitude { pivot = i }
      if a[pivot * n + k] == 0 { return 0 }
      if pivot != k {
        for j in k..<n { a.swapAt(k * n + j, pivot * n + j) }
        result = -result
      }
      result *= a[k * n + k]
      for i in (k + 1)..<max(n, k + 1) {
        let factor = a[i * n + k] / a[k * n + k]
        for j in k..<n { a[i * n + j] -= factor * a[k * n + j] }
      }
    }
    return result
  }
}
