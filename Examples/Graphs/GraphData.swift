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
    let data = try GraphDataset(npz: path)
    func failure(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: entry), cause: cause, cure: "name an archive of pairs such as EXP.npz")
    }
    guard data.count % 2 == 0 else { throw failure("n_nodes", "an even number of graphs is expected, there are \(data.count)") }
    guard data.classes.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw failure("graph_label", "\(data.count) labels 0 or 1 are expected") }
    graphs = data.graphs
    features = data.nodeLabels.map { $0.map { Double(data.nodeLabelValues[$0]) } }
    if !data.classes.isEmpty { labels = data.labels.map { data.classes[$0] } }
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
