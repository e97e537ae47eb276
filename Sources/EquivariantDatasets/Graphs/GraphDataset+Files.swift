import FileFormats
import MessagePassing

extension GraphDataset {
  /// A data set by its names: an .npz archive, a folder in TU's text format, or files in graph6 or sparse6 (.g6, .s6), one for each class.
  /// - Throws: as the reader of the format that the names tell.
  public init(contentsOf paths: [String]) throws(FileFormatError) {
    if paths.count == 1, paths[0].hasSuffix(".npz") {
      try self.init(npz: paths[0])
    } else if paths.count == 1, !paths[0].hasSuffix(".g6"), !paths[0].hasSuffix(".s6") {
      try self.init(tu: paths[0])
    } else {
      try self.init(graph6: paths)
    }
  }

  /// A data set in TU's text format: a folder of files. Lines that repeat an edge are merged, loops are dropped and edges in one direction
  /// are mirrored; ``note`` says how many. A set for regression, with attributes of graphs instead of labels, has no classes.
  /// - Throws: the errors of `TUDataset.init(folder:name:)`, and an error of kind `unsupported` where nodes or edges have several labels.
  public init(tu folder: String) throws(FileFormatError) {
    let data = try TUDataset(folder: folder)
    for (part, rows) in [("node", data.nodeLabels), ("edge", data.edgeLabels)] where rows.map({ $0.width != 1 }) ?? false {
      throw FileFormatError(
        .unsupported, path: "\(folder)/\(data.name)_\(part)_labels.txt",
        cause: "each \(part) has \(rows!.width) labels, and one is expected",
        cure: "make one label of them")
    }
    var rest = data.edges[...]
    let graphs = zip(data.nodeCounts, data.edgeCounts).map { n, m in
      defer { rest = rest.dropFirst(m) }
      return SimpleGraph(nodeCount: n, edges: Array(rest.prefix(m)))
    }
    self.init(
      name: data.name, graphs: graphs, nodeLabels: data.nodeLabels?.values, edgeLabels: data.edgeLabels?.values, labels: data.graphLabels,
      note: data.cleaning.note.map { "\(data.name)_A.txt: \($0)" })
  }

  /// An archive with `n_nodes` [graphs], `n_edges` [graphs] and `edges` [edges, 2] (numbered from 0 within their graph, each once), and,
  /// where it has them, `node_label` [nodes], `graph_label` [graphs] and `fold10` [graphs], the fold in which a graph tests, 255 for one
  /// that only trains.
  /// - Throws: `FileFormatError` for a file that cannot be read, and arrays that are missing or do not fit each other.
  public init(npz path: String) throws(FileFormatError) {
    let archive = try NumericArchive(contentsOf: path)
    let (nodes, edgeCounts, edges) = (try archive.ints("n_nodes"), try archive.ints("n_edges"), try archive.ints("edges"))
    func failure(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: entry), cause: cause, cure: "make all arrays from the same graphs")
    }
    func optional(_ entry: String, _ count: Int) throws(FileFormatError) -> [Int]? {
      guard archive.contains(entry) else { return nil }
      let values = try archive.ints(entry)
      guard values.count == count else { throw failure(entry, "\(count) values are expected, there are \(values.count)") }
      return values
    }
    guard nodes.count == edgeCounts.count, edgeCounts.allSatisfy({ 0...edges.count ~= $0 }) else {
      throw failure("n_edges", "the number of edges of each of \(nodes.count) graphs is expected")
    }
    // Without labels a few bytes can name any number of nodes.
    if let large = nodes.firstIndex(where: { !(0...1 << 20 ~= $0) }) {
      throw failure("n_nodes", "from 0 to \(1 << 20) nodes are expected, graph \(large) has \(nodes[large])")
    }
    let total = edgeCounts.reduce(0, +)
    guard 2 * total == edges.count else {
      throw failure("edges", "\(total) pairs of nodes are expected, there are \(edges.count) numbers")
    }
    let nodeCount = nodes.reduce(0, +)
    let nodeLabels = try optional("node_label", nodeCount)
    guard nodeLabels != nil || nodeCount <= 1 << 24 else {
      throw failure("n_nodes", "at most \(1 << 24) nodes without labels are expected in all, there are \(nodeCount)")
    }
    let labels = try optional("graph_label", nodes.count)
    let folds = try optional("fold10", nodes.count)
    if let folds, let wrong = folds.first(where: { !(0..<10 ~= $0) && $0 != 255 }) {
      throw failure("fold10", "folds 0 ... 9, or 255, are expected, there is \(wrong)")
    }
    var graphs: [SimpleGraph] = []
    var first = 0
    for (n, m) in zip(nodes, edgeCounts) {
      let ends = (first..<first + m).map { (min(edges[2 * $0], edges[2 * $0 + 1]), max(edges[2 * $0], edges[2 * $0 + 1])) }
      let sorted = ends.sorted { $0 < $1 }
      guard ends.allSatisfy({ $0 >= 0 && $0 < $1 && $1 < n }), zip(sorted, sorted.dropFirst()).allSatisfy({ $0 != $1 }) else {
        throw failure("edges", "each edge of graph \(graphs.count) is expected once, between two of its \(n) nodes")
      }
      graphs.append(SimpleGraph(nodeCount: n, edges: ends))
      first += m
    }
    self.init(
      name: fileStem(path), graphs: graphs, nodeLabels: nodeLabels, labels: labels,
      standardFolds: folds.map { GraphFolds(of: $0.map { $0 == 255 ? nil : $0 }, count: 10) })
  }

  /// Files of graphs in graph6 or sparse6, one for each class in turn; nodes have no labels.
  /// - Throws: the errors of `SimpleGraph.read(graph6:)`.
  public init(graph6 paths: [String]) throws(FileFormatError) {
    var (graphs, labels): ([SimpleGraph], [Int]) = ([], [])
    for (label, path) in paths.enumerated() {
      let own = try SimpleGraph.read(graph6: path)
      graphs += own
      labels += own.map { _ in label }
    }
    self.init(name: paths.map(fileStem).joined(separator: "+"), graphs: graphs, nodeLabels: nil, labels: labels)
  }
}

/// The name of a file without its folder and its ending.
private func fileStem(_ path: String) -> String {
  let file = path.split(separator: "/").last ?? ""
  return String(file.lastIndex(of: ".").map { file[..<$0] } ?? file)
}
