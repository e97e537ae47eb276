import FileFormats

/// One setting of a `Root`: its name, default, range and help in one place. Its command-line option, its member in JSON, its check and its
/// line of help come from there.
public struct Setting<Root: Configurable>: Sendable {
  /// The name of the option without its dashes, and the key in JSON.
  public let name: String
  /// A description of the setting, in a sentence.
  public let help: String
  /// The possible values, in words.
  public let values: String
  /// Whether the option is a flag, which has no value and means true.
  public let isFlag: Bool
  let key: any PartialKeyPath<Root> & Sendable
  private let take: @Sendable (String, inout Root) -> Bool
  /// Of a list, what empties it, and the texts of its elements, each the value of an option of its own.
  private let list: (clear: @Sendable (inout Root) -> Void, elements: @Sendable (Root) -> [String])?
  private let check: @Sendable (Root) -> String?
  let text: @Sendable (Root) -> String
  let json: @Sendable (Root) -> JSONValue
  private let read: @Sendable (JSONValue, inout Root) -> Bool

  private init<Value: SettingValue>(
    _ name: String, _ key: any WritableKeyPath<Root, Value> & Sendable, values: String, help: String, isFlag: Bool,
    check: @escaping @Sendable (Value) -> String?
  ) {
    (self.name, self.help, self.values, self.isFlag, self.key, list) = (name, help, values, isFlag, key, nil)
    take = { text, root in
      guard let value = Value(settingText: text) else { return false }
      root[keyPath: key] = value
      return true
    }
    self.check = { check($0[keyPath: key]) }
    text = { $0[keyPath: key].settingText }
    json = { $0[keyPath: key].json }
    read = { json, root in
      guard let value = Value(json: json) else { return false }
      root[keyPath: key] = value
      return true
    }
  }

  /// A setting that can have every value of its type.
  public init<Value: SettingValue>(_ name: String, _ key: any WritableKeyPath<Root, Value> & Sendable, _ help: String) {
    self.init(name, key, values: Value.kind, help: help, isFlag: Value.self == Bool.self) { _ in nil }
  }

  /// A list in which each element is the value of an option of its own. The options of a command line replace the default.
  public init<Element: SettingValue>(_ name: String, each key: any WritableKeyPath<Root, [Element]> & Sendable, _ help: String) {
    (self.name, self.help, values, isFlag, self.key) = (name, help, "\(Element.kind) each", false, key)
    take = { text, root in
      guard let element = Element(settingText: text) else { return false }
      root[keyPath: key].append(element)
      return true
    }
    list = ({ $0[keyPath: key] = [] }, { $0[keyPath: key].map(\.settingText) })
    check = { _ in nil }
    text = { $0[keyPath: key].isEmpty ? "none" : $0[keyPath: key].map(\.settingText).joined(separator: " ") }
    json = { $0[keyPath: key].json }
    read = { json, root in
      guard let value = [Element](json: json) else { return false }
      root[keyPath: key] = value
      return true
    }
  }

  /// A whole number in a range.
  public init(_ name: String, _ key: any WritableKeyPath<Root, Int> & Sendable, in range: ClosedRange<Int>, _ help: String) {
    self.init(name, key, values: "\(range.lowerBound) to \(range.upperBound)", help: help, isFlag: false) {
      Self.objection(name, $0, range)
    }
  }

  /// A whole number in a range, or nil.
  public init(_ name: String, _ key: any WritableKeyPath<Root, Int?> & Sendable, in range: ClosedRange<Int>, _ help: String) {
    self.init(name, key, values: "\(range.lowerBound) to \(range.upperBound), or none", help: help, isFlag: false) {
      $0.flatMap { Self.objection(name, $0, range) }
    }
  }

  /// A finite number that fulfils a condition, which is also given in words, such as "a positive number".
  public init(
    _ name: String, _ key: any WritableKeyPath<Root, Double> & Sendable, _ values: String,
    where holds: @escaping @Sendable (Double) -> Bool,
    _ help: String
  ) {
    self.init(name, key, values: values, help: help, isFlag: false) { value in
      holds(value) && value.isFinite ? nil : "--\(name) must be \(values), not \(value.settingText)"
    }
  }

  /// A value that fulfils a condition, which is also given in words, such as "an even number".
  public init<Value: SettingValue>(
    _ name: String, _ key: any WritableKeyPath<Root, Value> & Sendable, _ values: String, where holds: @escaping @Sendable (Value) -> Bool,
    _ help: String
  ) {
    self.init(name, key, values: values, help: help, isFlag: false) { value in
      holds(value) ? nil : "--\(name) must be \(values), not \(value.settingText)"
    }
  }

  private static func objection(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
    range.contains(value) ? nil : "--\(name) must be at least \(range.lowerBound) and at most \(range.upperBound), not \(value)"
  }

  /// The option that sets the value, as words of a command line.
  func words(_ root: Root) -> [String] {
    if isFlag { return ["--\(text(root) == "true" ? "" : "no-")\(name)"] }
    return (list?.elements(root) ?? [text(root)]).flatMap { value in
      // A value with a dash in front would be taken for an option.
      value.hasPrefix("-") ? ["--\(name)=\(value)"] : ["--\(name)", value]
    }
  }

  /// Whether each of several options adds to the value, or else the last one counts.
  var isList: Bool { list != nil }

  /// Takes the elements of a list away.
  func clear(_ root: inout Root) { list?.clear(&root) }

  /// Takes the value of an option.
  func take(_ text: String, into root: inout Root) throws(SettingError) {
    guard take(text, &root) else { throw SettingError("--\(name) is \(values), not \"\(text)\"") }
  }

  /// Why the value cannot be, or nil.
  func objection(to root: Root) -> String? { check(root) }

  /// Takes the value of a member of JSON, which messages call `name`.
  func read(_ value: JSONValue, named name: String, into root: inout Root) throws(SettingError) {
    let expected = json(root).kind
    if read(value, &root) { return }
    if let expected, value.kind != expected { throw SettingError("the value of the key \"\(name)\" is no \(expected)") }
    throw SettingError("the value of the key \"\(name)\" is none that it can have (\(values))")
  }
}

extension JSONValue {
  /// What kind of value it is, in words; nil for null.
  fileprivate var kind: String? {
    switch self {
    case .null: nil
    case .bool: "truth value"
    case .integer, .unsigned, .number: "number"
    case .string: "text"
    case .array: "list"
    case .object: "object"
    }
  }
}

/// The reason why settings are refused, in terms of their options.
public struct SettingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what would be right.
  public let description: String

  /// An error with the given text.
  public init(_ description: String) { self.description = description }
}
