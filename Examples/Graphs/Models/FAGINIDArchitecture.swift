import Equivariant

/// GIN with one-hot numbers of the nodes, averaged over frames of the graph (Puny et al. 2022).
struct FAGINIDArchitecture: Architecture {
  static let name = "fa-gin-id"
  static let summary = "gin-id averaged over frames of the graph"
  static let averaging = Averaging.frame

  static func size(of graph: SimpleGraph) -> Int { GINArchitecture.size(of: graph) }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    GIN<Scalar>.probe(shape, hasIdentities: true, using: &generator)
  }
}
