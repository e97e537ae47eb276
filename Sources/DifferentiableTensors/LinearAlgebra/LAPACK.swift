import COpenBLAS

/// The LAPACK drivers of one scalar type, by their Fortran entry points (column-major).
struct LAPACK<Scalar: Sendable>: Sendable {
  typealias P = UnsafeMutablePointer<Scalar>?
  typealias I = UnsafePointer<Int32>?
  let syevd:
    @Sendable (
      UnsafePointer<CChar>?, UnsafePointer<CChar>?, I, P, I, P, P, I, UnsafeMutablePointer<Int32>?, I, UnsafeMutablePointer<Int32>?
    ) -> Void
  let gesdd:
    @Sendable (
      UnsafePointer<CChar>?, I, I, P, I, P, P, I, P, I, P, I, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?
    ) -> Void
  let geqrf: @Sendable (I, I, P, I, P, P, I, UnsafeMutablePointer<Int32>?) -> Void
  let orgqr: @Sendable (I, I, I, P, I, UnsafePointer<Scalar>?, P, I, UnsafeMutablePointer<Int32>?) -> Void
  let gesv: @Sendable (I, I, P, I, UnsafeMutablePointer<Int32>?, P, I, UnsafeMutablePointer<Int32>?) -> Void
}

extension LAPACK<Float> {
  static let single = LAPACK(syevd: ssyevd_, gesdd: sgesdd_, geqrf: sgeqrf_, orgqr: sorgqr_, gesv: sgesv_)
}

extension LAPACK<Double> {
  static let double = LAPACK(syevd: dsyevd_, gesdd: dgesdd_, geqrf: dgeqrf_, orgqr: dorgqr_, gesv: dgesv_)
}

extension TensorScalar {
  /// The drivers of this type.
  static var lapack: LAPACK<Self> { LAPACK<Float>.single as? LAPACK<Self> ?? LAPACK<Double>.double as! LAPACK<Self> }
}
