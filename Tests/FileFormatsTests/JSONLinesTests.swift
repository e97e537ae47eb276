import Testing

@testable import FileFormats

struct JSONLinesTests {
  @Test(
    arguments: [
      ("", []), ("{}\n", [[:]]), ("{\"a\":1}\n[2]\n", [["a": 1], [2]]), ("1\n2", [1, 2]), ("1\r\n2\r\n", [1, 2]), ("{}\n\n", [[:]]),
      ("1\n \t\r\n\n2\n\n", [1, 2]),
    ] as [(String, [JSONValue])])
  func lines(text: String, expected: [JSONValue]) throws {
    #expect(try parseJSONLines(Array(text.utf8), path: "p") == expected)
    #expect(try parseJSONLines(Array(text.utf8), path: "p", toleratingTornLastLine: true) == expected)
  }

  @Test(arguments: [("{}\n{\"a\":\n{}\n", 2, 5), ("x\n", 1, 0), ("{}\n\n{} 1\n", 3, 3), ("{}\n{} {}\n", 2, 3)])
  func errorsNameTheLine(text: String, line: Int, byte: Int) {
    for isTolerant in [false, true] {
      let error = failure { try parseJSONLines(Array(text.utf8), path: "p", toleratingTornLastLine: isTolerant) }
      #expect(error?.place == .init(line: line, byte: byte) && error?.path == "p")
    }
  }

  @Test func tornLastLine() throws {
    let whole = "{\"a\":1}\n{\"b\":\"é\"}"
    for count in 8..<whole.utf8.count {
      let bytes = Array(whole.utf8.prefix(count))
      #expect(try parseJSONLines(bytes, path: "p", toleratingTornLastLine: true) == [["a": 1]])
      if count > 8 { #expect(failure { try parseJSONLines(bytes, path: "p") }?.place.line == 2) }
    }
    #expect(try parseJSONLines(Array(whole.utf8), path: "p", toleratingTornLastLine: true).count == 2)
  }
}
