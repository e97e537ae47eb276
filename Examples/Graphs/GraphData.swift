import Equivariant

/// Graphs of a file, with what it says of them.
struct GraphData {
  let path: String
  var graphs: [SimpleGraph]
  /// One number for each node of each graph.
  var features: [[Double]]
  /// The classes of the graphs, 0 or 1, where the file has them.
  var labels: [Int]?
  /// Whether graphs 2k and 2k + 1 are a pair to be told apart; otherwise all pairs of graphs are.
  var isPaired: Bool

  /// A file of graphs in graph6 (all pairs), or an .npz archive of pairs with `n_nodes`, `n_edges`, `edges` [edges, 2], `node_label` and
  /// `graph_label`, as EXP is stored in.
  init(contentsOf path: String) throws {
    self.path = path
    guard path.hasSuffix(".npz") else {
      graphs = try SimpleGraph.read(graph6: path)
      features = graphs.map { Array(repeating: 1, count: $0.nodeCount) }
      isPaired = false
      return
    }
    let archive = try NumericArchive(contentsOf: path)
    let (nodes, edgeCounts) = (try archive.ints("n_nodes"), try archive.ints("n_edges"))
    let (edges, nodeLabels) = (try archive.ints("edges"), try archive.ints("node_label"))
    func failure(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: entry), cause: cause, cure: "make all arrays from the same graphs")
    }
    let counts = nodes + edgeCounts
    guard nodes.count == edgeCounts.count, nodes.count % 2 == 0, counts.allSatisfy({ $0 >= 0 && $0 <= edges.count + nodeLabels.count })
    else {
      throw failure("n_edges", "an even number of graphs with their numbers of nodes and edges is expected")
    }
    guard edgeCounts.reduce(0, +) * 2 == edges.count else {
      throw failure("edges", "\(edgeCounts.reduce(0, +)) pairs of nodes are expected")
    }
    guard nodes.reduce(0, +) == nodeLabels.count else { throw failure("node_label", "\(nodes.reduce(0, +)) labels are expected") }
    var (firstNode, firstEdge) = (0, 0)
    (graphs, features) = ([], [])
    for (n, m) in zip(nodes, edgeCounts) {
      let ends = (firstEdge..<firstEdge + m).map { (edges[2 * $0], edges[2 * $0 + 1]) }
      let distinct = Set(ends.map { [min($0, $1), max($0, $1)] })
      guard distinct.count == m, ends.allSatisfy({ $0 != $1 && min($0, $1) >= 0 && max($0, $1) < n }) else {
        throw failure("edges", "each edge of graph \(graphs.count) is expected once, between two of its \(n) nodes")
      }
      graphs.append(SimpleGraph(nodeCount: n, edges: ends))
      features.append(nodeLabels[firstNode..<firstNode + n].map(Double.init))
      firstNode += n
      firstEdge += m
    }
    if archive.contains("graph_label") {
      let values = try archive.ints("graph_label")
      guard values.count == nodes.count, values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw failure("graph_label", "\(nodes.count) labels 0 or 1 are expected")
      }
      labels = values
    }
    isPaired = true
  }

  /// The most nodes of a graph.
  var largest: Int { graphs.reduce(0) { max($0, $1.nodeCount) } }

  /// Graph k with its nodes numbered at random.
  func relabelled(_ k: Int, using generator: inout RandomSource) -> (graph: SimpleGraph, features: [Double]) {
    let sigma = SymmetricGroup(graphs[k].nodeCount).randomElement(using: &generator)
    return (graphs[k].relabelled(sigma.images), sigma.apply(to: features[k]))
  }
}
