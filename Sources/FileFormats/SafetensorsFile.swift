import Requirements

/// Named tensors in a `.safetensors` file, in order, with text metadata.
///
/// The format has the length of a JSON header (8 bytes, little endian), the header, and the tensors' bytes one after the other, row-major
/// and little endian; <https://huggingface.co/docs/safetensors>. Opening reads the file and checks the whole header; a tensor's bytes are
/// copied when they are asked for.
public struct SafetensorsFile: Sendable {
  /// An element type of the format. Those below 8 bits, of 8 bits with a fraction, and complex numbers are readable as raw bytes only.
  public enum DType: String, Sendable, CaseIterable {
    /// IEEE 754 binary64.
    case float64 = "F64"
    /// IEEE 754 binary32.
    case float32 = "F32"
    /// IEEE 754 binary16.
    case float16 = "F16"
    /// The upper half of a binary32.
    case bfloat16 = "BF16"
    /// Signed 64-bit integers.
    case int64 = "I64"
    /// Signed 32-bit integers.
    case int32 = "I32"
    /// Signed 16-bit integers.
    case int16 = "I16"
    /// Signed 8-bit integers.
    case int8 = "I8"
    /// Unsigned 64-bit integers.
    case uint64 = "U64"
    /// Unsigned 32-bit integers.
    case uint32 = "U32"
    /// Unsigned 16-bit integers.
    case uint16 = "U16"
    /// Unsigned 8-bit integers.
    case uint8 = "U8"
    /// Booleans, one in each byte.
    case bool = "BOOL"
    /// Complex numbers of two binary32.
    case complex64 = "C64"
    /// 8 bits, 4 of them an exponent and 3 a fraction.
    case float8E4M3 = "F8_E4M3"
    /// The same without infinities and with one zero.
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    /// 8 bits, 5 of them an exponent and 2 a fraction.
    case float8E5M2 = "F8_E5M2"
    /// The same without infinities and with one zero.
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    /// 8 bits of an exponent.
    case float8E8M0 = "F8_E8M0"
    /// 6 bits, 2 of them an exponent and 3 a fraction.
    case float6E2M3 = "F6_E2M3"
    /// 6 bits, 3 of them an exponent and 2 a fraction.
    case float6E3M2 = "F6_E3M2"
    /// 4 bits, with two elements in each byte.
    case float4 = "F4"

    /// The number of bits that one element takes.
    public var bitCount: Int {
      switch self {
      case .float64, .int64, .uint64, .complex64: 64
      case .float32, .int32, .uint32: 32
      case .float16, .bfloat16, .int16, .uint16: 16
      case .int8, .uint8, .bool, .float8E4M3, .float8E4M3FNUZ, .float8E5M2, .float8E5M2FNUZ, .float8E8M0: 8
      case .float6E2M3, .float6E3M2: 6
      case .float4: 4
      }
    }

    /// The number of bytes that so many elements take; nil where they do not end with a byte, or are beyond what 64 bits can count.
    func byteCount(of elements: Int) -> Int? {
      let (bits, overflow) = elements.multipliedReportingOverflow(by: bitCount)
      // Elements of whole bytes may be as many as bytes can be counted.
      guard bitCount % 8 != 0 else {
        let (bytes, overflow) = elements.multipliedReportingOverflow(by: bitCount / 8)
        return overflow ? nil : bytes
      }
      return overflow || bits % 8 != 0 ? nil : bits / 8
    }
  }

  /// A tensor of the file.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The type of its elements.
    public let dtype: DType
    /// Its extents; empty for a scalar.
    public let shape: [Int]
    /// Its bytes, row-major and little endian; a view into the file's.
    public let data: ArraySlice<UInt8>

