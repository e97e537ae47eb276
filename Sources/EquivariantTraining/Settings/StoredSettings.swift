import FileFormats

/// Settings as a checkpoint stores them: a JSON object with a version and sections of settings. Older versions are upgraded to the newest
/// one step by step.
///
/// Messages name the keys as the file does, even if an older version had them elsewhere.
public struct StoredSettings: Sendable {
  /// What was read, upgraded to the newest version.
  public let object: JSONObject
  /// What the file calls a key of the newest version.
  private let names: [String: String]

  /// Reads JSON whose member `version` counts from 1; if it is missing, the version is 1.
  ///
  /// - Parameters:
  ///   - text: the JSON.
  ///   - newest: the version that `object` is upgraded to.
  ///   - upgrade: the step from a version to the next one, which may depend on the object of that version.
  ///
  /// Throws if the text is not a JSON object or its version is unknown.
  public init(_ text: String, newest: Int, upgrade: (_ version: Int, _ object: JSONObject) -> SettingsUpgrade) throws(SettingError) {
    guard var object = (try? JSONValue(parsing: text))?.object else { throw SettingError("it is no JSON object") }
    var version = 1
    if let stored = object["version"] {
      guard let number = stored.int, number >= 1 else {
        throw SettingError("the value of the key \"version\" is none that it can have (a whole number of at least 1)")
      }
      version = number
    }
    guard version <= newest else {
      throw SettingError("its version is \(version), and this program knows versions up to \(newest)")
    }
    var names: [String: String] = [:]
    while version < newest {
      let step = upgrade(version, object)
      object = step(object)
      names = Dictionary(step.moves.filter { !$0.from.isEmpty }.map { ($0.to, names[$0.from] ?? $0.from) }) { first, _ in first }
      version += 1
    }
    (self.object, self.names) = (object, names)
  }

  /// The name of a key in the file.
  public func name(_ key: String) -> String { names[key] ?? key }

  /// The value of a key outside of the sections. Throws, naming the key, if it is missing or has another kind of value.
  public func value<Value: SettingValue>(_ key: String, as type: Value.Type = Value.self) throws(SettingError) -> Value {
    guard let json = object[key] else { throw SettingError("the key \"\(name(key))\" is missing") }
    guard let value = Value(json: json) else {
      throw SettingError("the value of the key \"\(name(key))\" is none that it can have (\(Value.kind))")
    }
    return value
  }

  /// Reads the settings of a section. Throws, naming the key, if one is missing, is unknown, or has an impossible value.
  public func read<Root: Configurable>(_ section: String, into root: inout Root) throws(SettingError) {
    try root.read(object[section]?.object ?? JSONObject()) { name("\(section).\($0)") }
  }
}

/// A step from one version of stored settings to the next: where each key moves, and what its absence meant. A key that is not moved is
/// dropped.
public struct SettingsUpgrade: Sendable {
  /// Where a key moves, or the value of a new key. Keys of objects inside objects are joined by dots.
  public struct Move: Sendable {
    let from: String
    let to: String
    let absent: JSONValue?

    /// A key of the newer version that has the same value for all files of the older one.
    ///
    /// - Parameters:
    ///   - value: the value that the older version behaved as if it had.
    ///   - key: the key in the newer version.
    public static func constant(_ value: JSONValue, _ key: String) -> Move { Move("", key, absent: value) }

    /// - Parameters:
    ///   - from: the key in the older version.
    ///   - to: the key in the newer version.
    ///   - absent: the value that its absence, or null, meant; nil if the key is required.
    public init(_ from: String, _ to: String, absent: JSONValue? = nil) { (self.from, self.to, self.absent) = (from, to, absent) }
  }

  /// The moves, one for each key of the newer version.
  public let moves: [Move]

  /// A step with the given moves.
  public init(_ moves: [Move]) { self.moves = moves }

  /// The object of the newer version.
  public func callAsFunction(_ object: JSONObject) -> JSONObject {
    var result = JSONObject()
    for move in moves {
      var found = Self.find(move.from.split(separator: ".").map(String.init)[...], in: object)
      if found == nil || found == .null { found = move.absent ?? found }
      if let found { Self.set(found, at: move.to.split(separator: ".").map(String.init)[...], in: &result) }
    }
    return result
  }

  private static func find(_ path: ArraySlice<String>, in object: JSONObject) -> JSONValue? {
    guard let key = path.first, let value = object[key] else { return nil }
    if path.count == 1 { return value }
    return value.object.flatMap { find(path.dropFirst(), in: $0) }
  }

  private static func set(_ value: JSONValue, at path: ArraySlice<String>, in object: inout JSONObject) {
    guard let key = path.first else { return }
    if path.count == 1 {
      object[key] = value
    } else {
      var inner = object[key]?.object ?? JSONObject()
      set(value, at: path.dropFirst(), in: &inner)
      object[key] = .object(inner)
    }
  }
}
