import Equivariant

/// An MLP on the adjacency matrix, averaged over frames of the graph (Puny et al. 2022).
struct FAMLPArchitecture: Architecture {
  static let name = "fa-mlp"
  static let summary = "an MLP on adjacency matrices, averaged over frames of the graph"
  static let averaging = Averaging.frame

  static func size(of graph: SimpleGraph) -> Int { 4 * graph.nodeCount }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    AdjacencyMLP<Scalar>.probe(shape, using: &generator)
  }
}

extension AdjacencyMLP: ProbeNetwork {
  /// A network with the sizes of the paper: small ones for graphs of eight nodes, large ones for EXP.
  static func probe(_ shape: ProbeShape, using generator: inout RandomSource) -> AdjacencyMLP {
    let isSmall = shape.nodes <= 8
    return AdjacencyMLP(
      .init(
        nodes: shape.nodes, features: isSmall ? nil : 1, hidden: (isSmall ? [128, 64] : [2048, 4096, 2048]) + shape.head.dropLast(),
        outputs: shape.head.last!, activation: shape.activation, outputActivation: .identity), using: &generator)
  }
}
