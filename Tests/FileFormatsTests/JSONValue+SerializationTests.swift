import Foundation
import FuzzSupport
import Testing

@testable import FileFormats

struct JSONSerializationTests {
  @Test(
    arguments: [
      (.null, "null"), (true, "true"), (-5, "-5"), (2.5, "2.5"), (1.0, "1.0"), (.number(.nan), "null"), (.number(-.infinity), "null"),
      (.number(-0.0), "-0.0"), (1e-7, "1e-07"), (1e300, "1e+300"), ("", "\"\""),
      ("a\"b\\c/\n\r\t\u{1}é😀", "\"a\\\"b\\\\c/\\n\\r\\t\\u0001é😀\""),
      ([], "[]"), ([:], "{}"), ([1, [2], "x"], "[1,[2],\"x\"]"), (["b": 1, "a": [nil]], "{\"b\":1,\"a\":[null]}"),
      (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
      (.unsigned(1 << 63), "9223372036854775808"), (.unsigned(.max), "18446744073709551615"),
    ] as [(JSONValue, String)])
  func text(value: JSONValue, expected: String) throws {
    #expect(value.description == expected)
    if !expected.contains("null") { #expect(try JSONValue(parsing: expected) == value) }
  }

  @Test func numbersRoundTrip() throws {
    var generator = SplitMix(seed: 1)
    for _ in 0..<3000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let read = try JSONValue(parsing: JSONValue.number(number).description)
      #expect(read == .number(number) && read.double?.sign == number.sign)
    }
    let special: [Double] = [
      0.1, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 1e15, 1e16, 1e17, 123456789012345680,
    ]
    for number in special {
      #expect(try JSONValue(parsing: JSONValue.number(number).description).double?.bitPattern == number.bitPattern)
    }
  }

  /// Beyond 64 bits numbers are rounded; whole ones within are not.
  @Test func wholeNumbers() throws {
    #expect(try JSONValue(parsing: "18446744073709551616") == .number(18446744073709551616))
    #expect(try JSONValue(parsing: "-9223372036854775809") == .number(-9223372036854775808))
    #expect(JSONValue(integer: Int8(-3)) == .integer(-3) && JSONValue(integer: UInt64.max) == .unsigned(.max))
    #expect(JSONValue(integer: UInt64(5)) == .integer(5) && JSONValue.integer(5).unsigned == 5 && JSONValue.integer(-5).unsigned == nil)
    #expect(
      JSONValue.unsigned(.max).unsigned == .max && JSONValue.unsigned(.max).int == nil && JSONValue.unsigned(1 << 63).double == 0x1p63)
  }

  /// For people: a line for each member and element.
  @Test func files() throws {
    try withTemporaryFolder { folder in
      let value: JSONValue = ["b": [1, ["x": nil]], "a": [], "c": [:], "d": "e\n"]
      try value.write(to: folder + "/a.json")
      let text = try String(contentsOfFile: folder + "/a.json", encoding: .utf8)
      let expected = """
        {
          "b": [
            1,
            {
              "x": null
            }
          ],
          "a": [],
          "c": {},
          "d": "e\\n"
        }

        """
      #expect(text == expected)
      #expect(try JSONValue(parsing: text) == value)
    }
  }

  @Test func everyCharacterRoundTrips() throws {
    for code in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let value = JSONValue.string("\(scalar)x")
      #expect(try JSONValue(parsing: value.serialized()) == value)
    }
  }
}
