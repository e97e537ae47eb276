import FuzzSupport
import Testing

@testable import FileFormats

struct TextScannerTests {
  private func scanner(_ text: String) -> TextScanner { TextScanner(FileBytes(Array(text.utf8)[...], path: "p")) }

  /// All numbers of a text, a list for each line that has any.
  private func numbers(_ text: String) throws -> [[Double]] {
    var scanner = scanner(text)
    var lines: [[Double]] = []
    while scanner.nextLine() {
      lines.append([])
      while let number = try scanner.number() { lines[lines.count - 1].append(number) }
    }
    return lines
  }

  @Test func linesCommentsAndSeparators() throws {
    #expect(try numbers("1 2\t3 # four\r\n\r\n  # nothing\n5, 6;7\r8\n\n 9") == [[1, 2, 3], [5, 6, 7], [8], [9]])
    #expect(try numbers("\u{FEFF}1 2\n") == [[1, 2]])
    #expect(try numbers("") == [] && numbers("\n#\n , \n") == [])
    var lines = scanner("a\r\n\r\nb\rc\n\nd")
    var places: [Int] = []
    while lines.nextLine() { places.append(lines.line) }
    #expect(places == [1, 3, 4, 6])
  }

  /// The standard library's parser is the reference: by one rounding where that is exact, through text otherwise.
  @Test func numbersAreThoseOfTheStandardLibrary() throws {
    let texts = [
      "0", "-0", "+1", "1.", ".5", "-.5e1", "00012.500", "1e22", "1e23", "1E-22", "9007199254740993", "9007199254740992", "0.1",
      "3.14159265358979",
      "123456789012345678901234567890", "0.00000000000000000000000000000000001234567890123456789", "2.2250738585072011e-308", "4.9e-324",
      "1e-400",
      "1.7976931348623157e308", "8.5e-0000000000000000001", "1000000000000000000000e-21", "0.000e999999", "5e-1000000",
    ]
    for text in texts {
      let expected = try #require(Double(text))
      let value = try #require(try numbers(text).first?.first)
      #expect(value == expected && value.sign == expected.sign, "\(text)")
    }
    var generator = SplitMix(seed: 3)
    for _ in 0..<3000 {
      let bits = Double(bitPattern: generator.next())
      let value = Bool.random(using: &generator) ? bits : Double(Float(Int.random(in: -100_000...100_000, using: &generator))) / 1000
      guard value.isFinite else { continue }
      #expect(try numbers("\(value)") == [[value]])
    }
  }

  @Test(arguments: [
    "nan", "inf", "-inf", "1e", "1e+", "--1", "-", ".", "1.2.3", "0x10", "1e400", "-1e999999999999999999999", "1_0", "é", "1e5f",
  ])
  func whatIsNoFiniteNumber(text: String) {
    var line = scanner("\n 1 \(text)")
    let hasLine = line.nextLine()
    #expect(hasLine)
    let error = failure {
      while try line.number() != nil {}
    }
    #expect(error?.kind == .malformed && error?.place == .init(line: 2), "\(error?.description ?? "")")
    #expect(error?.cause.contains(excerpt(text).prefix(3)) == true)
  }

  @Test func integersAndWords() throws {
    var text = scanner("12 -3 OFF5 x 1.5\n9223372036854775808")
    let hasLine = text.nextLine()
    let integers = [try text.integer(), try text.integer()]
    let keyword = text.word(through: "OFF")
    let count = try text.integer()
    #expect(hasLine && integers == [12, -3] && keyword == "OFF" && count == 5 && !text.isAtLineEnd)
    let word = text.word()
    #expect(word == "x")
    #expect(failure { try text.integer() }?.cause.contains("1.5") == true)
    let end = text.word()
    let hasSecond = text.nextLine()
    #expect(end == nil && hasSecond)
    #expect(failure { try text.integer() }?.kind == .malformed)
    let hasThird = text.nextLine()
    #expect(!hasThird && text.bytesLeft == 0)
  }

  /// No integer of 64 bits goes through a Double.
  @Test(arguments: [
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("9007199254740993", 1 << 53 + 1), ("+12", 12), ("3.0", 3),
    ("1e3", 1000), ("9007199254740992.0", 1 << 53),
  ])
  func exactIntegers(text: String, expected: Int) throws {
    var line = scanner(text + ", 1")
    let hasLine = line.nextLine()
    let value = try line.integer()
    #expect(hasLine && value == expected)
  }

  @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e300", "9007199254740994.0"]) func integersBeyond64Bits(text: String) {
    var line = scanner(text)
    let hasLine = line.nextLine()
    let error = failure { try line.integer() }
    #expect(hasLine && error?.cause.contains("beyond 64 bits") == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    "0,5 0,25 0,75", "0,5\t1,5\t-2,5", "0,5;1,5;2,5", "0,5 1 2", "1 2 3,5", "0,5, 1,25, 3,0", "1.234,5 2 3", "1e3 2,5e1 3", "0,5 ; 1,5",
    "1,2 3",
    "1.5 2.5,3.5",
  ])
  func decimalCommasAreRefused(text: String) {
    var line = scanner("\n" + text)
    let hasLine = line.nextLine()
    let error = failure {
      while try line.number() != nil {}
    }
    #expect(hasLine && error?.place == .init(line: 2) && error?.cause.contains("decimal comma") == true, "\(String(describing: error))")
    #expect(error?.cure.contains("decimal points") == true)
    var integers = scanner(text)
    let hasIntegers = integers.nextLine()
    #expect(hasIntegers)
    #expect(failure { while try integers.integer() != nil {} }?.kind == .malformed)
  }

  @Test(arguments: [
    ("1,2,3", [1, 2, 3]), ("1, 2, 3", [1, 2, 3]), ("1 , 2 , 3", [1, 2, 3]), ("1.5,2.5, 3.5", [1.5, 2.5, 3.5]),
    ("1,2,3 # a, b c", [1, 2, 3]),
    ("1; 2; 3", [1, 2, 3]), ("1,2,3,", [1, 2, 3]), (" 1,2,3 ", [1, 2, 3]), ("1,\t2,\t3", [1, 2, 3]), ("1 2 3,", [1, 2, 3]),
  ])
  func commasBetweenNumbersAreRead(text: String, expected: [Double]) throws {
    #expect(try numbers(text) == [expected])
  }

  @Test func numbersThatAreNotUsed() throws {
    var line = scanner("nan -inf +Infinity NAN 1.5 nano")
    let hasLine = line.nextLine()
    let values = try (0..<5).map { _ in try line.anyNumber() ?? 0 }
    #expect(hasLine && values[0].isNaN && values[1] == -.infinity && values[2] == .infinity && values[3].isNaN && values[4] == 1.5)
    #expect(failure { try line.anyNumber() }?.cause.contains("nano") == true)
  }
}
