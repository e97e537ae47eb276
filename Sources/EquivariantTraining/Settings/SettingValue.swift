import FileFormats

/// A type of the values of a ``Setting``, which can be written to and read from a command line and JSON.
public protocol SettingValue: Sendable, Equatable {
  /// The value that a text denotes; nil if it denotes none.
  init?(settingText text: String)
  /// The text from which ``init(settingText:)`` reads the value.
  var settingText: String { get }
  /// The value that a JSON value denotes; nil if it denotes none.
  init?(json: JSONValue)
  /// The JSON from which ``init(json:)`` reads the value.
  var json: JSONValue { get }
  /// A description of the values, such as "a whole number".
  static var kind: String { get }
}

extension Int: SettingValue {
  /// A whole number.
  public init?(settingText text: String) { self.init(text) }
  /// The digits of the number.
  public var settingText: String { "\(self)" }
  /// A whole number.
  public init?(json: JSONValue) {
    guard let value = json.int else { return nil }
    self = value
  }
  /// A whole number.
  public var json: JSONValue { .integer(self) }
  /// "a whole number"
  public static var kind: String { "a whole number" }
}

extension UInt64: SettingValue {
  /// A whole number that is not negative.
  public init?(settingText text: String) { self.init(text) }
  /// The digits of the number.
  public var settingText: String { "\(self)" }
  /// A whole number that is not negative. It may be a text, which is how older versions wrote numbers beyond `Int`.
  public init?(json: JSONValue) {
    guard let value = json.unsigned ?? json.string.flatMap({ UInt64($0) }) else { return nil }
    self = value
  }
  /// A whole number.
  public var json: JSONValue { JSONValue(integer: self) }
  /// "a whole number of at least 0"
  public static var kind: String { "a whole number of at least 0" }
}

extension UInt32: SettingValue {
  /// A whole number that is not negative.
  public init?(settingText text: String) { self.init(text) }
  /// The digits of the number.
  public var settingText: String { "\(self)" }
  /// A whole number that is not negative.
  public init?(json: JSONValue) {
    guard let value = json.int, let exact = UInt32(exactly: value) else { return nil }
    self = exact
  }
  /// A whole number.
  public var json: JSONValue { .integer(Int(self)) }
  /// "a whole number of 0 to 4294967295"
  public static var kind: String { "a whole number of 0 to \(UInt32.max)" }
}

extension Double: SettingValue {
  /// A number that is not NaN.
  public init?(settingText text: String) {
    guard let value = Double(text), !value.isNaN else { return nil }
    self = value
  }
  /// The shortest text that denotes the number.
  public var settingText: String { self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
  /// A number.
  public init?(json: JSONValue) {
    guard let value = json.double else { return nil }
    self = value
  }
  /// A number.
  public var json: JSONValue { .number(self) }
  /// "a number"
  public static var kind: String { "a number" }
}

extension Bool: SettingValue {
  /// "true" or "false".
  public init?(settingText text: String) { self.init(text) }
  /// "true" or "false".
  public var settingText: String { "\(self)" }
  /// A truth value.
  public init?(json: JSONValue) {
    guard let value = json.bool else { return nil }
    self = value
  }
  /// A truth value.
  public var json: JSONValue { .bool(self) }
  /// "true or false"
  public static var kind: String { "true or false" }
}

extension String: SettingValue {
  /// The text itself.
  public init?(settingText text: String) { self = text }
  /// The text itself.
  public var settingText: String { self }
  /// A string.
  public init?(json: JSONValue) {
    guard let value = json.string else { return nil }
    self = value
  }
  /// A string.
  public var json: JSONValue { .string(self) }
  /// "a text"
  public static var kind: String { "a text" }
}

/// Choices among names: `enum Grid: String, CaseIterable, SettingValue { case cube, icosahedron }`.
extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The case with that name.
  public init?(settingText text: String) { self.init(rawValue: text) }
  /// The name of the case.
  public var settingText: String { rawValue }
  /// The case with that name.
  public init?(json: JSONValue) {
    guard let name = json.string else { return nil }
    self.init(rawValue: name)
  }
  /// The name of the case.
  public var json: JSONValue { .string(rawValue) }
  /// The names of the cases.
  public static var kind: String {
    let names = allCases.map(\.rawValue)
    return names.count > 1 ? names.dropLast().joined(separator: ", ") + " or " + names.last! : names.joined()
  }
}

/// A value or none.
extension Optional: SettingValue where Wrapped: SettingValue {
  /// A value, or nil for "none". For texts "none" is a value, since a file may have that name.
  public init?(settingText text: String) {
    if text == "none", Wrapped.self != String.self {
      self = .none
      return
    }
    guard let value = Wrapped(settingText: text) else { return nil }
    self = value
  }
  /// The value, or "none".
  public var settingText: String { self?.settingText ?? "none" }
  /// A value, or nil for null.
  public init?(json: JSONValue) {
    if json == .null {
      self = .none
      return
    }
    guard let value = Wrapped(json: json) else { return nil }
    self = value
  }
  /// The value, or null.
  public var json: JSONValue { self?.json ?? .null }
  /// The description of the values, or none.
  public static var kind: String { Wrapped.self == String.self ? Wrapped.kind : "\(Wrapped.kind), or none" }
}

/// Several values, such as "8,16", or "none" for an empty list.
extension Array: SettingValue where Element: SettingValue {
  /// Values between commas, or "none".
  public init?(settingText text: String) {
    let parts = text == "none" ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { Element(settingText: String($0)) }
    guard !parts.contains(where: { $0 == nil }) else { return nil }
    self = parts.compactMap(\.self)
  }
  /// The values with commas between them, or "none".
  public var settingText: String { isEmpty ? "none" : map(\.settingText).joined(separator: ",") }
  /// An array.
  public init?(json: JSONValue) {
    guard let parts = json.array?.map({ Element(json: $0) }), !parts.contains(where: { $0 == nil }) else { return nil }
    self = parts.compactMap(\.self)
  }
  /// An array.
  public var json: JSONValue { .array(map(\.json)) }
  /// A list of the elements' kind.
  public static var kind: String { "a list, each \(Element.kind)" }
}
