import DifferentiableTensors
import MessagePassing
import Requirements

/// Points with scalars and vectors, joined by a graph: the input of networks on point clouds with geometric features. Several clouds may
/// lie side by side (`Graph.graphSizes`).
public struct GeometricBatch<Scalar: TensorScalar>: Sendable {
  /// The positions, [nodes, d].
  public var positions: Tensor<Scalar>
  /// Invariant features, [nodes, scalars].
  public var scalars: Tensor<Scalar>
  /// Features that rotate, [nodes, vectors, d].
  public var vectors: Tensor<Scalar>
  /// The graph along which nodes exchange messages.
  public let graph: Graph

  /// Makes a batch from its parts, of which scalars and vectors may be absent; shapes are checked.
  public init(positions: Tensor<Scalar>, scalars: Tensor<Scalar>? = nil, vectors: Tensor<Scalar>? = nil, graph: Graph) {
    let n = graph.nodeCount
    require(positions.rank == 2 && positions.shape[0] == n, "positions [\(n), d] are expected, received \(positions.shape)")
    let d = positions.shape[1]
    let scalars = scalars ?? .zeros([n, 0])
    let vectors = vectors ?? .zeros([n, 0, d])
    require(scalars.rank == 2 && scalars.shape[0] == n, "scalars [\(n), count] are expected, received \(scalars.shape)")
    require(
      vectors.rank == 3 && vectors.shape[0] == n && vectors.shape[2] == d,
      "vectors [\(n), count, \(d)] are expected, received \(vectors.shape)")
    (self.positions, self.scalars, self.vectors, self.graph) = (positions, scalars, vectors, graph)
  }

  /// Makes a batch of particles, with their features as scalars and their velocities as vectors. Features of edges are left out.
  public init(_ particles: ParticleBatch<Scalar>) {
    self.init(
      positions: particles.positions, scalars: particles.features, vectors: particles.velocities.expandingAxis(1), graph: particles.graph)
  }

  /// The dimension d of space.
  public var dimension: Int { positions.shape[1] }

  /// The cloud of each node.
  public var membership: RowIndex { graph.membership }

  /// The same points under other numbers: node i becomes node `images[i]`, which must be a permutation. The graph is renumbered as well.
  public func relabelled(_ images: [Int]) -> GeometricBatch {
    let rows = RowIndex(inversePermutation(images), rowCount: images.count)
    return GeometricBatch(
      positions: positions.gathered(rows), scalars: scalars.gathered(rows), vectors: vectors.gathered(rows), graph: graph.relabelled(images)
    )
  }
}

extension GeometricBatch: NodeBatch {
  /// Some nodes, in ascending order, with the edges among them; clouds without any of them disappear.
  public func restricted(to nodes: [Int]) -> GeometricBatch {
    let rows = RowIndex(nodes, rowCount: graph.nodeCount)
    return GeometricBatch(
      positions: positions.gathered(rows), scalars: scalars.gathered(rows), vectors: vectors.gathered(rows),
      graph: graph.restricted(to: nodes).graph)
  }

  /// The same in another element type, outside any derivative.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GeometricBatch<Other> {
    GeometricBatch<Other>(
      positions: positions.converted(to: other), scalars: scalars.converted(to: other), vectors: vectors.converted(to: other), graph: graph)
  }
}

/// What a network predicts for each node, or for each cloud.
public struct GeometricOutput<Scalar: TensorScalar>: Sendable {
  /// Invariants, [rows, scalars].
  public var scalars: Tensor<Scalar>
  /// Vectors, [rows, vectors, d].
  public var vectors: Tensor<Scalar>
  /// Tensors of rank 2, [rows, tensors, d, d].
  public var tensors: Tensor<Scalar>

  /// The same in another element type, outside any derivative.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GeometricOutput<Other> {
    GeometricOutput<Other>(
      scalars: scalars.converted(to: other), vectors: vectors.converted(to: other), tensors: tensors.converted(to: other))
  }
}
