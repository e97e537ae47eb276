import Equivariant

/// The graphs of a file with their labels and categories.
struct GraphData {
  let path: String
  var graphs: [SimpleGraph]
  /// The label of each node of each graph; all equal if the file has none.
  var nodeLabels: [[Int]]
  /// Whether networks are given the labels themselves. Otherwise they are given the ranks of the labels, as single precision would merge
  /// some labels.
  private(set) var labelsAreNumbers = true
  /// One number for each node of each graph, which is what networks are given.
  var features: [[Double]] {
    if labelsAreNumbers { return nodeLabels.map { $0.map { Double($0) } } }
    let places = Dictionary(uniqueKeysWithValues: Set(nodeLabels.joined()).sorted().enumerated().map { ($1, Double($0)) })
    return nodeLabels.map { $0.map { places[$0]! } }
  }
  /// The classes of the graphs, 0 or 1, if the file has them.
  var labels: [Int]?
  /// Whether graphs 2k and 2k + 1 are a pair to be told apart. Otherwise all pairs of graphs are.
  var isPaired: Bool
  /// The category of each pair, if the file has them.
  var categories: [String]?

  /// A file of graphs in graph6 (all pairs), of pairs with their categories as BREC's, or an .npz archive of pairs with `n_nodes`, `n_edges`,
  /// `edges` [edges, 2], `node_label` and `graph_label`, as EXP is stored in.
  init(contentsOf path: String) throws {
    self.path = path
    guard path.hasSuffix(".npz") else {
      if let pairs = try GraphPair.read(path) {
        graphs = pairs.flatMap { [$0.first, $0.second] }
        categories = pairs.map(\.category)
      } else {
        graphs = try SimpleGraph.read(graph6: path)
      }
      nodeLabels = graphs.map { Array(repeating: 1, count: $0.nodeCount) }
      isPaired = categories != nil
      return
    }
    let data = try GraphDataset(npz: path)
    func failure(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: entry), cause: cause, cure: "name an archive of pairs such as EXP.npz")
    }
    guard data.count % 2 == 0 else { throw failure("n_nodes", "an even number of graphs is expected, there are \(data.count)") }
    guard data.classes.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw failure("graph_label", "\(data.count) labels 0 or 1 are expected") }
    graphs = data.graphs
    nodeLabels = data.nodeLabels.map { $0.map { data.nodeLabelValues[$0] } }
    labelsAreNumbers = data.nodeLabelValues.allSatisfy { $0.magnitude <= 1 << 24 }
    if !data.classes.isEmpty { labels = data.labels.map { data.classes[$0] } }
    isPaired = true
  }

  /// The pairs that should be told apart but are not by the algorithm.
  func undistinguished(by algorithm: WeisfeilerLeman) -> [(Int, Int)] {
    let colors = zip(graphs, nodeLabels).map { algorithm($0, nodeColors: $1) }
    if isPaired { return stride(from: 0, to: graphs.count, by: 2).filter { colors[$0] == colors[$0 + 1] }.map { ($0, $0 + 1) } }
    return Dictionary(grouping: graphs.indices, by: { colors[$0] }).values.flatMap { same in
      same.indices.flatMap { k in same[(k + 1)...].map { (same[k], $0) } }
    }
  }

  /// The pairs with the given numbers alone.
  func selecting(pairs: [Int]) -> GraphData {
    var selected = self
    let numbers = pairs.flatMap { [2 * $0, 2 * $0 + 1] }
    selected.graphs = numbers.map { graphs[$0] }
    selected.nodeLabels = numbers.map { nodeLabels[$0] }
    selected.labels = labels.map { labels in numbers.map { labels[$0] } }
    selected.categories = categories.map { categories in pairs.map { categories[$0] } }
    return selected
  }

  /// The categories in the order of the file.
  var distinctCategories: [String] { (categories ?? []).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

  /// The largest number of nodes of a graph.
  var largest: Int { graphs.reduce(0) { max($0, $1.nodeCount) } }

  /// Graph k, whose nodes have the given features, with its nodes renumbered at random.
  func relabelled(
    _ k: Int, features: [Double], using generator: inout RandomSource
  ) -> (graph: SimpleGraph, features: [Double]) {
    let sigma = SymmetricGroup(graphs[k].nodeCount).randomElement(using: &generator)
    return (graphs[k].relabelled(sigma.images), sigma.apply(to: features))
  }
}
