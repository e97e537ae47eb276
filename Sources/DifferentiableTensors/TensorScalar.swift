/// The element types of a tensor: `Float` and `Double`.
public protocol TensorScalar: BinaryFloatingPoint, Sendable where RawSignificand: FixedWidthInteger {
  /// The name in files: "float32" or "float64".
  static var typeName: String { get }
}

extension Float: TensorScalar {
  /// "float32"
  public static var typeName: String { "float32" }
}

extension Double: TensorScalar {
  /// "float64"
  public static var typeName: String { "float64" }
}

extension TensorScalar {
  /// The kernels' name for this type, CK_F32 or CK_F64. A kernel takes one whole operation, so that generic code pays per call, never per element.
  @inlinable package static var kernelType: Int32 { Self.self == Float.self ? 0 : 1 }
}
