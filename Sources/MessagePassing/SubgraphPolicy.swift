/// Which subgraphs of a graph make up its bag (Bevilacqua et al. 2022, "Equivariant Subgraph Aggregation Networks").
public enum SubgraphPolicy: Sendable, Hashable, Codable {
  /// For each node its ego network: the nodes at a distance of at most `hops`, with all edges between them.
  case ego(hops: Int)
  /// The same, with the node in the middle marked.
  case egoWithIdentity(hops: Int)
  /// For each node the graph without it and its edges.
  case nodeDeleted
  /// For each node the whole graph, with the node marked.
  case nodeMarked
  /// For each edge the graph without it but with all nodes; for a graph without edges, the graph itself.
  case edgeDeleted

  /// Whether a node of each subgraph is marked.
  public var marksNodes: Bool {
    switch self {
    case .egoWithIdentity, .nodeMarked: true
    case .ego, .nodeDeleted, .edgeDeleted: false
    }
  }
}
