import RealModule
import Requirements

/// The eigenvalues and orthonormal eigenvectors of a real symmetric matrix, A = V diag(λ) Vᵀ.
///
/// Householder reflections make A tridiagonal, and QL steps with implicit Wilkinson shifts diagonalise that (Golub and Van Loan 2013,
/// sections 8.3.1 and 8.3.3). The errors of the eigenvalues, of A V − V diag(λ) and of VᵀV − 1 are of the size of n ulp of |A|.
public struct SymmetricEigen: Sendable {
  /// λ, ascending.
  public let values: [Double]
  /// V: column k belongs to `values[k]`.
  public let vectors: Matrix<Double>

  /// Decomposes a symmetric matrix; traps unless it is square, finite, and symmetric to 10⁻¹⁰ of its largest element.
  public init(_ matrix: Matrix<Double>) {
    let n = matrix.rows
    let scale = matrix.maximumNorm
    require(matrix.columns == n, "expected a square matrix, received \(matrix.shape)")
    require(scale.isFinite, "expected finite elements, received \(scale)")
    let asymmetry = matrix.distance(to: matrix.transposed)
    require(asymmetry <= 1e-10 * scale, "expected a symmetric matrix, received one with max |A − Aᵀ| = \(asymmetry)")
    // By a power of two, exactly, so that no square or sum overflows.
    let unit = Double(sign: .plus, exponent: scale == 0 ? 0 : max(Int(scale.exponent), -1000), significand: 1)
    var tridiagonal = Tridiagonal((1 / unit) * matrix)
    tridiagonal.diagonalize()
    let order = (0..<n).sorted { tridiagonal.diagonal[$0] < tridiagonal.diagonal[$1] }
    values = order.map { unit * tridiagonal.diagonal[$0] }
    vectors = Matrix(rows: n, columns: n, order.flatMap { tridiagonal.rows[($0 * n)..<(($0 + 1) * n)] }).transposed
  }
}

/// A = Zᵀ T Z with tridiagonal T, while T is made diagonal. Rows of Z are kept contiguous, for the rotations.
private struct Tridiagonal {
  var diagonal: [Double]
  /// `offDiagonal[i]` couples i and i + 1; one more, of value zero, ends the list.
  var offDiagonal: [Double]
  var rows: [Double]

  init(_ matrix: Matrix<Double>) {
    let n = matrix.rows
    diagonal = Array(repeating: 0, count: n)
    offDiagonal = Array(repeating: 0, count: n)
    rows = Matrix<Double>.identity(n).elements
    var elements = matrix.elements
    var (v, w) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    elements.withUnsafeMutableBufferPointer { a in
      rows.withUnsafeMutableBufferPointer { z in
        v.withUnsafeMutableBufferPointer { v in
          w.withUnsafeMutableBufferPointer { w in
            for k in 0..<max(n - 1, 0) {
              offDiagonal[k] = Self.eliminate(k, n, a, v, w)
              // The reflection of row k + 1 and those below stays in row k of a, for the accumulation.
              for i in (k + 1)..<n { a[k * n + i] = v[i] }
            }
            // Z = H_{n−2} ... H₀, from H_k acting on rows and columns above k only.
            for k in stride(from: n - 2, through: 0, by: -1) { Self.reflect(k, n, a, z) }
          }
        }
      }
    }
    for i in 0..<n { diagonal[i] = elements[i * n + i] }
  }

