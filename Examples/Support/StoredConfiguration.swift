import Equivariant
import Foundation

/// Everything that decides a run of a training program: saved in each of its files under the key `configuration`, so that a run can be
/// resumed and a model used from the file alone.
package protocol StoredConfiguration: Codable {
  /// What is missing from a file without a configuration, such as "a run on molecules".
  static var subject: String { get }
  /// What to do about it.
  static var cure: String { get }
  /// Why there is no run with such settings, in the words of its options, or nil.
  var objection: String? { get }
}

extension StoredConfiguration {
  package var objection: String? { nil }

  /// As it is saved; keys are sorted.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self)
  }

  /// The configuration that a file carries.
  package init(from file: SafetensorsFile) throws {
    guard let text = file.metadata["configuration"], let decoded = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"),
        cause: "there is no configuration of \(Self.subject) in this file", cure: Self.cure)
    }
    if let objection = decoded.objection {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: "the configuration is not that of a run: \(objection)",
        cure: Self.cure)
    }
    self = decoded
  }
}
