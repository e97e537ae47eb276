import Equivariant

/// SPEN on the copies of the graph without one of its edges.
struct EdgeDeletedArchitecture: SubgraphArchitecture {
  static let name = "spen-edge-deleted"
  static let summary = "spen on the graph without each of its edges"
  static let probePolicy = SubgraphPolicy.edgeDeleted
  // Marks and deletions are lost where all subgraphs go on alike.
  static let probeSharing = SubgraphSharing.both
}
