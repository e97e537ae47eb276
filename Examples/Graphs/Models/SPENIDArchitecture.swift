import Equivariant

/// SPEN with the node in the middle of each ego network marked.
struct SPENIDArchitecture: SubgraphArchitecture {
  static let name = "spen-id"
  static let summary = "spen with the node in the middle of each ego network marked"
  static let probePolicy = SubgraphPolicy.egoWithIdentity(hops: 1)
  // Marks and deletions are lost where all subgraphs go on alike.
  static let probeSharing = SubgraphSharing.both
}
