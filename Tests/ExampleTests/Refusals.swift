import ArgumentParser
import Equivariant
import Foundation
import Testing

/// What was expected to be refused, and was not.
struct NotRefused: Error, CustomStringConvertible { let description: String }

/// What a command says of words that it refuses in process, before it does anything; throws ``NotRefused`` where it takes them.
func refusal<Command: ParsableArguments>(of words: [String], by command: Command.Type) throws -> String {
  do { _ = try command.parse(words) } catch { return command.message(for: error) }
  throw NotRefused(description: "\(command) takes \(words)")
}

/// What reading a configuration says after a part of its JSON has been replaced; throws ``NotRefused`` where it is read nevertheless.
func refusal<Configuration: ModelConfiguration>(
  of json: String, replacing part: String, by replacement: String, as configuration: Configuration.Type
) throws -> String {
  guard json.contains(part) else { throw NotRefused(description: "\(part) is no part of \(json)") }
  do { _ = try configuration.init(json: json.replacingOccurrences(of: part, with: replacement)) } catch { return error.description }
  throw NotRefused(description: "\(configuration) with \(replacement) instead of \(part) is read")
}
