import Requirements

/// A JSON value (RFC 8259) that keeps the order of an object's members and tells integers from other numbers.
///
/// A number literal without fraction and exponent that fits is an ``integer(_:)``, or an ``unsigned(_:)`` beyond `Int`, and any other is a
/// ``number(_:)``: `1` and `1.0` are two values, and both survive writing and reading.
public enum JSONValue: Sendable, Equatable {
  /// `null`; NaN and infinities are also written as this.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent, within 64 bits.
  case integer(Int)
  /// A number written without fraction and exponent above `Int.max` and up to `UInt64.max`, such as a seed. Make it by ``init(integer:)``.
  case unsigned(UInt64)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)

  /// The number, whether or not it is an integer; `nil` for anything else.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A whole number: exact within the ranges of `Int` and `UInt64`, the nearest ``number(_:)`` beyond them.
  public init(integer value: some BinaryInteger) {
    self = Int(exactly: value).map { .integer($0) } ?? UInt64(exactly: value).map { .unsigned($0) } ?? .number(Double(value))
  }

  /// The whole number of at least 0, or the number where it equals one; `nil` for anything else.
  public var unsigned: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    case .number(let value): UInt64(exactly: value)
    default: nil
    }
  }

  /// The integer, or the number where it equals one; `nil` for anything else.
  public var int: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The string, or `nil` for anything else.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The truth value, or `nil` for anything else.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements of an array, or `nil` for anything else.
  public var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, or `nil` for anything else.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The member of an object; `nil` where there is none, or where this is not an object.
  public subscript(key: String) -> JSONValue? { object?[key] }
}

/// The members of a JSON object, in order; no two have the same key.
///
/// Look-up is linear, since the objects of records are small.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// A key with its value.
  public struct Member: Sendable, Equatable {
    /// The key.
    public let key: String
    /// The value.
    public var value: JSONValue
  }

  /// The members in order.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// The members of a literal, in order. Traps on a repeated key.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    require(Set(elements.map(\.0)).count == elements.count, "expected distinct keys, received \(elements.map(\.0))")
    members = elements.map { Member(key: $0.0, value: $0.1) }
  }

  /// The parser has checked that the keys differ.
  init(distinct members: [Member]) { self.members = members }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key. Setting replaces the value, or appends a member; setting `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object, its members in order. Traps on a repeated key.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    require(Set(elements.map(\.0)).count == elements.count, "expected distinct keys, received \(elements.map(\.0))")
    self = .object(JSONObject(distinct: elements.map { .init(key: $0.0, value: $0.1) }))
  }
}
