/// The numbers and words of a text file, line by line; every failure names its line.
///
/// A line ends with a line feed, a carriage return or both; a number sign begins a comment that ends with the line. Blanks, tabs, commas
/// and semicolons separate words. A comma within a word of a line that separates its words otherwise may stand for a decimal point: there
/// numbers are refused, since "0,5 1,5" would be four of them.
struct TextScanner {
  private let path: String
  private let bytes: ArraySlice<UInt8>
  /// The current line, counted from 1.
  private(set) var line: Int
  /// Where the current line is read next, and where what it says ends.
  private var position: Int
  private var end: Int
  /// Where the next line begins.
  private var next: Int
  /// A word of the line whose comma may stand for a decimal point.
  private var doubtful: Range<Int>?

  /// Begins before the first line of `file`; that line has the number `firstLine`.
  init(_ file: FileBytes, firstLine: Int = 1) {
    path = file.path
    bytes = file.storage
    line = firstLine - 1
    // Some editors write a byte order mark.
    next = bytes.startIndex + (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    (position, end) = (next, next)
  }

  /// The number of bytes in the lines after the current one.
  var bytesLeft: Int { bytes.endIndex - next }

  /// Whether the current line has nothing more.
  var isAtLineEnd: Bool { bytes[position..<end].allSatisfy(Self.isSeparator) }

  /// Goes to the next line that is not blank; false where there is none.
  mutating func nextLine() -> Bool {
    while next < bytes.endIndex {
      line += 1
      position = next
      var place = next
      var comment: Int?
      var hasComma = false
      while place < bytes.endIndex, bytes[place] != UInt8(ascii: "\n"), bytes[place] != UInt8(ascii: "\r") {
        if bytes[place] == UInt8(ascii: "#") && comment == nil { comment = place }
        if bytes[place] == UInt8(ascii: ",") { hasComma = true }
        place += 1
      }
      end = comment ?? place
      if place < bytes.endIndex {
        let isPair = bytes[place] == UInt8(ascii: "\r") && place + 1 < bytes.endIndex && bytes[place + 1] == UInt8(ascii: "\n")
        place += isPair ? 2 : 1
      }
      next = place
      skipSeparators()
      if position < end {
        doubtful = hasComma ? doubtfulWord() : nil
        return true
      }
    }
    (position, end) = (next, next)
    return false
  }

  /// The next number of the line, or `nil` at its end.
  /// - Throws: an error of kind `malformed` for anything that is not a finite number.
  mutating func number() throws(FileFormatError) -> Double? {
    skipSeparators()
    guard position < end else { return nil }
    try refuseDecimalComma()
    let start = position
    var isNegative = false
    if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    var decimal = Decimal()
    while position < end, decimal.take(bytes[position], isFraction: false) { position += 1 }
    if position < end && bytes[position] == UInt8(ascii: ".") {
      position += 1
      while position < end, decimal.take(bytes[position], isFraction: true) { position += 1 }
    }
    guard decimal.hasDigits else { throw noNumber(from: start) }
    if position < end && bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      guard let exponent = exponent() else { throw noNumber(from: start) }
      decimal.exponent += exponent
    }
    guard position == end || Self.isSeparator(bytes[position]) else { throw noNumber(from: start) }
    if let exact = decimal.exactDouble { return isNegative ? -exact : exact }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw failure(.malformed, "the number \(excerpt(text)) is beyond Double") }
    return value
  }

  /// The next number of the line where it is not used, so that it may also be infinite or not a number; nil at the line's end.
  /// - Throws: an error of kind `malformed` for anything that is not written as a number.
  mutating func anyNumber() throws(FileFormatError) -> Double? {
    skipSeparators()
    let start = position
    var rest = bytes[position..<end].prefix { !Self.isSeparator($0) }
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let name = String(decoding: rest.prefix(9), as: UTF8.self).lowercased()
    guard ["nan", "inf", "infinity"].contains(name) else { return try number() }
    position = rest.endIndex
    return name == "nan" ? .nan : bytes[start] == UInt8(ascii: "-") ? -.infinity : .infinity
  }

  /// The next integer of the line, or `nil` at its end; all integers of 64 bits are exact.
  /// - Throws: an error of kind `malformed` for anything that is not an integer, or is beyond 64 bits.
  mutating func integer() throws(FileFormatError) -> Int? {
    skipSeparators()
    let start = position
    let token = bytes[position..<end].prefix { !Self.isSeparator($0) }
    // Digits alone never go through a Double, which would merge neighbours from 2⁵³ on.
    if let integer = Int(String(decoding: token, as: UTF8.self)) {
      try refuseDecimalComma()
      position = token.endIndex
      return integer
    }
    guard let number = try number() else { return nil }
    let text = excerpt(String(decoding: bytes[start..<position], as: UTF8.self))
    guard number.magnitude <= 0x1p53, let integer = Int(exactly: number) else {
      let isLarge = number.magnitude > 0x1p53
      throw failure(.malformed, isLarge ? "the integer \(text) is beyond 64 bits" : "an integer is expected, not \(text)")
    }
    return integer
  }

  /// The next word of the line, or `nil` at its end; with `suffix`, only the part of it up to and including the first occurrence of that.
  mutating func word(through suffix: String? = nil) -> String? {
    skipSeparators()
    guard position < end else { return nil }
    let start = position
    let pattern = suffix.map { Array($0.utf8) }
    while position < end, !Self.isSeparator(bytes[position]) {
      position += 1
      if let pattern, bytes[start..<position].suffix(pattern.count).elementsEqual(pattern) { break }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// An error at a line, the current one where none is given.
  func failure(
    _ kind: FileFormatError.Kind, line: Int? = nil, _ cause: String, cure: String = "correct the line, or write the file again"
  ) -> FileFormatError {
    FileFormatError(kind, path: path, place: .init(line: max(1, line ?? self.line)), cause: cause, cure: cure)
  }

  private func refuseDecimalComma() throws(FileFormatError) {
    guard let doubtful else { return }
    let word = excerpt(String(decoding: bytes[doubtful], as: UTF8.self))
    throw failure(
      .malformed, "\"\(word)\" is one number with a decimal comma, or several: the line has commas and other separators",
      cure: "write decimal points, or separate all numbers by commas alone or by blanks alone")
  }

  /// The first word, among several between blanks and semicolons, with a comma inside that may be a decimal one. It cannot be one where
  /// blanks follow commas everywhere else and points stand on both sides of it ("1.5,2.5, 3.5").
  private func doubtfulWord() -> Range<Int>? {
    let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
    func isBlank(_ byte: UInt8) -> Bool { byte != comma && Self.isSeparator(byte) }
    var words: [Range<Int>] = []
    var hasBareGap = false
    var place = position
    while place < end {
      guard !isBlank(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      while place < end, !isBlank(bytes[place]) { place += 1 }
      if let last = words.last, bytes[last.upperBound - 1] != comma, bytes[start] != comma { hasBareGap = true }
      words.append(start..<place)
    }
    // A comma between blanks is no word, and a line of one word has commas alone.
    guard words.count(where: { !bytes[$0].allSatisfy { $0 == comma } }) > 1 else { return nil }
    return words.first { word in
      let parts = bytes[word].split(separator: comma)
      return parts.count > 1 && (hasBareGap || !parts.allSatisfy { $0.contains(point) })
    }
  }

  private mutating func skipSeparators() {
    while position < end, Self.isSeparator(bytes[position]) { position += 1 }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    // The blank, the tabulators and the form feed; line ends are none, as lines end there.
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x0B
      || byte == 0x0C
  }

  /// The digits after the letter E; beyond what any number needs they count as 99999.
  private mutating func exponent() -> Int? {
    var isNegative = false
    if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let start = position
    var value = 0
    while position < end, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      value = min(99999, 10 * value + Int(digit))
      position += 1
    }
    return position == start ? nil : isNegative ? -value : value
  }

  private func noNumber(from start: Int) -> FileFormatError {
    let token = bytes[start..<end].prefix { !Self.isSeparator($0) }
    return failure(.malformed, "a finite number is expected, not \"\(excerpt(String(decoding: token, as: UTF8.self)))\"")
  }
}

/// A decimal number as it is read, digit by digit.
private struct Decimal {
  private var significand: UInt64 = 0
  private var digits = 0
  var exponent = 0
  private(set) var hasDigits = false

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Takes a digit; false for any other byte.
  mutating func take(_ byte: UInt8, isFraction: Bool) -> Bool {
    let digit = byte &- UInt8(ascii: "0")
    guard digit < 10 else { return false }
    hasDigits = true
    if digits < 19 {
      significand = 10 * significand + UInt64(digit)
      if significand != 0 { digits += 1 }
      if isFraction { exponent -= 1 }
    } else {
      digits = 20
    }
    return true
  }

  /// The number where one rounding gives it: significand and power of ten are both exact (Clinger 1990).
  var exactDouble: Double? {
    guard digits < 20, significand <= 1 << 53, exponent.magnitude <= 22 else { return nil }
    let power = Self.powersOfTen[Int(exponent.magnitude)]
    return exponent < 0 ? Double(significand) / power : Double(significand) * power
  }
}
