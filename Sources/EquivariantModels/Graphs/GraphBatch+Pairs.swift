import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import Requirements

extension GraphBatch {
  /// All pairs of nodes of each graph.
  public var pairSpace: TupleSpace { spaces.value(SpaceKey()) { TupleSpace(sizes: graphs.map(\.nodeCount)) } }

  /// The tuples of nodes of subgraphs; see `SubgraphSpace`.
  public func subgraphSpace(_ policy: SubgraphPolicy, sizes: [Int] = []) -> SubgraphSpace {
    spaces.value(SpaceKey(policy: policy, sizes: sizes)) { SubgraphSpace(graph, policy: policy, sizes: sizes) }
  }

  /// The features of all pairs by which a graph is given, [pairs, 1 + width]: the adjacency matrix, and the features of the nodes on the
  /// diagonal.
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
    require(start == count, "the pairs of this batch, \(start), are expected, received \(count)")
    return .concatenated([Tensor(adjacency, shape: [count, 1]), features.scatterAdded(RowIndex(diagonal, rowCount: count))])
  }

  /// The same for the pairs of the subgraphs, [pairs, 1 + width], or one more where nodes are marked: the adjacency matrix of each
  /// subgraph, divided by √(dᵢ dⱼ) with the degrees in the graph where asked for, and on the diagonal the features of the nodes and their
  /// marks.
  public func pairFeatures(on space: SubgraphSpace, normalizingAdjacency: Bool) -> Tensor<Scalar> {
    let bag = space.bag
    require(bag.host.nodeCount == graph.nodeCount, "subgraphs of \(graph.nodeCount) nodes are expected, not of \(bag.host.nodeCount)")
    let degrees = graphs.flatMap { $0.neighbors.map { Double($0.count) } }
    let count = space.rowCount(order: 2)
    var adjacency = [Scalar](repeating: 0, count: count)
    for (p, q) in zip(bag.subgraphs.receivers.rows, bag.subgraphs.senders.rows) {
      let (i, j) = (Int(bag.nodes.rows[Int(p)]), Int(bag.nodes.rows[Int(q)]))
      adjacency[space.pairRow(Int(p), Int(q))] = normalizingAdjacency ? Scalar(1 / (degrees[i] * degrees[j]).squareRoot()) : 1
    }
    let diagonal = RowIndex((0..<bag.nodes.count).map { space.pairRow($0, $0) }, rowCount: count)
    var own = features.gathered(bag.nodes)
    if bag.policy.marksNodes { own = .concatenated([own, Tensor(bag.marks.map { $0 ? 1 : 0 }, shape: [bag.nodes.count, 1])]) }
    return .concatenated([Tensor(adjacency, shape: [count, 1]), own.scatterAdded(diagonal)])
  }
}
