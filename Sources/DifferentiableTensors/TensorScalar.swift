import COpenBLAS

/// The element types of a tensor: `Float` and `Double`.
///
/// The requirements hand one whole operation to BLAS, LAPACK or a kernel, so that generic code pays per call, never per element.
public protocol TensorScalar: BinaryFloatingPoint, Sendable where RawSignificand: FixedWidthInteger {
  /// The kernels' name for this type.
  static var kernelType: Int32 { get }
  /// The name in files: "float32" or "float64".
  static var typeName: String { get }
  /// The LAPACK drivers of this type.
  static var lapack: LAPACK<Self> { get }
}

extension Float: TensorScalar {
  /// CK_F32
  public static var kernelType: Int32 { 0 }
  /// "float32"
  public static var typeName: String { "float32" }
  /// The drivers ssyevd, sgesdd, sgeqrf, sorgqr and sgesv.
  public static let lapack = LAPACK<Float>(syevd: ssyevd_, gesdd: sgesdd_, geqrf: sgeqrf_, orgqr: sorgqr_, gesv: sgesv_)
}

extension Double: TensorScalar {
  /// CK_F64
  public static var kernelType: Int32 { 1 }
  /// "float64"
  public static var typeName: String { "float64" }
  /// The drivers dsyevd, dgesdd, dgeqrf, dorgqr and dgesv.
  public static let lapack = LAPACK<Double>(syevd: dsyevd_, gesdd: dgesdd_, geqrf: dgeqrf_, orgqr: dorgqr_, gesv: dgesv_)
}
