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
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause, cure: Self.cure)
    }
    guard let text = file.metadata["configuration"] else { throw refusal("there is no configuration of \(Self.subject) in this file") }
    let decoded: Self
    do {
      decoded = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw refusal("the configuration is not that of \(Self.subject): \(error.cause)")
    }
    if let objection = decoded.objection { throw refusal("the configuration is not that of a run: \(objection)") }
    self = decoded
  }
}

extension DecodingError {
  /// Which key is missing or has a value that it cannot have.
  fileprivate var cause: String {
    func name(_ path: [any CodingKey]) -> String {
      "\"" + path.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }.joined(separator: ".") + "\""
    }
    switch self {
    case .keyNotFound(let key, let context): return "the key \(name(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): return "the key \(name(context.codingPath)) has no value"
    case .typeMismatch(let type, let context): return "the value of the key \(name(context.codingPath)) is no \(Self.words(type))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "the value of the key \(name(context.codingPath)) is none that it can have (\(context.debugDescription))"
    default: return "it is no JSON"
    }
  }

  private static func words(_ type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type, is any BinaryFloatingPoint.Type: "number"
    case is String.Type: "text"
    case is Bool.Type: "truth value"
    case is any Collection.Type: "list"
    default: "object of its kind"
    }
  }
}
