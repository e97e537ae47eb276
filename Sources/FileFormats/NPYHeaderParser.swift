/// A strict parser of the one dictionary literal that a `.npy` header may hold.
struct NPYHeaderParser {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let textOffset: Int
  private let file: FileBytes

  /// NumPy's own bound on the number of dimensions.
  private static let maximumRank = 64

  init(text: FileBytes, textOffset: Int, file: FileBytes) {
    bytes = text.storage
    position = text.storage.startIndex
    self.textOffset = textOffset
    self.file = file
  }

  mutating func parse() throws(FileFormatError) -> NPYHeader {
    var type: (type: NPYType, isBigEndian: Bool)?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      case "descr", "fortran_order", "shape": throw failure("the key '\(key)' is there twice")
      default: throw failure("the header has the unknown key '\(excerpt(key))'")
      }
      if take("}") { break }
      try expect(",")
    }
    skipSpace()
    guard position == bytes.endIndex else { throw failure("the header goes on after its closing brace") }
    guard let type else { throw failure("the header lacks 'descr'") }
    guard let isFortranOrder else { throw failure("the header lacks 'fortran_order'") }
    guard let shape else { throw failure("the header lacks 'shape'") }
    return NPYHeader(type: type.type, isBigEndian: type.isBigEndian, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func elementType() throws(FileFormatError) -> (type: NPYType, isBigEndian: Bool) {
    skipSpace()
    let start = position
    if take("[") {
      throw failure("the element type is a record", kind: .unsupported, cure: "save each field as an array of its own", at: start)
    }
    let text = try string()
    guard let type = NPYType.named(text) else {
      throw failure(
        "the element type is '\(excerpt(text))', not one of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1, S<n> in either byte order",
        kind: .unsupported, cure: NPYType.cure(for: text), at: start)
    }
    return type
  }

  private mutating func boolean() throws(FileFormatError) -> Bool {
    skipSpace()
    let rest = bytes[position...]
    if rest.starts(with: "True".utf8) {
      position += 4
      return true
    }
    if rest.starts(with: "False".utf8) {
      position += 5
      return false
    }
    throw failure("'fortran_order' is neither True nor False")
  }

  private mutating func tuple() throws(FileFormatError) -> [Int] {
    var extents: [Int] = []
    try expect("(")
    while !take(")") {
      extents.append(try integer())
      guard extents.count <= Self.maximumRank else { throw failure("the shape has more than \(Self.maximumRank) extents") }
      if take(")") {
        // (3) is a number, (3,) a tuple.
        if extents.count == 1 { throw failure("the shape is a number, not a tuple") }
        break
      }
      try expect(",")
    }
    return extents
  }

  private mutating func integer() throws(FileFormatError) -> Int {
    skipSpace()
    var value = 0
    let start = position
    while position < bytes.endIndex, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit))
      if overflow || carry { throw failure("an extent of the shape is beyond 64 bits") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("expected an extent, a number from 0 on") }
    // Python 2 wrote its long integers so.
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }

  /// A quoted string without escapes.
  private mutating func string() throws(FileFormatError) -> String {
    skipSpace()
    // Python 2 wrote its texts so.
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: "u") { position += 1 }
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"") else {
      throw failure("expected a quoted string")
    }
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { throw failure("a string has no end") }
    let content = bytes[(position + 1)..<end]
    guard !content.contains(UInt8(ascii: "\\")), let text = String(validating: content, as: UTF8.self) else {
      throw failure("a string has escapes or is not UTF-8")
    }
    position = end + 1
    return text
  }

  private mutating func skipSpace() {
    let spaces: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t")]
    while position < bytes.endIndex, spaces.contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FileFormatError) {
    guard take(character) else { throw failure("expected '\(character)' in the header") }
  }

  private func failure(
    _ cause: String, kind: FileFormatError.Kind = .malformed, cure: String = "write it with numpy.save", at place: Int? = nil
  ) -> FileFormatError {
    file.failure(kind, at: textOffset + (place ?? position) - bytes.startIndex, cause, cure: cure)
  }
}
