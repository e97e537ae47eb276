import Equivariant

/// GIN with one-hot numbers of the nodes, averaged over random permutations of the nodes (Puny et al. 2022).
struct GAGINIDArchitecture: Architecture {
  static let name = "ga-gin-id"
  static let summary = "gin-id averaged over permutations of the nodes that are drawn"
  static let averaging = Averaging.group

  static func size(of graph: SimpleGraph) -> Int { GINArchitecture.size(of: graph) }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    GIN<Scalar>.probe(shape, hasIdentities: true, using: &generator)
  }
}
