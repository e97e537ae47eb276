/// Which subgraphs of a graph make up its bag (Bevilacqua et al. 2022, "Equivariant Subgraph Aggregation Networks").
public enum SubgraphPolicy: Sendable, Hashable, Codable {
  /// Around each node the nodes at a distance of at most `hops`, with all edges between them: its ego network.
  case ego(hops: Int)
  /// The same, with the node in the middle marked.
  case egoWithIdentity(hops: Int)
  /// For each node the graph without it and its edges.
  case nodeDeleted
  /// For each node the whole graph, with the node marked.
  case nodeMarked
  /// For each edge the graph without it, nodes kept; a graph without edges itself.
  case edgeDeleted

  /// Whether a node of each subgraph is marked.
  public var marksNodes: Bool {
    switch self {
    case .egoWithIdentity, .nodeMarked: true
    case .ego, .nodeDeleted, .edgeDeleted: false
    }
  }
}
