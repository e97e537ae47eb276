/// The numbers behind the header of a PLY file, in their order.
protocol PLYRows {
  /// Goes to the next row.
  mutating func beginRow() throws(FileFormatError)
  /// The next number of the row.
  mutating func value(_ type: PLYHeader.Scalar) throws(FileFormatError) -> Double
  /// Goes past the next number of the row, which is not used and need not be finite.
  mutating func skip(_ type: PLYHeader.Scalar) throws(FileFormatError)
  /// Ends the row, which must have no more numbers.
  mutating func endRow() throws(FileFormatError)
  /// Ends the file, which must have no more rows.
  mutating func endFile() throws(FileFormatError)
  /// The line or the byte of the number that was read last.
  var place: Int { get }
  /// An error at such a place.
  func failure(at place: Int, _ cause: String, cure: String) -> FileFormatError
}

extension PLYRows {
  /// An error at the number that was read last.
  func failure(_ cause: String, cure: String) -> FileFormatError { failure(at: place, cause, cure: cure) }
}

/// Rows as lines of text.
struct PLYTextRows: PLYRows {
  private var scanner: TextScanner

  init(_ file: FileBytes, _ header: PLYHeader) throws(FileFormatError) {
    let data = try file.slice(at: header.dataOffset, count: file.count - header.dataOffset, of: "the text")
    scanner = TextScanner(data, firstLine: header.lineCount + 1)
  }

  mutating func beginRow() throws(FileFormatError) {
    guard scanner.nextLine() else {
      throw scanner.failure(.truncated, "the text ends before the rows that the header declares", cure: "fetch the file again")
    }
  }

  mutating func value(_ type: PLYHeader.Scalar) throws(FileFormatError) -> Double {
    guard let number = try scanner.number() else { throw scanner.failure(.malformed, "the line ends where a number is expected") }
    return number
  }

  mutating func skip(_ type: PLYHeader.Scalar) throws(FileFormatError) {
    guard try scanner.anyNumber() != nil else { throw scanner.failure(.malformed, "the line ends where a number is expected") }
  }

  mutating func endRow() throws(FileFormatError) {
    if let word = scanner.word() {
      throw scanner.failure(.malformed, "\"\(excerpt(word))\" follows the numbers that the header declares")
    }
  }

  mutating func endFile() throws(FileFormatError) {
    if scanner.nextLine() { throw scanner.failure(.malformed, "more lines follow than the header declares") }
  }

  var place: Int { scanner.line }
  func failure(at place: Int, _ cause: String, cure: String) -> FileFormatError {
    scanner.failure(.malformed, line: place, cause, cure: cure)
  }
}

/// Rows as the memory of numbers, without gaps.
struct PLYBinaryRows: PLYRows {
  private let file: FileBytes
  private let bytes: ArraySlice<UInt8>
  private let isBigEndian: Bool
  private var position: Int
  private var last: Int

  init(_ file: FileBytes, _ header: PLYHeader) {
    self.file = file
    bytes = file.storage
    isBigEndian = header.encoding == .binaryBigEndian
    position = file.storage.startIndex + header.dataOffset
    last = position
  }

  mutating func skip(_ type: PLYHeader.Scalar) throws(FileFormatError) { _ = try value(type) }

  func beginRow() {}
  func endRow() {}

  @inline(__always) mutating func value(_ type: PLYHeader.Scalar) throws(FileFormatError) -> Double {
    switch type {
    case .int8: Double(Int8(bitPattern: try integer()))
    case .uint8: Double(try integer() as UInt8)
    case .int16: Double(Int16(bitPattern: try integer()))
    case .uint16: Double(try integer() as UInt16)
    case .int32: Double(Int32(bitPattern: try integer()))
    case .uint32: Double(try integer() as UInt32)
    case .float32: Double(Float(bitPattern: try integer()))
    case .float64: Double(bitPattern: try integer())
    }
  }

  @inline(__always) private mutating func integer<T: FixedWidthInteger>() throws(FileFormatError) -> T {
    guard MemoryLayout<T>.size <= bytes.endIndex - position else {
      throw file.failure(.truncated, at: position - bytes.startIndex, "the bytes end before the rows that the header declares")
    }
    last = position
    position += MemoryLayout<T>.size
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: last - bytes.startIndex, as: T.self) }
    return isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }

  func endFile() throws(FileFormatError) {
    guard position == bytes.endIndex else {
      throw file.failure(
        .malformed, at: position - bytes.startIndex, "\(bytes.endIndex - position) bytes follow the rows that the header declares")
    }
  }

  var place: Int { last - bytes.startIndex }
  func failure(at place: Int, _ cause: String, cure: String) -> FileFormatError { file.failure(.malformed, at: place, cause, cure: cure) }
}
