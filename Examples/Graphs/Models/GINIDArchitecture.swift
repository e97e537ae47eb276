import Equivariant

/// GIN with one-hot numbers of the nodes, which are renumbered in each training step.
struct GINIDArchitecture: GINClassifier {
  var hidden = 32
  var layers = 4
  var pooling = GINConfiguration.Pooling.sum
  var dropout = 0.5

  static let name = "gin-id"
  static let summary = "the same with the numbers of nodes one-hot, new ones in each step"
  static let renumbersNodes = true

  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    GIN<Scalar>.probe(shape, hasIdentities: true, using: &generator)
  }
}