    /// Whether name, type, shape and bytes are the same.
    public static func == (a: Entry, b: Entry) -> Bool {
      a.name == b.name && a.dtype == b.dtype && a.shape == b.shape && a.data.elementsEqual(b.data)
    }
  }

  /// The file, as errors call it; empty for one that was made in memory.
  public let path: String
  /// The tensors, in the order of the header.
  public private(set) var entries: [Entry] = []
  /// Free text by key, the header's `__metadata__`.
  public var metadata: [String: String]
  private var indices: [String: Int] = [:]

  /// A file without tensors, to be filled by ``append(_:_:)`` and written by ``write(to:)``.
  public init(metadata: [String: String] = [:]) {
    path = ""
    self.metadata = metadata
  }

  /// The parser has checked that the names differ.
  init(path: String, metadata: [String: String], entries: [Entry]) {
    self.path = path
    self.metadata = metadata
    for entry in entries { add(entry) }
  }

  /// The names of the tensors, in order.
  public var names: [String] { entries.map(\.name) }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { indices[name] != nil }

  /// Adds a tensor. Traps on a name that exists already or is `__metadata__`, and on byte strings.
  public mutating func append(_ name: String, _ array: NumericArray) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(array.count * array.elements.elementSize)
    array.elements.append(to: &bytes)
    append(name, dtype: DType(array.elements), shape: array.shape, data: bytes)
  }

  /// Adds a tensor of any type by its bytes, row-major and little endian. Traps on a name that exists already or is `__metadata__`, and
  /// unless there are as many bytes as the shape and the type need.
  public mutating func append(_ name: String, dtype: DType, shape: [Int], data: [UInt8]) {
    require(!contains(name) && name != Self.metadataKey, "expected a new name, received \"\(name)\"")
    require(
      elementCount(of: shape).flatMap(dtype.byteCount) == data.count,
      "expected the bytes of the shape \(shape) of \(dtype), received \(data.count)")
    add(Entry(name: name, dtype: dtype, shape: shape, data: data[...]))
  }

  private mutating func add(_ entry: Entry) {
    indices[entry.name] = entries.count
    entries.append(entry)
  }

  static let metadataKey = "__metadata__"

  /// The tensor of this name, its bytes not yet interpreted.
  /// - Throws: an error of kind `notFound` that lists the existing names.
  public func entry(_ name: String) throws(FileFormatError) -> Entry {
    guard let index = indices[name] else {
      throw FileFormatError(
        .notFound, path: path, place: .init(entry: name), cause: "there is no such tensor; there are \(listing(names))",
        cure: "ask for one of these")
    }
    return entries[index]
  }

  /// The tensor of this name, with every value kept: half precisions of either kind are read as `float32`, `U16` as `int32`, `U32` as
  /// `int64` and booleans as `uint8`.
  /// - Throws: the errors of ``entry(_:)``, and an error of kind `unsupported` for types that are readable as raw bytes only.
  public func array(_ name: String) throws(FileFormatError) -> NumericArray {
    let entry = try entry(name)
    let bytes = FileBytes(entry.data, path: path, entry: name)
    let elements: NumericArray.Elements
    switch entry.dtype {
    case .float64: elements = .float64(bytes.elements(as: Double.self))
    case .float32: elements = .float32(bytes.elements(as: Float.self))
    case .int64: elements = .int64(bytes.elements(as: Int64.self))
    case .int32: elements = .int32(bytes.elements(as: Int32.self))
    case .int16: elements = .int16(bytes.elements(as: Int16.self))
    case .int8: elements = .int8(bytes.elements(as: Int8.self))
    case .uint8, .bool: elements = .uint8(bytes.elements(as: UInt8.self))
    case .float16: elements = .float32(bytes.elements(as: UInt16.self).map(Float.init(halfBits:)))
    case .bfloat16: elements = .float32(bytes.elements(as: UInt16.self).map(Float.init(upperBits:)))
    case .uint16: elements = .int32(bytes.elements(as: UInt16.self).map { Int32($0) })
    case .uint32: elements = .int64(bytes.elements(as: UInt32.self).map { Int64($0) })
    case .uint64: elements = .uint64(bytes.elements(as: UInt64.self))
    case .complex64, .float8E4M3, .float8E4M3FNUZ, .float8E5M2, .float8E5M2FNUZ, .float8E8M0, .float6E2M3, .float6E3M2, .float4:
      throw bytes.failure(
        .unsupported, "the elements are \(entry.dtype.rawValue), which is readable as raw bytes only",
        cure: "convert it in Python (tensor.float()), or take entry(name).data")
    }
    return NumericArray(shape: entry.shape, elements: elements)
  }

  /// The elements of the tensor of this name as `Double`, in row-major order; they are copied once where that is their type.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/doubles()``.
  public func doubles(_ name: String) throws(FileFormatError) -> [Double] {
    let array = try array(name)
    do { return try array.doubles() } catch { throw error.located(path: path, entry: name) }
  }

  /// The elements of the tensor of this name as `Float`, in row-major order; they are copied once where that is their type.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/floats()``.
  public func floats(_ name: String) throws(FileFormatError) -> [Float] {
    let array = try array(name)
    do { return try array.floats() } catch { throw error.located(path: path, entry: name) }
  }

  /// The elements of the tensor of this name as `Int`, in row-major order.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/ints()``.
  public func ints(_ name: String) throws(FileFormatError) -> [Int] {
    let array = try array(name)
    do { return try array.ints() } catch { throw error.located(path: path, entry: name) }
  }
}

extension SafetensorsFile.DType {
  fileprivate init(_ elements: NumericArray.Elements) {
    switch elements {
    case .float32: self = .float32
    case .float64: self = .float64
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    case .int64: self = .int64
    case .uint8: self = .uint8
    case .uint64: self = .uint64
    case .fixedWidthBytes: fatalError("expected numbers, received byte strings, which safetensors does not have")
    }
  }
}
