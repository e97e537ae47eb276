import FileFormats
import MessagePassing

extension SimpleGraph {
  /// The graph that a file held.
  public init(_ graph: Graph6) { self.init(nodeCount: graph.nodeCount, edges: graph.edges) }

  /// The graphs of a file in graph6 or sparse6, one per line.
  /// - Throws: the errors of `Graph6.read(_:)`, and an error of kind `unsupported` for a graph of more than 2²⁰ nodes, which a few bytes of
  ///   sparse6 can name.
  public static func read(graph6 path: String) throws(FileFormatError) -> [SimpleGraph] {
    var graphs: [SimpleGraph] = []
    for (line, graph) in try Graph6.readNumbered(path) {
      guard graph.nodeCount <= 1 << 20 else {
        throw FileFormatError(
          .unsupported, path: path, place: .init(line: line), cause: "the graph has \(graph.nodeCount) nodes, more than \(1 << 20)",
          cure: "take smaller graphs")
      }
      graphs.append(SimpleGraph(graph))
    }
    return graphs
  }
}
