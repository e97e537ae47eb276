extension NumericArray {
  /// Reads a `.npy` file, as `numpy.save` writes it.
  ///
  /// These types are read, in either byte order and under all names that NumPy reads: `f2` (read as `float32`), `f4`, `f8`, `i1`, `i2`,
  /// `i4`, `i8`, `u1`, `u2` (read as `int32`), `u4` (read as `int64`), `u8`, `b1` (read as `uint8`) and `S<n>`; every value is kept.
  /// Column-major (Fortran) order is converted to row-major order. Bytes behind the array are ignored, as they are by NumPy.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable, empty, cut off, malformed or of another type.
  public init(contentsOf path: String) throws(FileFormatError) {
    try self.init(npy: FileBytes(contentsOf: path))
  }

  /// Reads the bytes of a `.npy` file, which errors call `path`.
  /// - Throws: the errors of ``init(contentsOf:)``.
  public init(npyBytes bytes: [UInt8], path: String) throws(FileFormatError) {
    try self.init(npy: FileBytes(bytes[...], path: path))
  }

  init(npy file: FileBytes) throws(FileFormatError) {
    let (header, dataOffset) = try NPYHeader.parse(file)
    guard let count = elementCount(of: header.shape),
      case let (byteCount, overflow) = count.multipliedReportingOverflow(by: header.type.size), !overflow
    else {
      throw file.failure(.malformed, at: 0, "the shape \(header.shape) has more elements than 64 bits can count")
    }
    let data = try file.slice(at: dataOffset, count: byteCount, of: "an array of shape \(header.shape) and type \(header.type)")
    let ordered = header.isFortranOrder ? data.rowMajor(shape: header.shape, elementSize: header.type.size) : data
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) -> [T] {
      let values = ordered.elements(as: T.self)
      return header.isBigEndian ? values.map(\.byteSwapped) : values
    }
    let elements: Elements =
      switch header.type {
      case .float16: .float32(integers(UInt16.self).map(Float.init(halfBits:)))
      case .float32: .float32(header.isBigEndian ? integers(UInt32.self).map(Float.init(bitPattern:)) : ordered.elements(as: Float.self))
      case .float64: .float64(header.isBigEndian ? integers(UInt64.self).map(Double.init(bitPattern:)) : ordered.elements(as: Double.self))
      case .int8: .int8(integers())
      case .int16: .int16(integers())
      case .int32: .int32(integers())
      case .int64: .int64(integers())
      case .uint8: .uint8(integers())
      // NumPy's booleans are bytes that are not 0.
      case .bool: .uint8(integers(UInt8.self).map { $0 == 0 ? 0 : 1 })
      case .uint16: .int32(integers(UInt16.self).map { Int32($0) })
      case .uint32: .int64(integers(UInt32.self).map { Int64($0) })
      case .uint64: .uint64(integers())
      case .bytes(let width): .fixedWidthBytes(width: width, integers())
      }
    self.init(shape: header.shape, elements: elements)
  }

  /// The array as the bytes of a `.npy` file, row-major and little endian; the same array gives the same bytes.
  public func npyBytes() -> [UInt8] {
    let header = NPYHeader(type: NPYType(elements), isFortranOrder: false, shape: shape).encoded()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header.count + elements.count * elements.elementSize)
    bytes += header
    elements.append(to: &bytes)
    return bytes
  }

  /// Writes a `.npy` file that `numpy.load` reads, whole or not at all.
  /// - Throws: the errors of ``AtomicFile/write(_:to:)``.
  public func write(to path: String) throws(FileFormatError) {
    try AtomicFile.write(npyBytes(), to: path)
  }
}

extension Float {
  /// The value of an IEEE 754 binary16, exactly.
  init(halfBits bits: UInt16) {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-14
      case 31: fraction == 0 ? .infinity : .nan
      default: (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }

  /// The value of the upper half of a binary32.
  init(upperBits bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }
}

extension FileBytes {
  /// Column-major elements in row-major order. The shape's product times the element size must be the number of bytes.
  func rowMajor(shape: [Int], elementSize: Int) -> FileBytes {
    // With one extent above 1 both orders are the same.
    guard count > 0, shape.count(where: { $0 > 1 }) > 1 else { return self }
    let extents = shape.filter { $0 > 1 }
    var strides: [Int] = []
    var step = elementSize
    for extent in extents {
      strides.append(step)
      step *= extent
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      storage.withUnsafeBytes { source in
        let target = UnsafeMutableRawPointer(buffer.baseAddress!)
        let last = extents.count - 1
        var index = [Int](repeating: 0, count: extents.count)
        var from = 0
        for to in stride(from: 0, to: source.count, by: elementSize * extents[last]) {
          for inner in 0..<extents[last] {
            (target + to + inner * elementSize).copyMemory(
              from: source.baseAddress! + from + inner * strides[last], byteCount: elementSize)
          }
          // The next row: count up the outer indices, the last of them fastest.
          var axis = last - 1
          while axis >= 0 {
            index[axis] += 1
            from += strides[axis]
            if index[axis] < extents[axis] { break }
            from -= strides[axis] * extents[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
      initialized = count
    }
    return FileBytes(bytes[...], path: path, entry: entry)
  }
}
