import Foundation
import Testing

@testable import FileFormats

@Suite struct LineReaderTests {
  private func lines(_ reader: LineReader) throws -> [String] {
    var lines: [String] = []
    while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  @Test(
    arguments: [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("a\r\nb\r\n", ["a", "b"]), ("a\rb\r", ["a", "b"]), ("\n", [""]),
      ("\r\r\n\n", ["", "", ""]), ("\u{FEFF}a\n\u{FEFF}b", ["a", "\u{FEFF}b"]), ("a\r", ["a"]),
    ] as [(String, [String])]) func ends(text: String, expected: [String]) throws
  {
    #expect(try lines(LineReader(bytes: Array(text.utf8), path: "t")) == expected)
  }

  /// Lines of all lengths around the size of the buffer, with each kind of end, as Foundation splits them.
  @Test(arguments: ["\n", "\r\n", "\r"]) func acrossBuffers(_ end: String) throws {
    try withTemporaryFolder { folder in
      let lengths = [0, 1, (1 << 18) - 2, 3, (1 << 18) - 1, 1 << 18, 1 << 20, 5, (1 << 18) - 8] + (0..<2000).map { $0 % 301 }
      let expected = lengths.map { String(repeating: "x", count: $0) }
      try Data(expected.joined(separator: end).utf8).write(to: URL(filePath: folder + "/a"))
      let reader = try LineReader(folder + "/a")
      #expect(try lines(reader) == expected && reader.line == expected.count)
    }
  }

  @Test func takesBack() throws {
    let reader = LineReader(bytes: Array("a\nb\n".utf8), path: "t")
    _ = try reader.next()
    reader.takeBack()
    #expect(reader.line == 0)
    #expect(try lines(reader) == ["a", "b"] && reader.line == 2)
  }
}

@Suite struct NumberParserTests {
  private func real(_ text: String) -> Double? { Array(text.utf8).withUnsafeBytes { NumberParser.real($0) } }
  private func integer(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { NumberParser.integer($0) } }

  /// As Swift reads them.
  @Test func reals() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(real("\(value)") == value)
      let short = Double.random(in: -1000...1000, using: &generator)
      for text in [
        String(format: "%.8f", short), String(format: "%.3e", short), String(format: "%.25g", short),
        String(format: "+%.0f.", short.magnitude),
      ] {
        #expect(real(text) == Double(text.hasSuffix(".") ? String(text.dropLast()) : text), "\(text)")
      }
    }
    #expect(
      real("1.5D+01") == 15 && real("2d0") == 2 && real(".5") == 0.5 && real("-.5e1") == -5 && real("1e-400") == 0
        && real("-0")?.sign == .minus)
    #expect(
      real("nan")?.isNaN == true && real("-Inf") == -.infinity && real("Infinity") == .infinity && real("1e999999999999") == .infinity)
    for text in ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1,5", "1 ", " 1", "in", "1f", "--1", "1_0", "NaN(1)"] {
      #expect(real(text) == nil, "\(text)")
    }
  }

  @Test func integers() {
    #expect(integer("-9223372036854775808") == .min && integer("9223372036854775807") == .max && integer("+7") == 7 && integer("007") == 7)
    for text in ["", "-", "9223372036854775808", "1.0", "1e3", "0x1", " 1", "123456789012345678901"] {
      #expect(integer(text) == nil, "\(text)")
    }
  }
}
