import DifferentiableTensors
import EquivariantLayers
import MessagePassing

extension GraphBatch {
  /// All pairs of nodes of each graph.
  public var pairSpace: TupleSpace { TupleSpace(sizes: graphs.map(\.nodeCount)) }

  /// The features of all pairs that a graph is given by, [pairs, 1 + width]: the adjacency matrix, and the features of the nodes on the diagonal.
  public func pairFeatures(on space: TupleSpace) -> Tensor<Scalar> {
    let count = space.rowCount(order: 2)
    var adjacency = [Scalar](repeating: 0, count: count)
    var (start, diagonal) = (0, [Int]())
    for graph in graphs {
      let n = graph.nodeCount
      for (i, row) in graph.neighbors.enumerated() {
        for j in row { adjacency[start + i * n + j] = 1 }
        diagonal.append(start + i * n + i)
      }
      start += n * n
    }
    precondition(start == count, "the pairs of this batch, \(start), are expected, received \(count)")
    return .concatenated([Tensor(adjacency, shape: [count, 1]), features.scatterAdded(RowIndex(diagonal, rowCount: count))])
  }
}
