import Equivariant

/// SPEN on ego networks of two hops.
struct SPEN2Architecture: SubgraphArchitecture {
  static let name = "spen-2"
  static let summary = "spen on ego networks of two hops"
  static let probePolicy = SubgraphPolicy.ego(hops: 2)
}
