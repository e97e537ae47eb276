import CKernels
import COpenBLAS

/// The element types of a tensor: `Float` and `Double`.
///
/// The requirements hand one whole operation to BLAS, LAPACK or a kernel, so generic code pays for a call, never for an element.
public protocol TensorScalar: BinaryFloatingPoint, Sendable where RawSignificand: FixedWidthInteger {
  /// How the kernels name this type.
  static var kernelType: Int32 { get }
  /// The name in files: "float32" or "float64".
  static var typeName: String { get }
  /// C = op(A) op(B) + beta C, row-major; op transposes where asked.
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Self>, _ lda: Int,
    _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
  /// The LAPACK drivers of this type.
  static var lapack: LAPACK<Self> { get }
}

extension Float: TensorScalar {
  /// CK_F32
  public static var kernelType: Int32 { 0 }
  /// "float32"
  public static var typeName: String { "float32" }
  /// sgemm
  @inline(__always) public static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ lda: Int,
    _ b: UnsafePointer<Float>, _ ldb: Int, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
      a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
  /// ssyevd, sgesdd, sgeqrf, sorgqr, sgesv
  public static let lapack = LAPACK<Float>(syevd: ssyevd_, gesdd: sgesdd_, geqrf: sgeqrf_, orgqr: sorgqr_, gesv: sgesv_)
}

extension Double: TensorScalar {
  /// CK_F64
  public static var kernelType: Int32 { 1 }
  /// "float64"
  public static var typeName: String { "float64" }
  /// dgemm
  @inline(__always) public static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ lda: Int,
    _ b: UnsafePointer<Double>, _ ldb: Int, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
      a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
  /// dsyevd, dgesdd, dgeqrf, dorgqr, dgesv
  public static let lapack = LAPACK<Double>(syevd: dsyevd_, gesdd: dgesdd_, geqrf: dgeqrf_, orgqr: dorgqr_, gesv: dgesv_)
}
