import Foundation
import Testing

@testable import FileFormats

struct JSONEncodingTests {
  private struct Shape: Codable, Equatable {
    enum Kind: String, Codable { case ring, chain }
    enum Size: Codable, Equatable { case small(hops: Int), large }
    var z = 1.5
    var a: Float = 0.1
    var seed = UInt64.max
    var count: Int8 = -3
    var isOpen = true
    var name: String? = nil
    var kind = Kind.chain
    var size = Size.small(hops: 2)
    var other = Size.large
    var list: [[Int]] = [[], [1, 2]]
    var optional: [Int?] = [nil, 1]
    var table = ["y": 1.0, "x": .infinity]
    var data = Data([1, 2, 255])
    var place = URL(string: "https://example.org/a")!
    var date = Date(timeIntervalSinceReferenceDate: 12.5)
  }
  private class Base: Encodable { let base = 1 }
  private final class Derived: Base {
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(2, forKey: .own)
      try super.encode(to: container.superEncoder())
      var nested = container.nestedUnkeyedContainer(forKey: .list)
      try nested.encode("x")
      try nested.encodeNil()
      var inner = nested.nestedContainer(keyedBy: Key.self)
      try inner.encode(true, forKey: .own)
    }
    enum Key: String, CodingKey { case own, list }
  }

  /// What Foundation's decoder reads again, and what its encoder writes.
  @Test func readByFoundation() throws {
    let shape = Shape()
    let value = try JSONValue(encoding: shape)
    #expect(value.object?.keys == value.object?.keys.sorted() && value["name"] == nil)
    #expect(value["seed"] == .unsigned(.max) && value["count"] == -3 && value["a"] == 0.1 && value["size"] == ["small": ["hops": 2]])
    #expect(value["table"] == ["x": "inf", "y": 1.0] && value["optional"] == [nil, 1] && value["list"] == [[], [1, 2]])
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    #expect(try decoder.decode(Shape.self, from: Data(value.serialized())) == shape)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let text = String(decoding: try encoder.encode(shape), as: UTF8.self)
    #expect(value.description.replacingOccurrences(of: "1.0,", with: "1,").replacingOccurrences(of: "1.0}", with: "1}") == text)
  }

  @Test func singleValuesAndNestedContainers() throws {
    #expect(try JSONValue(encoding: 3) == 3 && JSONValue(encoding: "x") == "x" && JSONValue(encoding: Double.nan) == "nan")
    #expect(try JSONValue(encoding: [Int]()) == [] && JSONValue(encoding: [String: Int]()) == [:])
    #expect(try JSONValue(encoding: Int?.none) == nil && JSONValue(encoding: Int?.some(2)) == 2)
    #expect(try JSONValue(encoding: Derived()) == ["list": ["x", nil, ["own": true]], "own": 2, "super": ["base": 1]])
  }
}
