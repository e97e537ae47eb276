import Foundation

/// Graphs in the text format of the TU data sets (Morris et al. 2020, "TUDataset", arXiv:2007.08663): a folder of files
/// `<name>_<part>.txt` with a line for each node, each directed edge or each graph.
///
/// | part | lines | what a line says |
/// |---|---|---|
/// | `A` | 2 · edges | the two ends of an edge, numbered from 1 through all graphs; each edge once in each direction |
/// | `graph_indicator` | nodes | the graph of the node, numbered from 1, not decreasing |
/// | `graph_labels` (optional) | graphs | an integer: the class; sets for regression have `graph_attributes` instead |
/// | `node_labels`, `edge_labels` (optional) | nodes, 2 · edges | integers, equally many in each line |
/// | `node_attributes`, `edge_attributes`, `graph_attributes` (optional) | nodes, 2 · edges, graphs | numbers, equally many in each line |
///
/// Numbers are separated by commas or blanks; empty lines and what follows a number sign are skipped. A node without edges and a graph
/// without nodes (a number that the indicator leaves out) are kept. The graphs are simple and undirected: lines that repeat an edge are
/// merged, loops are dropped, and an edge that is given in one direction only counts as one in both; ``cleaning`` says how many there were.
/// An edge between two graphs is an error of kind `malformed`, as are labels or attributes that differ between the lines of an edge.
public struct TUDataset: Sendable, Equatable {
  /// Equally many values for each of a number of things.
  public struct Rows<Value: Sendable & Equatable>: Sendable, Equatable {
    /// The number of values of one thing.
    public let width: Int
    /// The values, row after row.
    public let values: [Value]
    /// The number of things.
    public var count: Int { values.count / width }
    /// The values of thing `row`.
    public subscript(row: Int) -> ArraySlice<Value> { values[row * width..<(row + 1) * width] }
  }

  /// The name that all files begin with.
  public let name: String
  /// The number of nodes of each graph.
  public let nodeCounts: [Int]
  /// The number of edges of each graph, each counted once.
  public let edgeCounts: [Int]
  /// The ends of each edge, numbered from 0 within its graph, the smaller first: graph after graph, and in lexicographic order within one.
  public let edges: [(Int, Int)]
  /// The class of each graph, as the file has it; nil where there is no such file.
  public let graphLabels: [Int]?
  /// Labels of the nodes of all graphs.
  public let nodeLabels: Rows<Int>?
  /// Labels of the edges, in the order of ``edges``.
  public let edgeLabels: Rows<Int>?
  /// Attributes of the nodes of all graphs.
  public let nodeAttributes: Rows<Double>?
  /// Attributes of the edges, in the order of ``edges``.
  public let edgeAttributes: Rows<Double>?
  /// Attributes of the graphs; the targets of a set for regression.
  public let graphAttributes: Rows<Double>?
  /// What the lines of edges had that simple undirected graphs do not have.
  public let cleaning: Cleaning

  /// What was done to the lines of edges, counted.
  public struct Cleaning: Sendable, Equatable {
    /// Lines that repeat an edge in the same direction.
    public internal(set) var repeatedLines = 0
    /// Lines that join a node to itself.
    public internal(set) var loops = 0
    /// Edges that are given in one direction only.
    public internal(set) var oneWayEdges = 0

    /// What was done, in words; nil where nothing was.
    public var note: String? {
      let parts = [
        (repeatedLines, "repeated line", "merged"), (loops, "loop", "dropped"), (oneWayEdges, "edge", "in one direction mirrored"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s") \($0.2)" }
      return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
  }

  /// Whether all parts are equal.
  public static func == (a: TUDataset, b: TUDataset) -> Bool {
    a.name == b.name && a.nodeCounts == b.nodeCounts && a.edgeCounts == b.edgeCounts && a.edges.elementsEqual(b.edges, by: ==)
      && a.cleaning == b.cleaning && a.graphLabels == b.graphLabels && a.nodeLabels == b.nodeLabels && a.edgeLabels == b.edgeLabels
      && a.nodeAttributes == b.nodeAttributes && a.edgeAttributes == b.edgeAttributes && a.graphAttributes == b.graphAttributes
  }

  /// Reads the files of a folder, which may have any name.
  /// - Parameters:
  ///   - folder: the folder in which the files lie.
  ///   - name: what the files begin with; where it is not given, the folder must have the files of one data set.
  /// - Throws: ``FileFormatError`` for a folder or a file that is missing or unreadable, and one with the file and its line for anything
  ///   that is not a number, a file with more or fewer lines than the others require, and edges between graphs.
  public init(folder: String, name: String? = nil) throws(FileFormatError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw FileFormatError(.missing, path: folder, cause: "there is no such folder", cure: "check the path")
    }
    guard isFolder.boolValue, let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw FileFormatError(.unreadable, path: folder, cause: "this is no folder that can be read", cure: "name the folder of the files")
    }
    let names = files.filter { $0.hasSuffix("_A.txt") }.map { String($0.dropLast(6)) }.sorted()
    guard let found = name ?? names.first else {
      throw FileFormatError(
        .missing, path: folder, cause: "there is no file that ends in _A.txt", cure: "name the folder of a TU data set in its text format")
    }
    guard name != nil || names.count == 1 else {
      throw FileFormatError(
        .malformed, path: folder, cause: "there are several data sets: \(listing(names))", cure: "keep each in a folder of its own")
    }
    let present = Set(files)
    var parts: [TUPart: FileBytes] = [:]
    for part in TUPart.allCases {
      let file = "\(found)_\(part.rawValue).txt"
      if part.isRequired || present.contains(file) { parts[part] = try FileBytes(contentsOf: "\(folder)/\(file)") }
    }
    try self.init(name: found, parts: parts)
  }

