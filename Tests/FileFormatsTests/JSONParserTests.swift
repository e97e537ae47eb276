import Testing

@testable import FileFormats

struct JSONParserTests {
  @Test(
    arguments: [
      ("0", 0), ("-0", .number(-0.0)), ("-12", -12), ("1.50", 1.5), ("1e2", 100.0), ("1E+2", 100.0), ("-1.5e-3", -0.0015),
      ("9223372036854775807", .integer(.max)), ("9223372036854775808", .unsigned(1 << 63)),
      ("18446744073709551616", .number(18446744073709551616)), ("1e-999", 0.0),
      (" [ 1 , 2 ] ", [1, 2]), ("{ \"a\" : { } , \"b\" : [ ] }", ["a": [:], "b": []]), ("\t\r\n null \n", nil),
      ("\"\\u0041\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "A😀/\u{8}\u{c}\n\r\t\"\\"), ("\"\\u0000\"", "\0"), ("\"\u{7F}é\"", "\u{7F}é"),
      ("[true,false,null]", [true, false, nil]), ("\"a\\nb\"", "a\nb"),
    ] as [(String, JSONValue)])
  func valid(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test(arguments: [
    ("", 0), (" ", 1), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("]", 0), ("{", 1), ("{\"a\"", 4),
    ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,", 7), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{1:1}", 1),
    ("{\"a\":1 \"b\"}", 7),
    ("{\"a\":1,\"a\":2}", 7), ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1e", 2), ("1e+", 3), ("0x1", 1), ("1e999", 0),
    ("-1e999", 0), ("NaN", 0), ("Infinity", 0), ("tru", 0), ("nulll", 4), ("1 2", 2), ("\"", 1), ("\"a", 2), ("\"\\", 2), ("\"\\x\"", 2),
    ("\"\\u12\"", 5), ("\"\\u12", 5), ("\"\\ud800\"", 7), ("\"\\ud800\\n\"", 7), ("\"\\ud800\\u0041\"", 13), ("\"\\udc00\"", 7),
    ("\"\n\"", 1), ("\"a\u{1}\"", 2), ("'a'", 0), ("// x\n1", 0), ("\u{FEFF}1", 0), ("\"\\u00é\"", 5),
  ])
  func malformed(text: String, byte: Int) {
    let error = failure { try JSONValue(parsing: text, path: "p") }
    #expect(error?.path == "p" && error?.place.byte == byte, "\(error?.description ?? "")")
    #expect(error?.kind == .malformed || error?.kind == .truncated)
  }

  @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80]] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(failure { try JSONValue(parsing: [0x22] + bytes + [0x22]) }?.kind == .malformed)
    #expect(failure { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }?.kind == .malformed)
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSONValue(parsing: nested(128))
    #expect(failure { try JSONValue(parsing: nested(129)) }?.place.byte == 128)
    _ = try JSONValue(parsing: nested(3), depthLimit: 3)
    #expect(failure { try JSONValue(parsing: nested(4), depthLimit: 3) }?.kind == .malformed)
    // Siblings do not add up.
    _ = try JSONValue(parsing: "[[],[],[],{\"a\":[]}]", depthLimit: 3)
    #expect(failure { try JSONValue(parsing: String(repeating: "[", count: 1 << 20)) }?.kind == .malformed)
    #expect(failure { try JSONValue(parsing: String(repeating: "{\"a\":", count: 1 << 18)) }?.kind == .malformed)
  }

  @Test(arguments: [5, 8, 9, 50]) func repeatedKeysAmongMany(count: Int) throws {
    let members = (0..<count).map { "\"key \($0)\":\($0)" }
    #expect(try JSONValue(parsing: "{\(members.joined(separator: ","))}").object?.members.count == count)
    for repeated in [0, count - 1] {
      let text = "{\(members.joined(separator: ",")),\"key \(repeated)\":0}"
      #expect(failure { try JSONValue(parsing: text) }?.kind == .malformed)
    }
  }

  @Test func readsFiles() throws {
    try withTemporaryFolder { folder throws in
      try AtomicFile.write("{\"a\": [1]}\n".utf8, to: folder + "/a.json")
      #expect(try JSONValue(contentsOf: folder + "/a.json") == ["a": [1]])
    }
  }
}
