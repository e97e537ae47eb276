import Requirements

extension Tensor {
  /// X with A X = B, for A [..., n, n] and B [..., n, k]; leading axes broadcast. Traps where A is exactly singular.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func solve(_ a: Tensor, _ b: Tensor) -> Tensor {
    require(
      a.rank >= 2 && b.rank >= 2 && a.shape[-1] == a.shape[-2] && a.shape[-1] == b.shape[-2],
      "A [..., n, n] and B [..., n, k] are expected, received \(a.shape) and \(b.shape)")
    let outer = Shape.broadcast(Shape(a.shape.dimensions.dropLast(2)), Shape(b.shape.dimensions.dropLast(2))).dimensions
    let (n, k) = (a.shape[-1], b.shape[-1])
    let left = a.broadcast(to: Shape(outer + [n, n]))
    let right = b.broadcast(to: Shape(outer + [n, k]))
    let out = Tensor(uninitialized: right.shape)
    _ = Machine.singleThreadedBLAS
    let drivers = Scalar.lapack
    var (size, columns, info) = (Int32(n), Int32(k), Int32(0))
    var matrix = [Scalar](repeating: 0, count: n * n)
    var rhs = [Scalar](repeating: 0, count: n * k)
    var pivots = [Int32](repeating: 0, count: n)
    for batch in 0..<outer.reduce(1, *) where n * k > 0 {
      let (p, q) = (left.pointer + batch * n * n, right.pointer + batch * n * k)
      for i in 0..<n { for j in 0..<n { matrix[j * n + i] = p[i * n + j] } }
      for i in 0..<n { for j in 0..<k { rhs[j * n + i] = q[i * k + j] } }
      drivers.gesv(&size, &columns, &matrix, &size, &pivots, &rhs, &size, &info)
      require(info == 0, "an invertible matrix is expected: pivot \(info) of matrix \(batch) is 0")
      let y = out.pointer + batch * n * k
      for i in 0..<n { for j in 0..<k { y[i * k + j] = rhs[j * n + i] } }
    }
    return operation([left, right], value: out) { x, g in
      let gb = solve(left.transposed(), g)
      return [-matmul(gb, x, transposingSecond: true), gb]
    }
  }

  /// The inverse of matrices [..., n, n].
  public func inverse() -> Tensor { Tensor.solve(self, .identity(shape[-1])) }

  /// The thin singular value decomposition A = U diag(s) Vᵀ of A [..., m, n]: U [..., m, k], s [..., k] in descending order and V [..., n,
  /// k], with k = min(m, n).
  ///
  /// The component of largest magnitude of each column of U is positive. Derivatives exist where the singular values differ and are not 0.
  /// For a matrix with an entry that is not finite, all of them are NaN.
  public func singularValueDecomposition() -> (u: Tensor, s: Tensor, v: Tensor) {
    require(rank >= 2, "matrices [..., m, n] are expected, received \(shape)")
    let (m, n) = (shape[-2], shape[-1])
    let packed = Tensor.thinSVD(self)
    return (
      packed.sliced(axis: -2, 1..<m + 1), packed.sliced(axis: -2, 0..<1).squeezed(axis: -2), packed.sliced(axis: -2, m + 1..<m + n + 1)
    )
  }

  /// s as a row above U above V.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func thinSVD(_ a: Tensor) -> Tensor {
    let (m, n) = (a.shape[-2], a.shape[-1])
    let k = Swift.min(m, n)
    let out = Tensor(uninitialized: Shape(a.shape.dimensions.dropLast(2) + [1 + m + n, k]))
    _ = Machine.singleThreadedBLAS
    let drivers = Scalar.lapack
    // Row-major A is column-major Aᵀ = V diag(s) Uᵀ: the roles of U and V change places.
    var (rows, columns, small, info) = (Int32(n), Int32(m), Int32(k), Int32(0))
    var lwork = Int32(4 * k * k + 7 * k + Swift.max(m, n) * 8 + 64)
    var work = [Scalar](repeating: 0, count: Int(lwork))
    var iwork = [Int32](repeating: 0, count: 8 * k)
    var matrix = [Scalar](repeating: 0, count: m * n)
    var s = [Scalar](repeating: 0, count: k)
    var v = [Scalar](repeating: 0, count: n * k)  // column-major n x k
    var ut = [Scalar](repeating: 0, count: k * m)  // column-major k x m
    for batch in 0..<(k == 0 ? 0 : a.count / (m * n)) {
      let y = out.pointer + batch * (1 + m + n) * k
      guard takeFinite(a.pointer + batch * m * n, into: &matrix) else {
        for i in 0..<(1 + m + n) * k { y[i] = .nan }
        continue
      }
      drivers.gesdd("S", &rows, &columns, &matrix, &rows, &s, &v, &rows, &ut, &small, &work, &lwork, &iwork, &info)
      require(info == 0, "a singular value iteration that converges is expected, it did not (info \(info))")
      for c in 0..<k {
        y[c] = s[c]
        let largest = (1..<m).reduce(0) { ut[$1 * k + c].magnitude > ut[$0 * k + c].magnitude ? $1 : $0 }
        let sign: Scalar = ut[largest * k + c] < 0 ? -1 : 1
        for i in 0..<m { y[(1 + i) * k + c] = sign * ut[i * k + c] }
        for i in 0..<n { y[(1 + m + i) * k + c] = sign * v[c * n + i] }
      }
    }
    return operation([a], value: out) { result, g in
      let s = result.sliced(axis: -2, 0..<1)
      let u = result.sliced(axis: -2, 1..<m + 1)
      let v = result.sliced(axis: -2, m + 1..<m + n + 1)
      let (gs, gu, gv) = (g.sliced(axis: -2, 0..<1), g.sliced(axis: -2, 1..<m + 1), g.sliced(axis: -2, m + 1..<m + n + 1))
      let f = inverseDifferences(s.squared())  // 1 / (sj² - si²)
      let utgu = matmul(u, gu, transposingFirst: true)
      let vtgv = matmul(v, gv, transposingFirst: true)
      let middle =
        f * (utgu - utgu.transposed()) * s + identity(k) * gs + s.transposed() * (f * (vtgv - vtgv.transposed()))
      var full = matmul(matmul(u, middle), v, transposingSecond: true)
      if m > k { full = full + matmul((gu - matmul(u, utgu)) / s, v, transposingSecond: true) }
      if n > k { full = full + matmul(u, (gv - matmul(v, vtgv)) / s, transposingSecond: true) }
      return [full]
    }
  }

  /// The thin QR decomposition A = Q R of A [..., m, n] with m >= n: Q [..., m, n] has orthonormal columns, and R [..., n, n] is upper
  /// triangular with a diagonal that is not negative. Derivatives exist where the columns of A are independent.
  public func qr() -> (q: Tensor, r: Tensor) {
    require(rank >= 2 && shape[-2] >= shape[-1], "matrices [..., m, n] with m >= n are expected, received \(shape)")
    let (m, n) = (shape[-2], shape[-1])
    let packed = Tensor.thinQR(self)
    return (packed.sliced(axis: -2, 0..<m), packed.sliced(axis: -2, m..<m + n))
  }

  /// Q above R.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func thinQR(_ a: Tensor) -> Tensor {
    let (m, n) = (a.shape[-2], a.shape[-1])
    let out = Tensor(uninitialized: Shape(a.shape.dimensions.dropLast(2) + [m + n, n]))
    _ = Machine.singleThreadedBLAS
    let drivers = Scalar.lapack
    var (rows, columns, info) = (Int32(m), Int32(n), Int32(0))
    var lwork = Int32(64 * Swift.max(1, n))
    var work = [Scalar](repeating: 0, count: Int(lwork))
    var tau = [Scalar](repeating: 0, count: n)
    var matrix = [Scalar](repeating: 0, count: m * n)
    for batch in 0..<(n == 0 ? 0 : a.count / (m * n)) {
      let x = a.pointer + batch * m * n
      let y = out.pointer + batch * (m + n) * n
      for i in 0..<m { for j in 0..<n { matrix[j * m + i] = x[i * n + j] } }
      drivers.geqrf(&rows, &columns, &matrix, &rows, &tau, &work, &lwork, &info)
      var signs = [Scalar](repeating: 1, count: n)
      for i in 0..<n {
        if matrix[i * m + i] < 0 { signs[i] = -1 }
        for j in 0..<n { y[(m + i) * n + j] = j < i ? 0 : signs[i] * matrix[j * m + i] }
      }
      drivers.orgqr(&rows, &columns, &columns, &matrix, &rows, tau, &work, &lwork, &info)
      for i in 0..<m { for j in 0..<n { y[i * n + j] = signs[j] * matrix[j * m + i] } }
    }
    let lower = Tensor(shape: Shape(n, n)) { buffer in
      for i in 0..<n { for j in 0..<n { buffer[i * n + j] = j < i ? 1 : 0 } }
    }
    return operation([a], value: out) { result, g in
      let (q, r) = (result.sliced(axis: -2, 0..<m), result.sliced(axis: -2, m..<m + n))
      let (gq, gr) = (g.sliced(axis: -2, 0..<m), g.sliced(axis: -2, m..<m + n))
      let w = matmul(r, gr, transposingSecond: true) - matmul(gq, q, transposingFirst: true)
      // The lower triangle of w, mirrored.
      let below = w * lower
      let mirrored = below + below.transposed() + w * identity(n)
      // (gQ + Q mirrored) R⁻ᵀ
      return [solve(r, (gq + matmul(q, mirrored)).transposed()).transposed()]
    }
  }
}