  /// Makes a set from the files of the parts, of which the two required ones must exist.
  init(name: String, parts: [TUPart: FileBytes]) throws(FileFormatError) {
    self.name = name
    let labels = try parts[.graphLabels].map { file throws(FileFormatError) in try TUTable<Int>(file, width: 1) }
    let graphAttributes = try parts[.graphAttributes].map { file throws(FileFormatError) in try TUTable<Double>(file) }
    let indicator = try TUTable<Int>(parts[.graphIndicator]!, width: 1)
    // Without a file that has a line for each graph there are as many as the indicator names; a large number in it makes no list of empty
    // ones.
    let graphs = labels?.count ?? graphAttributes?.count ?? min(indicator.count, max(0, indicator.values.max() ?? 0))
    let source = labels != nil ? "labels" : graphAttributes != nil ? "attributes" : "nodes"
    nodeCounts = try Self.nodeCounts(indicator, graphs: graphs, of: source)
    graphLabels = labels?.values
    let nodes = indicator.count
    func optional<Value>(_ part: TUPart, _ rows: Int, _ what: String) throws(FileFormatError) -> TUTable<Value>? {
      guard let file = parts[part] else { return nil }
      let table = try TUTable<Value>(file)
      guard table.count == rows else {
        throw FileFormatError(
          .malformed, path: file.path, cause: "\(rows) lines are expected, one for each \(what), there are \(table.count)",
          cure: "take all files from the same data set")
      }
      return table
    }
    let adjacency = try TUAdjacency(parts[.adjacency]!, graphOfNode: indicator.values, nodeCounts: nodeCounts)
    let nodeLabels: TUTable<Int>? = try optional(.nodeLabels, nodes, "node")
    let nodeAttributes: TUTable<Double>? = try optional(.nodeAttributes, nodes, "node")
    if let graphAttributes, graphAttributes.count != graphs {
      throw FileFormatError(
        .malformed, path: parts[.graphAttributes]!.path,
        cause: "\(graphs) lines are expected, one for each graph, there are \(graphAttributes.count)",
        cure: "take all files from the same data set")
    }
    let edgeLabels: TUTable<Int>? = try optional(.edgeLabels, adjacency.lineCount, "line of \(name)_A.txt")
    let edgeAttributes: TUTable<Double>? = try optional(.edgeAttributes, adjacency.lineCount, "line of \(name)_A.txt")
    edges = adjacency.edges
    edgeCounts = adjacency.edgeCounts
    cleaning = adjacency.cleaning
    self.nodeLabels = nodeLabels?.rows
    self.nodeAttributes = nodeAttributes?.rows
    self.graphAttributes = graphAttributes?.rows
    self.edgeLabels = try edgeLabels.map { table throws(FileFormatError) in try adjacency.undirected(table) }
    self.edgeAttributes = try edgeAttributes.map { table throws(FileFormatError) in try adjacency.undirected(table) }
  }

  private static func nodeCounts(_ indicator: TUTable<Int>, graphs: Int, of source: String) throws(FileFormatError) -> [Int] {
    var counts = [Int](repeating: 0, count: graphs)
    var last = 1
    for (node, graph) in indicator.values.enumerated() {
      guard (1...max(1, graphs)).contains(graph), graphs > 0 else {
        throw indicator.failure(row: node, "the node is of graph \(graph), but there are \(source) of \(graphs) graphs")
      }
      guard graph >= last else {
        throw indicator.failure(
          row: node, "the node is of graph \(graph), after one of graph \(last): nodes of a graph must follow each other")
      }
      last = graph
      counts[graph - 1] += 1
    }
    return counts
  }
}

/// The files of a TU data set.
enum TUPart: String, CaseIterable {
  case adjacency = "A"
  case graphIndicator = "graph_indicator"
  case graphLabels = "graph_labels"
  case nodeLabels = "node_labels"
  case edgeLabels = "edge_labels"
  case nodeAttributes = "node_attributes"
  case edgeAttributes = "edge_attributes"
  case graphAttributes = "graph_attributes"

  var isRequired: Bool { self == .adjacency || self == .graphIndicator }
}
