import Equivariant

/// The invariant graph network on triples of nodes.
struct IGN3Architecture: Architecture {
  static let name = "ign-3"
  static let summary = "the same on all triples"

  static func size(of graph: SimpleGraph) -> Int { graph.nodeCount * graph.nodeCount * graph.nodeCount }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    InvariantGraphNetwork<Scalar>.probe(shape, order: 3, using: &generator)
  }
}
