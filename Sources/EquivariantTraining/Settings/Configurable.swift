import FileFormats

/// Something that can be configured, such as a model, its training or its data. Options, help, checks and JSON all come from one
/// declaration, ``settings``.
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
  /// The default values.
  init()
  /// The settings, in the order of the help.
  static var settings: [Setting<Self>] { get }
  /// Why this combination of values is impossible although each value is possible, in terms of the options; nil if it is possible.
  var objection: String? { get }
  /// Chooses the values that depend on other settings, except for the options that were given, which are named without dashes. Throws if an
  /// option that was given contradicts another one.
  mutating func complete(given names: Set<String>) throws(SettingError)
}

extension Configurable {
  /// Nil.
  public var objection: String? { nil }
  /// Changes nothing.
  public mutating func complete(given names: Set<String>) throws(SettingError) {}

  /// Why these values are impossible: the first setting out of its range, or else ``objection``; nil if they are possible.
  public var refusal: String? { Self.settings.lazy.compactMap { $0.objection(to: self) }.first ?? objection }

  /// The settings as members of a JSON object.
  public var json: JSONObject {
    var object = JSONObject()
    for setting in Self.settings { object[setting.name] = setting.json(self) }
    return object
  }

  /// Reads the settings from a JSON object with one member for each. `name` turns a key into its name in messages.
  ///
  /// Throws, naming the key, if a member is missing, has an impossible value, or is not a setting. Values out of their ranges are accepted;
  /// see ``refusal``.
  public mutating func read(_ object: JSONObject, name: (String) -> String = { $0 }) throws(SettingError) {
    for setting in Self.settings {
      guard let value = object[setting.name] else { throw SettingError("the key \"\(name(setting.name))\" is missing") }
      try setting.read(value, named: name(setting.name), into: &self)
    }
    for key in object.keys where !Self.settings.contains(where: { $0.name == key }) {
      throw SettingError("there is no setting \"\(name(key))\"")
    }
  }

  /// The words of a command line that turn other settings into these, even if ``complete(given:)`` chooses some of them.
  public func options(beside other: Self) -> [String] {
    var given = Set(Self.settings.filter { $0.json(self) != $0.json(other) }.map(\.name))
    while true {
      let words = Self.settings.filter { given.contains($0.name) }.flatMap { $0.words(self) }
      var (rebuilt, list) = (other, OptionList(words))
      guard (try? list.apply(to: &rebuilt)) != nil, (try? rebuilt.complete(given: given)) != nil else { return words }
      let more = Self.settings.filter { $0.json(self) != $0.json(rebuilt) && !given.contains($0.name) }
      if more.isEmpty { return words }
      given.formUnion(more.map(\.name))
    }
  }

  /// The help text of all settings: option, description, values and default.
  public static var help: String {
    let defaults = Self()
    return settings.map { setting in
      let option = "--\(setting.name)" + (setting.isFlag ? "" : " <\(setting.name)>")
      let values =
        setting.isFlag
        ? setting.text(defaults) == "true" ? " (default; --no-\(setting.name) for the contrary)" : ""
        : " (\(setting.values); default: \(setting.text(defaults)))"
      return "  \(option)\n      \(setting.help)\(values)"
    }.joined(separator: "\n")
  }

  /// The faults of the declaration: a name that is empty, begins with "no-" or occurs twice, a key path that occurs twice, missing help,
  /// and a default that is refused or is not read back from its text or its JSON.
  public static var declarationFaults: [String] {
    var faults: [String] = []
    var (names, keys): (Set<String>, Set<AnyKeyPath>) = ([], [])
    let defaults = Self()
    for setting in settings {
      let name = setting.name
      if name.isEmpty || name.hasPrefix("-") || name.hasPrefix("no-") || name.contains("=") {
        faults.append("\"\(name)\" is no name of an option")
      }
      if !names.insert(name).inserted { faults.append("--\(name) is declared twice") }
      if !keys.insert(setting.key).inserted { faults.append("--\(name) sets what another option sets") }
      if setting.help.isEmpty { faults.append("--\(name) has no help") }
      var (copy, stored) = (defaults, defaults)
      // No text is none of a text.
      let isNone = setting.json(defaults) == .null
      if !setting.isList, (try? setting.take(setting.text(defaults), into: &copy)) == nil || (copy != defaults && !isNone) {
        faults.append("the default of --\(name) is not read back from \"\(setting.text(defaults))\"")
      }
      if (try? setting.read(setting.json(defaults), named: name, into: &stored)) == nil || stored != defaults {
        faults.append("the default of --\(name) is not read back from JSON")
      }
    }
    if let refusal = defaults.refusal { faults.append("the defaults are refused: \(refusal)") }
    return faults
  }

  /// The values of all settings as texts, by the names of their options.
  public var texts: [(name: String, text: String)] { Self.settings.map { ($0.name, $0.text(self)) } }

  /// The names of all settings.
  public static var names: [String] { settings.map(\.name) }
}
