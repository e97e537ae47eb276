import Equivariant

/// SPEN on the copies of the graph with one of its nodes marked.
struct NodeMarkedArchitecture: SubgraphArchitecture {
  static let name = "spen-node-marked"
  static let summary = "spen on the graph with each of its nodes marked"
  static let probePolicy = SubgraphPolicy.nodeMarked
  // Marks and deletions are lost where all subgraphs go on alike.
  static let probeSharing = SubgraphSharing.both
}
