extension JSONValue {
  /// How deep arrays and objects may nest unless a caller says otherwise.
  public static let defaultDepthLimit = 128

  /// Reads a file that holds one JSON value.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable or empty, and the errors of
  ///   ``init(parsing:path:depthLimit:)-([UInt8],_,_)``.
  public init(contentsOf path: String) throws(FileFormatError) {
    let file = try FileBytes(contentsOf: path)
    try file.requireNonEmpty("a JSON file")
    try self.init(file)
  }

  /// Parses one JSON value (RFC 8259, strictly) with white space around it; errors call the text `path`.
  /// - Throws: an error of kind `malformed` with the byte where the text stops being JSON: also for a repeated key, a number beyond
  ///   `Double`, invalid UTF-8 and deeper nesting than `depthLimit`.
  public init(parsing bytes: [UInt8], path: String = "", depthLimit: Int = defaultDepthLimit) throws(FileFormatError) {
    try self.init(FileBytes(bytes[...], path: path), depthLimit: depthLimit)
  }

  /// Parses one JSON value, as ``init(parsing:path:depthLimit:)-([UInt8],_,_)`` does.
  public init(parsing text: String, path: String = "", depthLimit: Int = defaultDepthLimit) throws(FileFormatError) {
    try self.init(parsing: Array(text.utf8), path: path, depthLimit: depthLimit)
  }

  init(_ file: FileBytes, line: Int? = nil, depthLimit: Int = defaultDepthLimit) throws(FileFormatError) {
    var parser = JSONParser(file, line: line, depthLimit: depthLimit)
    self = try parser.parse()
  }
}

/// A recursive-descent parser of RFC 8259.
private struct JSONParser {
  private let file: FileBytes
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let line: Int?
  private var depthLeft: Int

  init(_ file: FileBytes, line: Int?, depthLimit: Int) {
    self.file = file
    self.line = line
    bytes = file.storage
    position = bytes.startIndex
    depthLeft = depthLimit
  }

  mutating func parse() throws(FileFormatError) -> JSONValue {
    let result = try value()
    skipSpace()
    guard position == bytes.endIndex else { throw failure("expected the end of the value") }
    return result
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func value() throws(FileFormatError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte: return try number()
    case nil: throw failure("the text ends where a value is expected", kind: .truncated)
    default: throw failure("expected a value")
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(FileFormatError) -> JSONValue {
    let isHere = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    guard isHere else { throw failure("expected \(text)") }
    position += text.utf8CodeUnitCount
    return value
  }

  private mutating func enter() throws(FileFormatError) {
    guard depthLeft > 0 else { throw failure("arrays and objects are nested too deeply") }
    depthLeft -= 1
    position += 1
  }

  private mutating func array() throws(FileFormatError) -> [JSONValue] {
    try enter()
    defer { depthLeft += 1 }
    var values: [JSONValue] = []
    if take("]") { return values }
    while true {
      values.append(try value())
      if take("]") { return values }
      guard take(",") else { throw unexpected("',' or ']'") }
    }
  }

  private mutating func object() throws(FileFormatError) -> JSONObject {
    try enter()
    defer { depthLeft += 1 }
    var members: [JSONObject.Member] = []
    var keys: Set<String> = []
    if take("}") { return JSONObject() }
    while true {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let key = try string()
      guard isNew(key, among: members, &keys) else {
        position = start
        throw failure("the key \"\(excerpt(key))\" is there twice")
      }
      guard take(":") else { throw unexpected("':'") }
      members.append(.init(key: key, value: try value()))
      if take("}") { return JSONObject(distinct: members) }
      guard take(",") else { throw unexpected("',' or '}'") }
    }
  }

  /// A few keys are compared one by one, many through a set.
  private func isNew(_ key: String, among members: [JSONObject.Member], _ keys: inout Set<String>) -> Bool {
    if members.count < 8 { return !members.contains { $0.key == key } }
    if keys.isEmpty { keys = Set(members.map(\.key)) }
    return keys.insert(key).inserted
  }

  private mutating func number() throws(FileFormatError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // -0 is a number: an integer would lose the sign.
    if isInteger, let integer = Int(text), integer != 0 || position - start == 1 { return .integer(integer) }
    if isInteger, let unsigned = UInt64(text), unsigned > Int.max { return .unsigned(unsigned) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw failure("the number \(excerpt(text)) is beyond Double")
    }
    return .number(number)
  }

  private mutating func digits() throws(FileFormatError) {
    let start = position
    while let digit = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  private mutating func string() throws(FileFormatError) -> String {
    position += 1
    let start = position
    // Most strings have no escapes and are taken as they are.
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    var content: [UInt8]?
    while next != UInt8(ascii: "\"") {
      guard let byte = next else { throw failure("a string has no end", kind: .truncated) }
      guard byte >= 0x20 else { throw failure("a control character in a string must be escaped") }
      if content == nil { content = Array(bytes[start..<position]) }
      position += 1
      if byte == UInt8(ascii: "\\") { content! += try escape() } else { content!.append(byte) }
    }
    let slice = content.map { $0[...] } ?? bytes[start..<position]
    guard let text = String(validating: slice, as: UTF8.self) else {
      position = start
      throw failure("a string is not UTF-8")
    }
    position += 1
    return text
  }

  /// What follows a backslash, as UTF-8.
  private mutating func escape() throws(FileFormatError) -> [UInt8] {
    guard let byte = next else { throw failure("a string has no end", kind: .truncated) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      var code = unit
      if 0xD800...0xDBFF ~= unit {
        guard bytes[position...].starts(with: "\\u".utf8) else { throw failure("half a surrogate pair") }
        position += 2
        let low = try hexadecimal()
        guard 0xDC00...0xDFFF ~= low else { throw failure("half a surrogate pair") }
        code = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
      return Array(String(scalar).utf8)
    default:
      position -= 1
      throw failure("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(FileFormatError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func unexpected(_ wanted: String) -> FileFormatError {
    next == nil ? failure("the text ends where \(wanted) is expected", kind: .truncated) : failure("expected \(wanted)")
  }

  private func failure(_ cause: String, kind: FileFormatError.Kind = .malformed) -> FileFormatError {
    var error = file.failure(kind, at: position - bytes.startIndex, cause, cure: "correct the JSON, or write it again")
    error.place.line = line
    return error
  }
}
