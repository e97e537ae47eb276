extension NumericArray {
  /// The elements as `Double`, in row-major order.
  /// - Throws: an error of kind `lossy` for an integer that no `Double` equals (beyond ±2⁵³) and for byte strings.
  public func doubles() throws(FileFormatError) -> [Double] {
    switch elements {
    case .float64(let values): return values
    case .float32(let values): return values.map { Double($0) }
    case .int8(let values): return values.map { Double($0) }
    case .int16(let values): return values.map { Double($0) }
    case .int32(let values): return values.map { Double($0) }
    case .uint8(let values): return values.map { Double($0) }
    case .int64(let values): return try exactReals(values, "Double")
    case .uint64(let values): return try exactReals(values, "Double")
    case .fixedWidthBytes: throw notNumbers()
    }
  }

  /// The elements as `Float`, in row-major order; a `float64` is rounded to nearest.
  /// - Throws: an error of kind `lossy` for a finite `float64` that would become infinite, an integer that no `Float` equals, and
  ///   byte strings.
  public func floats() throws(FileFormatError) -> [Float] {
    switch elements {
    case .float32(let values): return values
    case .int8(let values): return values.map { Float($0) }
    case .int16(let values): return values.map { Float($0) }
    case .uint8(let values): return values.map { Float($0) }
    case .float64(let values):
      let rounded = values.map { Float($0) }
      if let index = values.indices.first(where: { rounded[$0].isInfinite && values[$0].isFinite }) {
        throw lossy("element \(index) is \(values[index]), beyond the range of Float", cure: "read it with doubles()")
      }
      return rounded
    case .int32(let values): return try exactReals(values, "Float")
    case .int64(let values): return try exactReals(values, "Float")
    case .uint64(let values): return try exactReals(values, "Float")
    case .fixedWidthBytes: throw notNumbers()
    }
  }

  /// The elements as `Int`, in row-major order.
  /// - Throws: an error of kind `lossy` for a fraction, a NaN, an infinity or a number beyond `Int`, and for byte strings.
  public func ints() throws(FileFormatError) -> [Int] {
    switch elements {
    case .int64(let values): return reinterpreted(values)
    case .int8(let values): return values.map { Int($0) }
    case .int16(let values): return values.map { Int($0) }
    case .int32(let values): return values.map { Int($0) }
    case .uint8(let values): return values.map { Int($0) }
    case .uint64(let values): return try exactInts(values)
    case .float32(let values): return try exactInts(values.map { Double($0) })
    case .float64(let values): return try exactInts(values)
    case .fixedWidthBytes: throw notNumbers()
    }
  }

  /// The byte strings as text, without the zeros that pad them.
  /// - Throws: an error of kind `lossy` for elements that are numbers, and for bytes that are not UTF-8.
  public func strings() throws(FileFormatError) -> [String] {
    guard case .fixedWidthBytes(let width, let bytes) = elements else {
      throw lossy("the elements are \(elements.typeName), not byte strings", cure: "read them with doubles(), floats() or ints()")
    }
    var strings: [String] = []
    strings.reserveCapacity(count)
    for start in stride(from: 0, to: bytes.count, by: width) {
      let field = bytes[start..<start + width]
      let end = field.lastIndex { $0 != 0 }.map { $0 + 1 } ?? start
      guard let string = String(validating: field[..<end], as: UTF8.self) else {
        throw lossy("element \(start / width) is not UTF-8", cure: "read the bytes from `elements`")
      }
      strings.append(string)
    }
    return strings
  }

  /// Integers as floating-point numbers that equal them.
  private func exactReals<Source: BinaryInteger, Real: BinaryFloatingPoint>(_ values: [Source], _ name: String) throws(FileFormatError)
    -> [Real]
  {
    if let index = values.firstIndex(where: { Real(exactly: $0) == nil }) {
      throw lossy("element \(index) is \(values[index]), which no \(name) equals", cure: "read it with ints()")
    }
    return values.map { Real($0) }
  }

  private func exactInts(_ values: [Double]) throws(FileFormatError) -> [Int] {
    if let index = values.firstIndex(where: { Int(exactly: $0) == nil }) {
      throw lossy("element \(index) is \(values[index]), which no Int equals", cure: "read it with doubles(), or round it")
    }
    return values.map { Int($0) }
  }

  private func exactInts(_ values: [UInt64]) throws(FileFormatError) -> [Int] {
    if let index = values.firstIndex(where: { Int(exactly: $0) == nil }) {
      throw lossy("element \(index) is \(values[index]), beyond the largest Int", cure: "read it from `elements`, or store it as int64")
    }
    return values.map { Int($0) }
  }

  private func notNumbers() -> FileFormatError {
    lossy("the elements are \(elements.typeName), not numbers", cure: "read them with strings()")
  }

  private func lossy(_ cause: String, cure: String) -> FileFormatError {
    FileFormatError(.lossy, path: "", cause: cause, cure: cure)
  }
}
