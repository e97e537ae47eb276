import FileFormats

/// The second line of a frame of an extended XYZ file: `key=value` pairs, and keys alone that are true.
///
/// A value is a word; text in double or single quotes or in braces, where a backslash takes the meaning from the next character; or an
/// array in brackets, `[1, 2]` or `[[1, 2], [3, 4]]`, in which what has quotes is text. Other words that are all whole numbers, numbers
/// (Fortran's too) or truth values (T, F, true, False, ...) are such, quoted or not; several are a vector.
struct ExtendedXYZComment {
  /// What is wrong with a line, and where.
  struct Mistake: Error {
    let cause, cure: String
    let byte: Int
  }

  /// The pairs in order.
  private(set) var entries: [(key: String, values: PropertyValues)] = []
  /// Whether each of them is a key alone.
  private(set) var flags: [Bool] = []

  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) throws(Mistake) {
    self.bytes = bytes
    skipBlanks()
    while place < bytes.count {
      let start = place
      let key = try word(endingAtEquals: true)
      guard !key.isEmpty else {
        throw Mistake(cause: "there is a value without a key", cure: "write key=value, and quotes around values with blanks", byte: start)
      }
      skipBlanks()
      if place < bytes.count, bytes[place] == UInt8(ascii: "=") {
        place += 1
        skipBlanks()
        try add(key, value(), isFlag: false, at: start)
      } else {
        try add(key, PropertyValues(true), isFlag: true, at: start)
      }
      skipBlanks()
    }
  }

  private mutating func add(_ key: String, _ values: PropertyValues, isFlag: Bool, at start: Int) throws(Mistake) {
    if let other = entries.first(where: { $0.key == key }) {
      // The same twice does no harm.
      if other.values == values { return }
      throw Mistake(
        cause: "the key \"\(excerpt(key))\" is there twice, with different values",
        cure: "leave one of them, and put values with blanks in quotes", byte: start)
    }
    entries.append((key, values))
    flags.append(isFlag)
  }

  private mutating func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }

  /// A key or a value that is a word or quoted.
  private mutating func word(endingAtEquals: Bool) throws(Mistake) -> String {
    guard place < bytes.count else { return "" }
    switch bytes[place] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try quoted(by: bytes[place])
    case UInt8(ascii: "{") where !endingAtEquals: return try quoted(by: UInt8(ascii: "}"))
    default:
      let start = place
      while place < bytes.count, !isBlank(bytes[place]), !(endingAtEquals && bytes[place] == UInt8(ascii: "=")) { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
  }

  private mutating func quoted(by end: UInt8) throws(Mistake) -> String {
    let start = place
    place += 1
    var content: [UInt8] = []
    while place < bytes.count, bytes[place] != end {
      if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count {
        place += 1
        content.append(bytes[place] == UInt8(ascii: "n") ? 10 : bytes[place])
      } else {
        content.append(bytes[place])
      }
      place += 1
    }
    guard place < bytes.count else {
      throw Mistake(
        cause: "the text that begins with \(Character(UnicodeScalar(bytes[start]))) has no end", cure: "close it on the same line",
        byte: start)
    }
    place += 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func value() throws(Mistake) -> PropertyValues {
    guard place < bytes.count else { return PropertyValues("") }
    if bytes[place] == UInt8(ascii: "[") { return try array() }
    let isBare = !["\"", "'", "{"].contains { bytes[place] == $0 }
    let start = place
    let text = try word(endingAtEquals: false)
    if isBare {
      // Most values are single words.
      let token = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
      if let number = NumberParser.integer(token) { return PropertyValues(number) }
      if let number = NumberParser.real(token) { return PropertyValues(number) }
      if let truth = logical(token) { return PropertyValues(truth) }
      return PropertyValues(text)
    }
    let words = text.utf8.split(whereSeparator: isBlank).map { Array($0) }
    guard !words.isEmpty, let elements = Self.typed(words) else { return PropertyValues(text) }
    return PropertyValues(elements, shape: words.count == 1 ? [] : [words.count])
  }

  /// Words of one type other than text.
  private static func typed(_ words: [[UInt8]]) -> PropertyValues.Elements? {
    func all<T>(_ read: (UnsafeRawBufferPointer) -> T?) -> [T]? {
      var values: [T] = []
      values.reserveCapacity(words.count)
      for word in words {
        guard let value = word.withUnsafeBytes(read) else { return nil }
        values.append(value)
      }
      return values
    }
    if let values = all(NumberParser.integer) { return .integers(values) }
    if let values = all(NumberParser.real) { return .reals(values) }
    if let values = all(logical) { return .logicals(values) }
    return nil
  }

  private mutating func array() throws(Mistake) -> PropertyValues {
    let start = place
    func wrong() -> Mistake {
      Mistake(
        cause: "the array in brackets is not one of values or of rows of equal length", cure: "write [1, 2] or [[1, 2], [3, 4]]",
        byte: start)
    }
    var rows: [[[UInt8]]] = []
    var (depth, isNested, isText) = (0, false, false)
    var row: [[UInt8]] = []
    repeat {
      guard place < bytes.count else { throw wrong() }
      switch bytes[place] {
      case UInt8(ascii: "["):
        depth += 1
        guard depth <= 2, row.isEmpty else { throw wrong() }
        isNested = isNested || depth == 2
        place += 1
      case UInt8(ascii: "]"):
        depth -= 1
        if depth == 1 || !isNested {
          rows.append(row)
          row = []
        } else if !row.isEmpty {
          throw wrong()
        }
        place += 1
      case UInt8(ascii: ","): place += 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        row.append(Array(try quoted(by: bytes[place]).utf8))
        isText = true
      case let byte where isBlank(byte): place += 1
      default:
        let first = place
        while place < bytes.count, !isBlank(bytes[place]), !["[", "]", ","].contains(where: { bytes[place] == $0 }) { place += 1 }
        row.append(Array(bytes[first..<place]))
      }
    } while depth > 0
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else { throw wrong() }
    let words = rows.flatMap { $0 }
    let elements =
      words.isEmpty ? .reals([]) : (isText ? nil : Self.typed(words)) ?? .text(words.map { String(decoding: $0, as: UTF8.self) })
    return PropertyValues(elements, shape: isNested ? [rows.count, width] : [width])
  }
}

@inline(__always) func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 11 || byte == 12 }

/// T, True, true, TRUE, F, ...: the letter, or the word in any of three ways.
func logical(_ token: UnsafeRawBufferPointer) -> Bool? {
  switch token.count {
  case 1: token[0] == UInt8(ascii: "T") ? true : token[0] == UInt8(ascii: "F") ? false : nil
  case 4: ["True", "true", "TRUE"].contains(String(decoding: token, as: UTF8.self)) ? true : nil
  case 5: ["False", "false", "FALSE"].contains(String(decoding: token, as: UTF8.self)) ? false : nil
  default: nil
  }
}

private func == (byte: UInt8, character: Character) -> Bool { byte == character.asciiValue }

/// At most 40 characters of a text taken from a file, without what does not print.
func excerpt(_ text: some StringProtocol) -> String {
  let shown = text.unicodeScalars.prefix(40).map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }.joined()
  return text.unicodeScalars.count > 40 ? shown + "..." : shown
}
