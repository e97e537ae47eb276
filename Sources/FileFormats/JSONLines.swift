/// Reads a file of JSON lines, with one JSON value per line, as ``JSONLinesWriter`` writes it.
///
/// A file of 0 bytes has no lines, and blank lines are left out. A last line without a line feed is accepted where it is valid JSON.
/// - Parameters:
///   - path: the file.
///   - toleratingTornLastLine: whether a last line without line feed that is not valid JSON, as a killed writer leaves it, is dropped
///     instead of being an error.
/// - Throws: ``FileFormatError`` for a file that is missing or unreadable, and one with line and byte for a line that is not JSON.
public func readJSONLines(_ path: String, toleratingTornLastLine: Bool = false) throws(FileFormatError) -> [JSONValue] {
  try parseJSONLines(FileBytes(contentsOf: path), toleratingTornLastLine: toleratingTornLastLine)
}

/// Parses the bytes of a file of JSON lines, as ``readJSONLines(_:toleratingTornLastLine:)`` does; errors call the file `path`.
/// - Throws: the errors of ``readJSONLines(_:toleratingTornLastLine:)``.
public func parseJSONLines(
  _ bytes: [UInt8], path: String, toleratingTornLastLine: Bool = false
) throws(FileFormatError) -> [JSONValue] {
  try parseJSONLines(FileBytes(bytes[...], path: path), toleratingTornLastLine: toleratingTornLastLine)
}

func parseJSONLines(_ file: FileBytes, toleratingTornLastLine: Bool) throws(FileFormatError) -> [JSONValue] {
  var values: [JSONValue] = []
  var (rest, number) = (file.storage, 0)
  while !rest.isEmpty {
    number += 1
    let end = rest.firstIndex(of: UInt8(ascii: "\n"))
    let line = FileBytes(rest[..<(end ?? rest.endIndex)], path: file.path)
    do {
      let isBlank = line.storage.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }
      if !isBlank { values.append(try JSONValue(line, line: number)) }
    } catch {
      if end == nil && toleratingTornLastLine { break }
      throw error
    }
    rest = end.map { rest[($0 + 1)...] } ?? []
  }
  return values
}
