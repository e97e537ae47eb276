import Requirements

/// An array of numbers in row-major (C) order as files hold it: a shape and elements of one type.
///
/// Two arrays are equal when shape, type and all elements are; as for `Double`, NaN is equal to nothing.
public struct NumericArray: Sendable, Equatable {
  /// The elements, in the type in which the file stores them.
  public enum Elements: Sendable, Equatable {
    /// IEEE 754 binary32.
    case float32([Float])
    /// IEEE 754 binary64.
    case float64([Double])
    /// Signed 8-bit integers.
    case int8([Int8])
    /// Signed 16-bit integers.
    case int16([Int16])
    /// Signed 32-bit integers.
    case int32([Int32])
    /// Signed 64-bit integers.
    case int64([Int64])
    /// Unsigned 8-bit integers; also booleans, as 0 and 1.
    case uint8([UInt8])
    /// Unsigned 64-bit integers. (Those of 16 and 32 bits are read as `int32` and `int64`, which hold them all.)
    case uint64([UInt64])
    /// Byte strings of `width` bytes each, one after the other, padded with zeros at the end.
    case fixedWidthBytes(width: Int, [UInt8])

    /// How many elements there are.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int8(let values): values.count
      case .int16(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      case .uint64(let values): values.count
      case .fixedWidthBytes(let width, let bytes): bytes.count / width
      }
    }

    /// The name of the type, as in the names of the cases.
    public var typeName: String {
      switch self {
      case .float32: "float32"
      case .float64: "float64"
      case .int8: "int8"
      case .int16: "int16"
      case .int32: "int32"
      case .int64: "int64"
      case .uint8: "uint8"
      case .uint64: "uint64"
      case .fixedWidthBytes(let width, _): "byte strings of width \(width)"
      }
    }

    /// Appends the elements' memory, which is little endian.
    func append(to bytes: inout [UInt8]) {
      switch self {
      case .float32(let values): bytes.append(memoryOf: values)
      case .float64(let values): bytes.append(memoryOf: values)
      case .int8(let values): bytes.append(memoryOf: values)
      case .int16(let values): bytes.append(memoryOf: values)
      case .int32(let values): bytes.append(memoryOf: values)
      case .int64(let values): bytes.append(memoryOf: values)
      case .uint8(let values): bytes.append(memoryOf: values)
      case .uint64(let values): bytes.append(memoryOf: values)
      case .fixedWidthBytes(_, let values): bytes.append(memoryOf: values)
      }
    }

    /// The bytes that one element takes.
    var elementSize: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16: 2
      case .float32, .int32: 4
      case .float64, .int64, .uint64: 8
      case .fixedWidthBytes(let width, _): width
      }
    }
  }

  /// The extents; empty for a scalar.
  public let shape: [Int]
  /// The elements in row-major order.
  public let elements: Elements

  /// How many elements there are: the product of the shape.
  public var count: Int { elements.count }

  /// An array of the given shape. Traps unless the shape's product is the number of elements.
  public init(shape: [Int], elements: Elements) {
    if case .fixedWidthBytes(let width, let bytes) = elements {
      require(width > 0 && bytes.count % width == 0, "expected a multiple of \(width) bytes, received \(bytes.count)")
    }
    require(
      elementCount(of: shape) == elements.count,
      "expected as many elements as the shape \(shape) has, received \(elements.count)")
    self.shape = shape
    self.elements = elements
  }

  /// An array of the given values; the shape is `[values.count]` where none is given. Traps unless the shape's product is the
  /// number of values.
  public init<Scalar: NumericArrayScalar>(_ values: [Scalar], shape: [Int]? = nil) {
    self.init(shape: shape ?? [values.count], elements: Scalar.elements(values))
  }

  /// A one-dimensional array of byte strings: the UTF-8 of each string, padded with zeros to the longest.
  public init(strings: [String]) {
    let width = max(1, strings.map(\.utf8.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * strings.count)
    for string in strings {
      bytes.append(contentsOf: string.utf8)
      bytes.append(contentsOf: repeatElement(0, count: width - string.utf8.count))
    }
    self.init(shape: [strings.count], elements: .fixedWidthBytes(width: width, bytes))
  }
}

/// A Swift type of whose values a `NumericArray` can be made.
public protocol NumericArrayScalar: Sendable {
  /// The values as elements of the type of the same width.
  static func elements(_ values: [Self]) -> NumericArray.Elements
}

extension Float: NumericArrayScalar {
  /// The values as `float32`.
  public static func elements(_ values: [Float]) -> NumericArray.Elements { .float32(values) }
}

extension Double: NumericArrayScalar {
  /// The values as `float64`.
  public static func elements(_ values: [Double]) -> NumericArray.Elements { .float64(values) }
}

extension Int8: NumericArrayScalar {
  /// The values as `int8`.
  public static func elements(_ values: [Int8]) -> NumericArray.Elements { .int8(values) }
}

extension Int16: NumericArrayScalar {
  /// The values as `int16`.
  public static func elements(_ values: [Int16]) -> NumericArray.Elements { .int16(values) }
}

extension Int32: NumericArrayScalar {
  /// The values as `int32`.
  public static func elements(_ values: [Int32]) -> NumericArray.Elements { .int32(values) }
}

extension Int64: NumericArrayScalar {
  /// The values as `int64`.
  public static func elements(_ values: [Int64]) -> NumericArray.Elements { .int64(values) }
}

extension Int: NumericArrayScalar {
  /// The values as `int64`.
  public static func elements(_ values: [Int]) -> NumericArray.Elements { .int64(reinterpreted(values)) }
}

extension UInt8: NumericArrayScalar {
  /// The values as `uint8`.
  public static func elements(_ values: [UInt8]) -> NumericArray.Elements { .uint8(values) }
}

extension UInt64: NumericArrayScalar {
  /// The values as `uint64`.
  public static func elements(_ values: [UInt64]) -> NumericArray.Elements { .uint64(values) }
}

/// The same memory as another type of the same size, in one copy.
func reinterpreted<From: BitwiseCopyable, To: BitwiseCopyable>(_ values: [From], as type: To.Type = To.self) -> [To] {
  require(
    MemoryLayout<From>.stride == MemoryLayout<To>.stride,
    "elements of \(MemoryLayout<To>.stride) bytes are expected, received \(MemoryLayout<From>.stride)")
  return [To](unsafeUninitializedCapacity: values.count) { buffer, initialized in
    values.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
    initialized = values.count
  }
}
