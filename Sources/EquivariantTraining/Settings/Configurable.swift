import FileFormats

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
  /// Chooses what depends on other settings, where it is not among the options that were given, named without dashes. Throws where an option
  /// that was given contradicts another one.
  mutating func complete(given names: Set<String>) throws(SettingError)
}

extension Configurable {
  /// Nothing.
  public var objection: String? { nil }
  /// Changes nothing.
  public mutating func complete(given names: Set<String>) throws(SettingError) {}

  /// Why there is nothing with these values: the first setting out of its range, or ``objection``.
  public var refusal: String? { Self.settings.lazy.compactMap { $0.objection(to: self) }.first ?? objection }

  /// Every setting as a member of JSON.
  public var json: JSONObject {
    var object = JSONObject()
    for setting in Self.settings { object[setting.name] = setting.json(self) }
    return object
  }

  /// Takes the members of JSON, as many as there are settings. `name` is what messages call a key.
  ///
  /// Throws, naming the key, for a setting without a member, one with a value that it cannot have, and a member that is no setting. Values out
  /// of their ranges are taken: see ``refusal``.
  public mutating func read(_ object: JSONObject, name: (String) -> String = { $0 }) throws(SettingError) {
    for setting in Self.settings {
      guard let value = object[setting.name] else { throw SettingError("the key \"\(name(setting.name))\" is missing") }
      try setting.read(value, named: name(setting.name), into: &self)
    }
    for key in object.keys where !Self.settings.contains(where: { $0.name == key }) {
      throw SettingError("there is no setting \"\(name(key))\"")
    }
  }

  /// The words of a command line that take other settings to these, also where ``complete(given:)`` chooses some of them.
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

  /// The help of all settings: option, what it does, values and default.
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

  /// What is wrong with the declaration; empty where nothing is: a name that is empty, begins with "no-" or is taken twice, a key path that
  /// is named twice, help that is missing, a default that is refused or is not read back from its text or its JSON.
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
