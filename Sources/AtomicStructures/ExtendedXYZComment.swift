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
  /// Where the pairs of many keys are.
  private var places: [String: Int] = [:]

  init(_ bytes: UnsafeRawBufferPointer) throws(Mistake) {
    self.bytes = bytes
    skipBlanks()
    while place < bytes.count {
      let start = place
      let key = try key()
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
    // A few keys are looked through faster than hashed.
    if entries.count == 16 { places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.key, $0) }) }
    if let other = entries.count < 16 ? entries.firstIndex(where: { $0.key == key }) : places[key] {
      // The same twice does no harm.
      if entries[other].values == values { return }
      throw Mistake(
        cause: "the key \"\(excerpt(key))\" is there twice, with different values",
        cure: "leave one of them, and put values with blanks in quotes", byte: start)
    }
    if entries.count >= 16 { places[key] = entries.count }
    entries.append((key, values))
    flags.append(isFlag)
  }

  private mutating func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }

  /// A key, quoted or not.
  private mutating func key() throws(Mistake) -> String {
    if bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") {
      return String(decoding: try quoted(by: bytes[place]), as: UTF8.self)
    }
    let start = place
    while place < bytes.count, !isBlank(bytes[place]), bytes[place] != UInt8(ascii: "=") { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func quoted(by end: UInt8) throws(Mistake) -> [UInt8] {
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
    return content
  }

  private mutating func value() throws(Mistake) -> PropertyValues {
    guard place < bytes.count else { return PropertyValues("") }
    switch bytes[place] {
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return Self.values(try quoted(by: bytes[place]))
    case UInt8(ascii: "{"): return Self.values(try quoted(by: UInt8(ascii: "}")))
    default:
      // Most values are single words.
      let start = place
      while place < bytes.count, !isBlank(bytes[place]) { place += 1 }
      let word = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
      if let number = NumberParser.integer(word) { return PropertyValues(number) }
      if let number = NumberParser.real(word) { return PropertyValues(number) }
      if let truth = logical(word) { return PropertyValues(truth) }
      return PropertyValues(String(decoding: word, as: UTF8.self))
    }
  }

  /// What stands in quotes.
  private static func values(_ content: [UInt8]) -> PropertyValues {
    guard let elements = typed(content, separatedBy: isBlank) else { return PropertyValues(String(decoding: content, as: UTF8.self)) }
    return PropertyValues(elements, shape: elements.count == 1 ? [] : [elements.count])
  }

  /// Words of one type other than text; nil where there is none, or there are others.
  private static func typed(_ content: [UInt8], separatedBy isSeparator: (UInt8) -> Bool) -> PropertyValues.Elements? {
    content.withUnsafeBytes { content in
      var words: [UnsafeRawBufferPointer] = []
      var place = 0
      while place < content.count {
        let start = place
        while place < content.count, !isSeparator(content[place]) { place += 1 }
        if place > start { words.append(UnsafeRawBufferPointer(rebasing: content[start..<place])) }
        place += 1
      }
      func all<T>(_ read: (UnsafeRawBufferPointer) -> T?) -> [T]? {
        var values: [T] = []
        values.reserveCapacity(words.count)
        for word in words {
          guard let value = read(word) else { return nil }
          values.append(value)
        }
        return values
      }
      if words.isEmpty { return nil }
      if let values = all(NumberParser.integer) { return .integers(values) }
      if let values = all(NumberParser.real) { return .reals(values) }
      return all(logical).map { .logicals($0) }
    }
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
        row.append(try quoted(by: bytes[place]))
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
      words.isEmpty
      ? .reals([])
      : (isText ? nil : Self.typed(Array(words.joined(separator: [10])), separatedBy: { $0 == 10 }))
        ?? .text(words.map { String(decoding: $0, as: UTF8.self) })
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
