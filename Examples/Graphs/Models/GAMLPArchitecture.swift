import Equivariant

/// An MLP on the adjacency matrix, averaged over random permutations of the nodes (Puny et al. 2022).
struct GAMLPArchitecture: Architecture {
  static let name = "ga-mlp"
  static let summary = "an MLP on adjacency matrices, averaged over permutations of the nodes that are drawn"
  static let averaging = Averaging.group

  static func size(of graph: SimpleGraph) -> Int { 4 * graph.nodeCount }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    AdjacencyMLP<Scalar>.probe(shape, using: &generator)
  }
}
