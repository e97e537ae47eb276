import FileFormats
import Foundation

/// Everything that decides a run of a training program. It is saved in each file of the run under the key `configuration`, so that the file
/// alone is enough to resume the run or to use the model.
///
/// ```swift
/// struct Settings: StoredConfiguration {
///   var hidden = 32
///   var rate = 1e-3
/// }
/// ```
///
/// ## Topics
///
/// ### Reading from a file
///
/// - ``init(from:)``
public protocol StoredConfiguration: Codable {
  /// What a file without a configuration is not from, such as "a run on molecules"; used in messages.
  static var subject: String { get }
  /// What a user can do about such a file; used in messages.
  static var cure: String { get }
  /// Why a run with these settings is impossible, in terms of its options; nil if it is possible.
  var objection: String? { get }
}

extension StoredConfiguration {
  /// "a run".
  public static var subject: String { "a run" }
  /// "give a file that this program wrote".
  public static var cure: String { "give a file that this program wrote" }
  /// Nil.
  public var objection: String? { nil }

  /// The configuration as it is saved: JSON on one line, with sorted keys. Stops the program if the type's own implementation of encoding
  /// fails.
  public var json: String {
    do {
      return try JSONValue(encoding: self).description
    } catch {
      fatalError("a configuration that can be encoded is expected, received \(self): \(error)")
    }
  }

  /// Reads the configuration that a file carries.
  /// - Throws: a `FileFormatError` that names the key which is missing or has an impossible value, or states the ``objection``.
  public init(from file: SafetensorsFile) throws {
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause, cure: Self.cure)
    }
    guard let text = file.metadata["configuration"] else { throw refusal("there is no configuration of \(Self.subject) in this file") }
    let decoded: Self
    do {
      decoded = try Self.decoder.decode(Self.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw refusal("the configuration is not that of \(Self.subject): \(error.cause ?? Self.unreadable(text))")
    }
    if let objection = decoded.objection { throw refusal("the configuration is not that of a run: \(objection)") }
    self = decoded
  }
}

extension StoredConfiguration {
  /// Reads what ``json`` writes.
  fileprivate static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// Which key has a number that its type cannot hold, which Foundation calls invalid JSON without a place: the one in whose place 1 is read.
  fileprivate static func unreadable(_ text: String) -> String {
    guard let root = try? JSONValue(parsing: text) else { return "it is no JSON" }
    func isRead(_ value: JSONValue) -> Bool {
      do {
        _ = try decoder.decode(Self.self, from: Data(value.serialized()))
        return true
      } catch {
        return (error as? DecodingError)?.cause != nil
      }
    }
    func find(_ value: JSONValue, _ path: [String], _ rebuilt: (JSONValue) -> JSONValue) -> String? {
      switch value {
      case .object(let object):
        for member in object.members {
          let found = find(member.value, path + [member.key]) { replacement in
            var changed = object
            changed[member.key] = replacement
            return rebuilt(.object(changed))
          }
          if let found { return found }
        }
        return nil
      case .number, .integer, .unsigned: return isRead(rebuilt(.integer(1))) ? path.joined(separator: ".") : nil
      default: return nil
      }
    }
    let key = find(root, []) { $0 }
    return key.map { "the value of the key \"\($0)\" is none that it can have" } ?? "some of its numbers are none that they can be"
  }
}

extension DecodingError {
  /// Which key is missing or has a value that it cannot have; nil where the decoder does not tell the key.
  fileprivate var cause: String? {
    func name(_ path: [any CodingKey]) -> String {
      "\"" + path.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }.joined(separator: ".") + "\""
    }
    switch self {
    case .keyNotFound(let key, let context): return "the key \(name(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): return "the key \(name(context.codingPath)) has no value"
    case .typeMismatch(let type, let context): return "the value of the key \(name(context.codingPath)) is no \(Self.words(type))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "the value of the key \(name(context.codingPath)) is none that it can have (\(context.debugDescription))"
    default: return nil
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
