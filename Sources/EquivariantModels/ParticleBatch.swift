import DifferentiableTensors
import MessagePassing
import Requirements

/// Particles with a graph: the input of the n-body models.
public struct ParticleBatch<Scalar: TensorScalar>: Sendable {
  /// The positions, [nodes, 3].
  public var positions: Tensor<Scalar>
  /// The velocities, [nodes, 3].
  public var velocities: Tensor<Scalar>
  /// Invariant features of the particles, [nodes, features].
  public var features: Tensor<Scalar>
  /// Invariant features of the edges, [edges, features]; for charges, their product.
  public var edgeFeatures: Tensor<Scalar>
  /// The graph of which particles act on which.
  public let graph: Graph

  /// Makes a batch from its parts; shapes are checked.
  public init(positions: Tensor<Scalar>, velocities: Tensor<Scalar>, features: Tensor<Scalar>, edgeFeatures: Tensor<Scalar>, graph: Graph) {
    for (name, t) in [("positions", positions), ("velocities", velocities)] {
      require(t.shape == [graph.nodeCount, 3], "\(name) of shape [\(graph.nodeCount), 3] are expected, received \(t.shape)")
    }
    require(
      features.rank == 2 && features.shape[0] == graph.nodeCount,
      "features of \(graph.nodeCount) nodes are expected, received \(features.shape)")
    require(
      edgeFeatures.rank == 2 && edgeFeatures.shape[0] == graph.edgeCount,
      "features of \(graph.edgeCount) edges are expected, received \(edgeFeatures.shape)")
    self.positions = positions
    self.velocities = velocities
    self.features = features
    self.edgeFeatures = edgeFeatures
    self.graph = graph
  }
  /// The same particles under other numbers: particle i becomes particle `images[i]`, which must be a permutation. Edges and their features
  /// are renumbered as well. A prediction of positions for the result is the prediction for this batch, with its rows permuted in the same
  /// way.
  public func relabelled(_ images: [Int]) -> ParticleBatch {
    let graph = graph.relabelled(images)
    let rows = RowIndex(inversePermutation(images), rowCount: images.count)
    return ParticleBatch(
      positions: positions.gathered(rows), velocities: velocities.gathered(rows), features: features.gathered(rows),
      edgeFeatures: graph.sorted(edgeFeatures), graph: graph)
  }
}

extension ParticleBatch: NodeBatch {
  /// Some particles, in ascending order, with the edges among them; systems without any of them disappear.
  public func restricted(to nodes: [Int]) -> ParticleBatch {
    let rows = RowIndex(nodes, rowCount: graph.nodeCount)
    let (part, edges) = graph.restricted(to: nodes)
    return ParticleBatch(
      positions: positions.gathered(rows), velocities: velocities.gathered(rows), features: features.gathered(rows),
      edgeFeatures: edgeFeatures.gathered(RowIndex(edges, rowCount: graph.edgeCount)), graph: part)
  }

  /// The same in another element type, outside any derivative.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> ParticleBatch<Other> {
    ParticleBatch<Other>(
      positions: positions.converted(to: other), velocities: velocities.converted(to: other), features: features.converted(to: other),
      edgeFeatures: edgeFeatures.converted(to: other), graph: graph)
  }
}
