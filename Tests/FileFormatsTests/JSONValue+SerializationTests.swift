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

  @Test func everyCharacterRoundTrips() throws {
    for code in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let value = JSONValue.string("\(scalar)x")
      #expect(try JSONValue(parsing: value.serialized()) == value)
    }
  }
}
