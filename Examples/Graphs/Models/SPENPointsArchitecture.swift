import Equivariant

/// SPEN with features of nodes alone.
struct SPENPointsArchitecture: SubgraphArchitecture {
  static let name = "spen-points"
  static let summary = "spen with features of nodes alone"
  static let probePolicy = SubgraphPolicy.ego(hops: 1)
  static let probeOrders = [1]
}
