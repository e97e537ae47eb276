import DifferentiableTensors
import MessagePassing
import Requirements

extension PCAFrame {
  /// A frame of the neighbourhood of every node, from the vectors xⱼ − xᵢ to the nodes that send to it: the k nearest ones
  /// (`Graph.nearestNeighbors(of:_:selfLoops:)`), or all within a radius
  /// (`Graph.radiusNeighbors(of:_:selfLoops:)`), however many these are.
  ///
  /// - Parameters:
  ///   - points: [nodes, d]
  ///   - graph: which nodes are near each other; neighbours are senders.
  ///   - rank: the largest rank of the tensors that will be averaged.
  /// - Returns: one cloud for each node, with the node as its centre where the group has translations. A node without neighbours is a cloud
  ///   of coincident points.
  public func neighborhoods<Scalar: TensorScalar>(of points: Tensor<Scalar>, in graph: Graph, rank: Int = 1) -> FrameBatch<Scalar> {
    let (n, d) = (graph.nodeCount, group.dimension)
    require(points.shape == [n, d], "points [\(n), \(d)] are expected, received \(points.shape)")
    // Rows that are missing are zero vectors, which no covariance sees and no axis points to.
    let width = Swift.max(1, graph.receivers.multiplicities.max() ?? 1)
    var place = 0
    let places = graph.receivers.rows.indices.map { k -> Int in
      place = k > 0 && graph.receivers.rows[k] == graph.receivers.rows[k - 1] ? place + 1 : 0
      return Int(graph.receivers.rows[k]) * width + place
    }
    let vectors = points.gathered(graph.senders) - points.gathered(graph.receivers)
    let padded = vectors.scatterAdded(RowIndex(places, rowCount: n * width)).reshaped(n, width, d)
    let frames = self(padded, as: [.vectors()], rank: rank)
    return FrameBatch(
      rotations: frames.rotations, weights: frames.weights, centers: group.hasTranslations ? points : nil, clouds: frames.clouds)
  }
}
