import FileFormats
import MessagePassing

/// Two graphs that are to be told apart, with their category.
public struct GraphPair: Sendable, Equatable {
  /// What the file calls pairs of this kind.
  public let category: String
  /// The one graph.
  public let first: SimpleGraph
  /// The other graph.
  public let second: SimpleGraph

  /// The pairs of a file, one per line as in BREC: a category and two graphs in graph6, separated by blanks or tabs. Lines end with a line
  /// feed, a carriage return or both; blank ones, and those that begin with a number sign, are left out.
  ///
  /// - Returns: nil for a file whose first line is one word, as those of graphs in graph6 are.
  /// - Throws: `FileFormatError` for a file that is missing or unreadable, and one with the line for a line without exactly three words,
  ///   and for a word that is not a graph.
  public static func read(_ path: String) throws(FileFormatError) -> [GraphPair]? {
    var pairs: [GraphPair] = []
    for (number, line) in try readLines(path) where line.first != UInt8(ascii: "#") {
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      if pairs.isEmpty && words.count == 1 { return nil }
      guard words.count == 3 else {
        throw FileFormatError(
          .malformed, path: path, place: .init(line: number),
          cause: "a category and two graphs are expected, there are \(words.count) words",
          cure: "name BREC's pairs in graph6")
      }
      var graphs: [SimpleGraph] = []
      for word in words[1...] {
        do {
          graphs += try Graph6.parse(Array(word), path: path).map { SimpleGraph($0) }
        } catch {
          var error = error
          error.place = .init(line: number, byte: error.place.byte)
          throw error
        }
      }
      pairs.append(GraphPair(category: String(decoding: words[0], as: UTF8.self), first: graphs[0], second: graphs[1]))
    }
    return pairs.isEmpty ? nil : pairs
  }
}
