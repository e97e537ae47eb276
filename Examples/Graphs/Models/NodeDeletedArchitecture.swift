import Equivariant

/// SPEN on the copies of the graph without one of its nodes.
struct NodeDeletedArchitecture: SubgraphArchitecture {
  static let name = "spen-node-deleted"
  static let summary = "spen on the graph without each of its nodes"
  static let probePolicy = SubgraphPolicy.nodeDeleted
  // Marks and deletions are lost where all subgraphs go on alike.
  static let probeSharing = SubgraphSharing.both
}