  /// One Householder step on column k: A ← H A H, with H = 1 − v vᵀ and |v|² = 2 (or v = 0). Returns the new off-diagonal element.
  private static func eliminate(
    _ k: Int, _ n: Int, _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>,
    _ w: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    var (largest, tail) = (0.0, 0.0)
    for i in (k + 1)..<n { largest = max(largest, a[k * n + i].magnitude) }
    for i in (k + 1)..<n {
      v[i] = largest == 0 ? 0 : a[k * n + i] / largest
      if i > k + 1 { tail += v[i] * v[i] }
    }
    let first = v[k + 1]
    let sum = tail + first * first
    // Nothing below the subdiagonal: no reflection.
    if tail == 0 {
      for i in (k + 1)..<n { v[i] = 0 }
      return a[k * n + k + 1]
    }
    let norm = first > 0 ? -Double.sqrt(sum) : Double.sqrt(sum)
    v[k + 1] = first - norm
    let scale = 1 / Double.sqrt(sum - first * norm)
    for i in (k + 1)..<n { v[i] *= scale }
    // w = A v − (vᵀ A v / 2) v, and A ← A − v wᵀ − w vᵀ.
    var overlap = 0.0
    for i in (k + 1)..<n {
      var value = 0.0
      for j in (k + 1)..<n { value += a[i * n + j] * v[j] }
      w[i] = value
      overlap += value * v[i]
    }
    for i in (k + 1)..<n { w[i] -= overlap / 2 * v[i] }
    for i in (k + 1)..<n {
      let (vi, wi) = (v[i], w[i])
      for j in (k + 1)..<n { a[i * n + j] -= vi * w[j] + wi * v[j] }
    }
    return norm * largest
  }

  /// Z ← Z H_k; both act above k only.
  private static func reflect(
    _ k: Int, _ n: Int, _ a: UnsafeMutableBufferPointer<Double>, _ z: UnsafeMutableBufferPointer<Double>
  ) {
    for i in (k + 1)..<n {
      var value = 0.0
      for j in (k + 1)..<n { value += z[i * n + j] * a[k * n + j] }
      if value == 0 { continue }
      for j in (k + 1)..<n { z[i * n + j] -= value * a[k * n + j] }
    }
  }

  /// QL steps until every off-diagonal element is below rounding.
  mutating func diagonalize() {
    let n = diagonal.count
    let size = (0..<n).map { diagonal[$0].magnitude + offDiagonal[$0].magnitude }.max() ?? 0
    for low in 0..<n {
      var steps = 0
      while true {
        let high = (low..<n).first { offDiagonal[$0].magnitude <= .ulpOfOne / 2 * size } ?? n - 1
        if high == low { break }
        steps += 1
        require(steps <= 100, "expected convergence of the QL algorithm in 100 steps, at eigenvalue \(low) of \(n)")
        step(low, high)
      }
    }
  }

  /// One implicit QL step on the unreduced block `low`...`high`.
  private mutating func step(_ low: Int, _ high: Int) {
    let n = diagonal.count
    let ratio = (diagonal[low + 1] - diagonal[low]) / (2 * offDiagonal[low])
    let root = Double.hypot(ratio, 1)
    let shift = diagonal[low] - offDiagonal[low] / (ratio + (ratio < 0 ? -root : root))
    // The bulge (g, f) is chased from the bottom up by rotations of planes i and i + 1.
    var (sine, cosine, moved, g) = (1.0, 1.0, 0.0, diagonal[high] - shift)
    for i in stride(from: high - 1, through: low, by: -1) {
      let (f, b) = (sine * offDiagonal[i], cosine * offDiagonal[i])
      let r = Double.hypot(f, g)
      offDiagonal[i + 1] = r
      if r == 0 {
        // The block splits here.
        diagonal[i + 1] -= moved
        offDiagonal[high] = 0
        return
      }
      (sine, cosine) = (f / r, g / r)
      g = diagonal[i + 1] - moved
      let t = (diagonal[i] - g) * sine + 2 * cosine * b
      moved = sine * t
      diagonal[i + 1] = g + moved
      g = cosine * t - b
      rows.withUnsafeMutableBufferPointer { z in
        for k in 0..<n {
          let (upper, lower) = (z[i * n + k], z[(i + 1) * n + k])
          z[(i + 1) * n + k] = sine * upper + cosine * lower
          z[i * n + k] = cosine * upper - sine * lower
        }
      }
    }
    diagonal[low] -= moved
    offDiagonal[low] = g
    offDiagonal[high] = 0
  }
}
