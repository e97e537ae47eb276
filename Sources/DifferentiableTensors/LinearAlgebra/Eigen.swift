import CKernels
import Requirements

extension Tensor {
  /// Eigenvalues (ascending) and eigenvectors (columns) of symmetric matrices: A = V diag(λ) Vᵀ, for A [..., n, n].
  ///
  /// Only the symmetric part (A + Aᵀ) / 2 counts. The sign of each eigenvector makes its component of largest magnitude positive.
  /// Derivatives divide by differences of eigenvalues: they exist where all eigenvalues differ, and grow without bound near a repeated one;
  /// functions of the eigenvalues alone stay finite there only if the eigenvectors take no part. A Lorentzian `broadening` η above 0 keeps
  /// derivatives finite: 1/Δ becomes Δ / (Δ² + η² s²) for the difference Δ of two eigenvalues, where s is the largest magnitude of all. The
  /// eigenvalues and eigenvectors of a matrix with an entry that is not finite are NaN; the other matrices of a batch are not affected.
  public func symmetricEigen(broadening: Scalar = 0) -> (values: Tensor, vectors: Tensor) {
    require(rank >= 2 && shape[-1] == shape[-2], "symmetric matrices [..., n, n] are expected, received \(shape)")
    let n = shape[-1]
    let symmetric = (self + transposed()) * 0.5
    // One result: the eigenvalues as a row above the eigenvectors, so that the derivative is that of one operation.
    let packed = Tensor.eigen(symmetric, broadening: broadening)
    return (packed.sliced(axis: -2, 0..<1).squeezed(axis: -2), packed.sliced(axis: -2, 1..<n + 1))
  }

  /// The eigenvalues as a row above the eigenvectors.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func eigen(_ a: Tensor, broadening: Scalar) -> Tensor {
    let n = a.shape[-1]
    var target = a.shape
    target[-2] = n + 1
    let out = Tensor(uninitialized: target)
    let batches = a.count / Swift.max(1, n * n)
    if n <= Int(CK_JACOBI) {
      nonisolated(unsafe) let (x, y) = (a.pointer, out.pointer)
      Threads.split(batches, grain: 256) { start, count in
        ck_jacobi(Scalar.kernelType, count, n, x + start &* n &* n, y + start &* n &* (n + 1))
      }
    } else {
      eigenByLAPACK(a, n, batches, out)
    }
    return operation([a], value: out) { result, g in
      let values = result.sliced(axis: -2, 0..<1)
      let vectors = result.sliced(axis: -2, 1..<n + 1)
      let gv = g.sliced(axis: -2, 1..<n + 1)
      // V (diag(gλ) + F ∘ Vᵀ gV) Vᵀ, F[i, j] = 1 / (λj - λi) off the diagonal
      let inverse = inverseDifferences(values, broadening: broadening)
      let identity = Tensor.identity(n)
      let middle = identity * g.sliced(axis: -2, 0..<1) + inverse * matmul(vectors, gv, transposingFirst: true)
      let full = matmul(matmul(vectors, middle), vectors, transposingSecond: true)
      return [(full + full.transposed()) * 0.5]
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func eigenByLAPACK(_ a: Tensor, _ n: Int, _ batches: Int, _ out: Tensor) {
    _ = Machine.singleThreadedBLAS
    let drivers = Scalar.lapack
    var (size, info) = (Int32(n), Int32(0))
    var lwork = Int32(1 + 6 * n + 2 * n * n)
    var liwork = Int32(3 + 5 * n)
    var work = [Scalar](repeating: 0, count: Int(lwork))
    var iwork = [Int32](repeating: 0, count: Int(liwork))
    var matrix = [Scalar](repeating: 0, count: n * n)
    var values = [Scalar](repeating: 0, count: n)
    for batch in 0..<batches {
      let y = out.pointer + batch * n * (n + 1)
      guard takeFinite(a.pointer + batch * n * n, into: &matrix) else {
        for i in 0..<n * (n + 1) { y[i] = .nan }
        continue
      }
      drivers.syevd("V", "U", &size, &matrix, &size, &values, &work, &lwork, &iwork, &liwork, &info)
      require(info == 0, "an eigenvalue iteration that converges is expected, it did not (info \(info))")
      for k in 0..<n {
        y[k] = values[k]
        // Column-major: eigenvector k is the k-th run of n numbers.
        let largest = (1..<n).reduce(0) { matrix[k * n + $1].magnitude > matrix[k * n + $0].magnitude ? $1 : $0 }
        let sign: Scalar = matrix[k * n + largest] < 0 ? -1 : 1
        for i in 0..<n { y[n + i * n + k] = sign * matrix[k * n + i] }
      }
    }
  }

  /// Copies a matrix; false where an entry is not finite, since LAPACK may then never finish.
  @inline(__always) static func takeFinite(_ source: UnsafeMutablePointer<Scalar>, into matrix: inout [Scalar]) -> Bool {
    var sum: Scalar = 0
    for i in matrix.indices {
      matrix[i] = source[i]
      sum += source[i] * 0
    }
    return sum == 0
  }

  /// 1 / (x[j] - x[i]) from rows [..., 1, n]; 0 on the diagonal and where the two are equal. With a broadening η above 0:
  /// Δ / (Δ² + η² s²), Δ = x[j] - x[i], s the largest magnitude of the row.
  static func inverseDifferences(_ row: Tensor, broadening: Scalar = 0) -> Tensor {
    let difference = row - row.transposed()
    let distinct = difference.detached .!= .zeros(difference.shape)
    let safe = select(distinct, difference, .ones(difference.shape))
    let width = row.detached.absolute().max(axis: -1, keepingDimensions: true) * broadening
    let inverse = broadening > 0 ? safe / (safe.squared() + width.squared()) : safe.power(-1)
    return select(distinct, inverse, .zeros(difference.shape))
  }
}
