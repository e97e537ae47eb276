/// A line of JSON and `.npy` arrays one after the other: hyperparameters and leaves of a model as Equinox for JAX saves them
/// (`json.dumps` and `equinox.tree_serialise_leaves` into one file).
///
/// The leaves have no names: whoever knows the model knows their order.
public struct EquinoxFile: Sendable {
  /// The file, as errors call it.
  public let path: String
  /// The JSON of the first line.
  public let header: JSONValue
  private let leaves: FileBytes

  /// Reads a file.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable, empty, or does not begin with a line of JSON.
  public init(contentsOf path: String) throws(FileFormatError) { try self.init(FileBytes(contentsOf: path)) }

  /// Reads the bytes of a file, which errors call `path`.
  public init(bytes: [UInt8], path: String) throws(FileFormatError) { try self.init(FileBytes(bytes[...], path: path)) }

  private init(_ file: FileBytes) throws(FileFormatError) {
    path = file.path
    try file.requireNonEmpty("a file of a line of JSON and of arrays")
    guard let end = file.storage.firstIndex(of: UInt8(ascii: "\n")) else {
      throw file.failure(.malformed, at: 0, "there is no line of JSON in front of the arrays")
    }
    header = try JSONValue(FileBytes(file.storage[..<end], path: file.path), line: 1)
    leaves = FileBytes(file.storage[(end + 1)...], path: file.path)
  }

  /// The first arrays, `count` of them, which errors call by their numbers from 0. What is behind them is not looked at.
  /// - Throws: ``FileFormatError`` with the number of the array for one that is missing, cut off or malformed.
  public func arrays(_ count: Int) throws(FileFormatError) -> [NumericArray] {
    var (result, offset): ([NumericArray], Int) = ([], 0)
    for number in 0..<count {
      let rest = FileBytes(leaves.storage.dropFirst(offset), path: path, entry: "array \(number)")
      guard rest.count > 0 else {
        throw FileFormatError(
          .truncated, path: path, place: .init(entry: "array \(number)"), cause: "the file ends behind \(number) arrays of \(count)",
          cure: "fetch it again")
      }
      let (header, start) = try NPYHeader.parse(rest)
      let array = try NumericArray(npy: rest)
      result.append(array)
      offset += start + array.count * header.type.size
    }
    return result
  }
}
