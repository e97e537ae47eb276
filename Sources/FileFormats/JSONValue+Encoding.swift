import Foundation

extension JSONValue {
  /// The value as which another one encodes itself, with the members of objects in the order of their keys.
  ///
  /// `JSONDecoder` reads what is written from it, where its `nonConformingFloatDecodingStrategy` takes the texts "inf", "-inf" and "nan".
  /// - Throws: what the value's own `encode(to:)` throws.
  public init(encoding value: some Encodable) throws {
    let place = JSONPlace()
    try place.encode(value, path: [])
    self = place.value
  }
}

/// A place in a JSON document that is being built.
private final class JSONPlace {
  enum Content {
    case leaf(JSONValue)
    case elements([JSONPlace])
    case members([String: JSONPlace])
  }
  var content = Content.members([:])

  var value: JSONValue {
    switch content {
    case .leaf(let value): value
    case .elements(let places): .array(places.map(\.value))
    case .members(let places): .object(JSONObject(distinct: places.sorted { $0.key < $1.key }.map { .init(key: $0, value: $1.value) }))
    }
  }

  func encode<Value: Encodable>(_ value: Value, path: [any CodingKey]) throws {
    switch value {
    case let value as Bool: content = .leaf(.bool(value))
    case let value as String: content = .leaf(.string(value))
    case let value as Double: content = .leaf(Self.number(value, "\(value)"))
    case let value as Float: content = .leaf(Self.number(Double(value), "\(value)"))
    case let value as any BinaryInteger: content = .leaf(JSONValue(integer: value))
    case let value as Data: content = .leaf(.string(value.base64EncodedString()))
    case let value as URL: content = .leaf(.string(value.absoluteString))
    default: try value.encode(to: JSONPlaceEncoder(place: self, codingPath: path))
    }
  }

  private static func number(_ value: Double, _ text: String) -> JSONValue {
    if value.isNaN { return "nan" }
    return value.isFinite ? .number(Double(text) ?? value) : value > 0 ? "inf" : "-inf"
  }

  func member(_ key: String) -> JSONPlace {
    var members: [String: JSONPlace] = [:]
    if case .members(let present) = content { members = present }
    let place = members[key] ?? JSONPlace()
    members[key] = place
    content = .members(members)
    return place
  }

  var count: Int {
    if case .elements(let places) = content { return places.count }
    return 0
  }

  func element() -> JSONPlace {
    var elements: [JSONPlace] = []
    if case .elements(let present) = content { elements = present }
    let place = JSONPlace()
    content = .elements(elements + [place])
    return place
  }
}

/// The methods for single types of Foundation's protocols are all the generic ones.
private struct JSONPlaceEncoder: Encoder, SingleValueEncodingContainer {
  let place: JSONPlace
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(JSONMemberContainer(place: place, codingPath: codingPath))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if place.count == 0 { place.content = .elements([]) }
    return JSONElementContainer(place: place, codingPath: codingPath)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { place.content = .leaf(.null) }
  func encode<Value: Encodable>(_ value: Value) throws { try place.encode(value, path: codingPath) }
}

private struct JSONMemberContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let place: JSONPlace
  let codingPath: [any CodingKey]

  private func encoder(_ key: some CodingKey) -> JSONPlaceEncoder {
    JSONPlaceEncoder(place: place.member(key.stringValue), codingPath: codingPath + [key])
  }
  func encodeNil(forKey key: Key) { encoder(key).encodeNil() }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try encoder(key).encode(value) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    encoder(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { JSONPlaceEncoder(place: place.member("super"), codingPath: codingPath) }
  func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

private struct JSONElementContainer: UnkeyedEncodingContainer {
  let place: JSONPlace
  let codingPath: [any CodingKey]
  var count: Int { place.count }

  private func encoder() -> JSONPlaceEncoder { JSONPlaceEncoder(place: place.element(), codingPath: codingPath) }
  func encodeNil() { encoder().encodeNil() }
  func encode<Value: Encodable>(_ value: Value) throws { try encoder().encode(value) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder() }
}
