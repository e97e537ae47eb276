import FileFormats
import Foundation
import NeuralModules

extension ModelConfiguration {
  /// The configuration as it is saved: `version`, `model`, and what ``visit(_:)`` names.
  public var object: JSONObject {
    var (copy, writer) = (self, SettingsWriter(object: ["version": .integer(Self.version), "model": .string(modelName)]))
    try? copy.visit(&writer)
    return writer.object
  }

  /// The text of ``object`` on one line, which a file of a run carries under the key `configuration`.
  public var json: String { JSONValue.object(object).description }

  /// Reads what ``json`` or an older version wrote. Values may be out of their ranges; see ``refusal``.
  ///
  /// Throws, naming the key as in the text, if one is missing or has an impossible value.
  public init(json text: String) throws(SettingError) {
    let stored = try StoredSettings(text, newest: Self.version, upgrade: Self.upgrade)
    let name: String = try stored.value("model")
    guard Self.models.contains(name) else {
      throw SettingError("the value of the key \"\(stored.name("model"))\" is none that it can have (\(Self.models.names))")
    }
    try self.init(modelNamed: name)
    var reader = SettingsReader(stored: stored)
    try visit(&reader)
  }

  /// Reads the configuration that a file of a run carries.
  ///
  /// Throws if there is none, or, naming the key, if it is impossible.
  public init(from file: SafetensorsFile) throws(FileFormatError) {
    let text = file.metadata["configuration"]
    try self.init(stored: text, path: file.path, place: .init(entry: "__metadata__"))
  }

  /// Reads a configuration from a text in a file, which is nil if the file has none.
  ///
  /// - Parameters:
  ///   - text: a text that ``json`` or an older version has written.
  ///   - path: the path of the file.
  ///   - place: the place of the text in the file.
  public init(stored text: String?, path: String, place: FileFormatError.Place = .wholeFile) throws(FileFormatError) {
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: place, cause: cause, cure: Self.cure)
    }
    guard let text else { throw refusal("there is no configuration of \(Self.subject) in this file") }
    let read: Self
    do {
      read = try Self(json: text)
    } catch {
      throw refusal("the configuration is not that of \(Self.subject): \(error)")
    }
    if let objection = read.refusal { throw refusal("the configuration is not that of a run: \(objection)") }
    self = read
  }

  /// Loads the model of a file, with the configuration that the file carries.
  public static func load(_ path: String) throws -> (model: Model, configuration: Self, file: SafetensorsFile) {
    let file = try SafetensorsFile(contentsOf: path)
    let configuration = try Self(from: file)
    var model = configuration.makeModel()
    try model.load(from: file)
    return (model, configuration, file)
  }
}

private struct SettingsWriter: SettingsVisitor {
  var object: JSONObject
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) { object[key] = .object(settings.json) }
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) { object[key] = value.json }
}

private struct SettingsReader: SettingsVisitor {
  let stored: StoredSettings
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) throws(SettingError) {
    try stored.read(key, into: &settings)
  }
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) throws(SettingError) { value = try stored.value(key) }
}
