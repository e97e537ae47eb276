import Requirements

/// A simple undirected graph: nodes 0 ..< `nodeCount`, without loops and repeated edges.
///
/// It is the combinatorial object, for isomorphism, symmetries and frames; ``graph`` is the one that carries messages.
public struct SimpleGraph: Sendable, Hashable {
  /// The neighbours of each node, in increasing order.
  public let neighbors: [[Int]]

  /// The number of nodes.
  public var nodeCount: Int { neighbors.count }
  /// The number of edges.
  public var edgeCount: Int { neighbors.reduce(0) { $0 + $1.count } / 2 }
  /// The ends of each edge, the smaller first, in lexicographic order.
  public var edges: [(Int, Int)] { neighbors.enumerated().flatMap { i, row in row.filter { $0 > i }.map { (i, $0) } } }

  /// Makes a graph from its edges, in any order and direction; traps on a node outside 0 ..< `nodeCount`, a loop or a repeated edge.
  public init(nodeCount: Int, edges: [(Int, Int)]) {
    var neighbors = [[Int]](repeating: [], count: nodeCount)
    for (i, j) in edges {
      require(
        neighbors.indices.contains(i) && neighbors.indices.contains(j) && i != j,
        "an edge of two nodes in 0 ..< \(nodeCount) is expected, received (\(i), \(j))")
      neighbors[i].append(j)
      neighbors[j].append(i)
    }
    for i in neighbors.indices {
      neighbors[i].sort()
      require(
        zip(neighbors[i], neighbors[i].dropFirst()).allSatisfy { $0 < $1 }, "each edge is expected once, one of node \(i) is repeated")
    }
    self.neighbors = neighbors
  }

  private init(neighbors: [[Int]]) { self.neighbors = neighbors }

  /// Every edge in both directions.
  public var graph: Graph {
    Graph(
      nodeCount: nodeCount, receivers: neighbors.enumerated().flatMap { Array(repeating: $0, count: $1.count) },
      senders: neighbors.flatMap { $0 })
  }

  /// The same graph under other numbers: node i becomes node `images[i]`; traps unless `images` is a permutation of the nodes.
  public func relabelled(_ images: [Int]) -> SimpleGraph {
    var rows = [[Int]?](repeating: nil, count: nodeCount)
    require(images.count == nodeCount, "\(nodeCount) images are expected, received \(images.count)")
    for (i, image) in images.enumerated() {
      require(
        rows.indices.contains(image) && rows[image] == nil, "a permutation of 0 ..< \(nodeCount) is expected, received \(images)")
      rows[image] = neighbors[i].map { images[$0] }.sorted()
    }
    return SimpleGraph(neighbors: rows.map { $0! })
  }
}
