import FileFormats

/// One thing that can be set of a `Root`: its name, default, range and help in one place, from which its option of a command line, its member in
/// JSON, its check and its line of help come.
public struct Setting<Root: Configurable>: Sendable {
  /// The name of the option, without dashes before it; in JSON as it is.
  public let name: String
  /// What it does, in a sentence.
  public let help: String
  /// What values there are, in words.
  public let values: String
  /// Whether the option has no value: given, it is true.
  public let isFlag: Bool
  private let take: @Sendable (String, inout Root) -> Bool
  private let check: @Sendable (Root) -> String?
  let text: @Sendable (Root) -> String
  let json: @Sendable (Root) -> JSONValue
  private let read: @Sendable (JSONValue, inout Root) -> Bool

  private init<Value: SettingValue>(
    _ name: String, _ key: any WritableKeyPath<Root, Value> & Sendable, values: String, help: String, isFlag: Bool,
    check: @escaping @Sendable (Value) -> String?
  ) {
    (self.name, self.help, self.values, self.isFlag) = (name, help, values, isFlag)
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

  /// Anything that its type can be.
  public init<Value: SettingValue>(_ name: String, _ key: any WritableKeyPath<Root, Value> & Sendable, _ help: String) {
    self.init(name, key, values: Value.kind, help: help, isFlag: Value.self == Bool.self) { _ in nil }
  }

  /// A whole number of a range.
  public init(_ name: String, _ key: any WritableKeyPath<Root, Int> & Sendable, in range: ClosedRange<Int>, _ help: String) {
    self.init(name, key, values: "\(range.lowerBound) to \(range.upperBound)", help: help, isFlag: false) {
      Self.objection(name, $0, range)
    }
  }

  /// A whole number of a range, or none.
  public init(_ name: String, _ key: any WritableKeyPath<Root, Int?> & Sendable, in range: ClosedRange<Int>, _ help: String) {
    self.init(name, key, values: "\(range.lowerBound) to \(range.upperBound), or none", help: help, isFlag: false) {
      $0.flatMap { Self.objection(name, $0, range) }
    }
  }

  /// A number for which a condition holds, given in words, such as "a positive number".
  public init(
    _ name: String, _ key: any WritableKeyPath<Root, Double> & Sendable, _ values: String,
    where holds: @escaping @Sendable (Double) -> Bool,
    _ help: String
  ) {
    self.init(name, key, values: values, help: help, isFlag: false) { value in
      holds(value) && value.isFinite ? nil : "--\(name) must be \(values), not \(value)"
    }
  }

  private static func objection(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
    range.contains(value) ? nil : "--\(name) must be at least \(range.lowerBound) and at most \(range.upperBound), not \(value)"
  }

  /// Takes the value of an option.
  func take(_ text: String, into root: inout Root) throws(SettingError) {
    guard take(text, &root) else { throw SettingError("--\(name) is \(values), not \"\(text)\"") }
  }

  /// Why the value cannot be, or nil.
  func objection(to root: Root) -> String? { check(root) }

  /// Takes the value of a member of JSON.
  func read(_ value: JSONValue, into root: inout Root) -> Bool { read(value, &root) }
}

/// Why settings are refused, in the words of their options.
public struct SettingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what would be right.
  public let description: String

  /// An error with its text.
  public init(_ description: String) { self.description = description }
}

/// Something that is configured: a model, its training, its data. ``settings`` is the one declaration that options, help, checks and JSON
/// come from.
///
/// ```swift
/// struct MySettings: Configurable {
///   var hidden = 64
///   var rate = 1e-3
///   static let settings: [Setting<MySettings>] = [
///     .init("hidden", \.hidden, in: 1...16_384, "Width of the hidden features."),
///     .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate of Adam."),
///   ]
/// }
/// ```
public protocol Configurable: Sendable, Equatable {
  /// The defaults.
  init()
  /// What can be set, in the order of the help.
  static var settings: [Setting<Self>] { get }
  /// Why there is nothing with these values together, though each of them can be, in the words of the options; nil where there is.
  var objection: String? { get }
}

extension Configurable {
  /// Nothing.
  public var objection: String? { nil }

  /// Why there is nothing with these values: the first setting out of its range, or ``objection``.
  public var refusal: String? { Self.settings.lazy.compactMap { $0.objection(to: self) }.first ?? objection }

  /// Every setting as a member of JSON.
  public var json: JSONObject {
    var object = JSONObject()
    for setting in Self.settings { object[setting.name] = setting.json(self) }
    return object
  }

  /// Takes the members of JSON; settings without a member stay as they are. Returns what is wrong, naming the key: a member that is no setting,
  /// or one with a value that it cannot have; nil where nothing is.
  public mutating func read(_ object: JSONObject) -> String? {
    for member in object.members {
      guard let setting = Self.settings.first(where: { $0.name == member.key }) else {
        return "there is no setting \"\(member.key)\""
      }
      guard setting.read(member.value, into: &self) else {
        return "the value of the key \"\(member.key)\" is \(member.value), not \(setting.values)"
      }
    }
    return nil
  }

  /// The options that take other settings to these.
  public func options(beside other: Self) -> [String] {
    Self.settings.flatMap { setting -> [String] in
      let value = setting.text(self)
      if value == setting.text(other) { return [] }
      if setting.isFlag { return ["--\(value == "true" ? "" : "no-")\(setting.name)"] }
      return ["--\(setting.name)", value]
    }
  }

  /// The help of all settings: option, what it does, values and default.
  public static var help: String {
    let defaults = Self()
    return settings.map { setting in
      let option = "--\(setting.name)" + (setting.isFlag ? "" : " <\(setting.name)>")
      let values = setting.isFlag ? "" : " (\(setting.values); default: \(setting.text(defaults)))"
      return "  \(option)\n      \(setting.help)\(values)"
    }.joined(separator: "\n")
  }
}
