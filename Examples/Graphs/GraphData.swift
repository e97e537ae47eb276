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
  /// The category of each pair, where the file has them.
  var categories: [String]?

  /// A file of graphs in graph6 (all pairs), of pairs with their categories as BREC's, or an .npz archive of pairs with `n_nodes`, `n_edges`,
  /// `edges` [edges, 2], `node_label` and `graph_label`, as EXP is stored in.
  init(contentsOf path: String) throws {
    self.path = path
    guard path.hasSuffix(".npz") else {
      if let pairs = try Self.pairs(path) {
        graphs = pairs.flatMap { [$0.first, $0.second] }
        categories = pairs.map(\.category)
      } else {
        graphs = try SimpleGraph.read(graph6: path)
      }
      features = graphs.map { Array(repeating: 1, count: $0.nodeCount) }
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
    features = data.nodeLabels.map { $0.map { Double(data.nodeLabelValues[$0]) } }
    if !data.classes.isEmpty { labels = data.labels.map { data.classes[$0] } }
    isPaired = true
  }

  /// The pairs that are to be told apart and that the algorithm does not tell apart.
  func undistinguished(by algorithm: WeisfeilerLeman) -> [(Int, Int)] {
    let colors = zip(graphs, features).map { algorithm($0, nodeColors: $1.map { Int($0) }) }
    if isPaired { return stride(from: 0, to: graphs.count, by: 2).filter { colors[$0] == colors[$0 + 1] }.map { ($0, $0 + 1) } }
    return Dictionary(grouping: graphs.indices, by: { colors[$0] }).values.flatMap { same in
      same.indices.flatMap { k in same[(k + 1)...].map { (same[k], $0) } }
    }
  }

  /// The pairs of a file whose lines have a category and two graphs in graph6; nil of one whose first line has no space, which graph6 does
  /// not use.
  private static func pairs(_ path: String) throws -> [(category: String, first: SimpleGraph, second: SimpleGraph)]? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().filter {
      !$0.element.isEmpty && !$0.element.hasPrefix("#")
    }
    guard lines.first?.element.contains(" ") ?? false else { return nil }
    return try lines.map { k, line in
      let words = line.split(separator: " ")
      guard words.count == 3 else {
        throw FileFormatError(
          .malformed, path: path, place: .init(line: k + 1),
          cause: "a category and two graphs are expected, there are \(words.count) words",
          cure: "name BREC's pairs in graph6")
      }
      let graphs = try words[1...].map { word in
        do throws(FileFormatError) { return try Graph6.parse(Array(word.utf8), path: path) } catch {
          var error = error
          error.place = .init(line: k + 1, byte: error.place.byte)
          throw error
        }
      }
      return (String(words[0]), SimpleGraph(graphs[0][0]), SimpleGraph(graphs[1][0]))
    }
  }

  /// The pairs of the given numbers alone.
  func selecting(pairs: [Int]) -> GraphData {
    var selected = self
    let numbers = pairs.flatMap { [2 * $0, 2 * $0 + 1] }
    selected.graphs = numbers.map { graphs[$0] }
    selected.features = numbers.map { features[$0] }
    selected.labels = labels.map { labels in numbers.map { labels[$0] } }
    selected.categories = categories.map { categories in pairs.map { categories[$0] } }
    return selected
  }

  /// The categories in the order of the file.
  var distinctCategories: [String] { (categories ?? []).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

  /// The most nodes of a graph.
  var largest: Int { graphs.reduce(0) { max($0, $1.nodeCount) } }

  /// Graph k with its nodes numbered at random.
  func relabelled(_ k: Int, using generator: inout RandomSource) -> (graph: SimpleGraph, features: [Double]) {
    let sigma = SymmetricGroup(graphs[k].nodeCount).randomElement(using: &generator)
    return (graphs[k].relabelled(sigma.images), sigma.apply(to: features[k]))
  }
}
