import DifferentiableTensors
import Requirements
import Synchronization

/// A directed graph: edge k carries a message from node `senders[k]` to node `receivers[k]`.
///
/// Edges are kept sorted by receiver, so that sums over the edges of a node read memory in order.
public final class Graph: Sendable {
  /// The number of nodes.
  public let nodeCount: Int
  /// The node each edge points to, not decreasing.
  public let receivers: RowIndex
  /// The node each edge comes from.
  public let senders: RowIndex
  /// Edge k here is edge `order[k]` of the lists that the graph was made from.
  public let order: [Int]

  /// The number of nodes of each graph, where this one is several side by side; nodes of one graph follow each other, and no edge leads
  /// from one to another. Frames, pooling and subgraphs are made for each graph by itself.
  public let graphSizes: [Int]
  private let memberships = Mutex<RowIndex?>(nil)
  let copies = Mutex<[Int: GraphCopies]>([:])
  let edgePairs = Mutex<[Bool: EdgePairs]>([:])

  /// The graph of each node, where this one is several side by side: sums over graphs are `features.segmentSum(graph.membership)`. Made on
  /// first use.
  public var membership: RowIndex {
    memberships.withLock { stored in
      if let stored { return stored }
      let made = RowIndex(
        graphSizes.indices.flatMap { Array(repeating: $0, count: graphSizes[$0]) }, rowCount: graphSizes.count)
      stored = made
      return made
    }
  }

  /// The number of edges.
  public var edgeCount: Int { receivers.count }

  /// Makes a graph from lists of the ends of each edge, in any order.
  ///
  /// - Parameters:
  ///   - nodeCount: the number of nodes.
  ///   - receivers: the node that each edge points to.
  ///   - senders: the node that each edge comes from.
  ///   - graphSizes: the number of nodes of each graph, where this one is several side by side; nil for one graph.
  public init(nodeCount: Int, receivers: [Int], senders: [Int], graphSizes: [Int]? = nil) {
    require(
      receivers.count == senders.count, "as many receivers as senders are expected, received \(receivers.count) and \(senders.count)")
    self.nodeCount = nodeCount
    self.graphSizes = graphSizes ?? [nodeCount]
    require(
      self.graphSizes.allSatisfy { $0 >= 0 } && self.graphSizes.reduce(0, +) == nodeCount,
      "sizes of graphs with \(nodeCount) nodes are expected, received \(self.graphSizes)")
    let sorted = zip(receivers, receivers.dropFirst()).allSatisfy { $0 <= $1 }
    order = sorted ? Array(receivers.indices) : receivers.indices.sorted { (receivers[$0], $0) < (receivers[$1], $1) }
    self.receivers = RowIndex(order.map { receivers[$0] }, rowCount: nodeCount)
    self.senders = RowIndex(order.map { senders[$0] }, rowCount: nodeCount)
    requireEdgesInside()
  }

  /// A wrong list of sizes would give each graph the nodes of another.
  private func requireEdgesInside() {
    guard graphSizes.count > 1 else { return }
    var (graph, end) = (0, graphSizes[0])
    var start = 0
    for (receiver, sender) in zip(receivers.rows, senders.rows) {
      while receiver >= end {
        graph += 1
        (start, end) = (end, end + graphSizes[graph])
      }
      require(
        sender >= start && sender < end,
        "edges inside the graphs of \(graphSizes) nodes are expected, received one from node \(sender) to node \(receiver)")
    }
  }

  /// Features of the edges [edges, ...], given in the order of the lists from which the graph was made, rearranged into the order of this
  /// graph's edges.
  public func sorted<Scalar: TensorScalar>(_ edgeFeatures: Tensor<Scalar>) -> Tensor<Scalar> {
    edgeFeatures.gathered(RowIndex(order, rowCount: edgeCount))
  }

  /// The vector of each edge from its sender to its receiver, x[receiver] − x[sender], [edges, d] of positions [nodes, d]; differentiable.
  public func vectors<Scalar: TensorScalar>(_ positions: Tensor<Scalar>) -> Tensor<Scalar> {
    positions.gathered(receivers) - positions.gathered(senders)
  }

  /// `graphs` copies of a complete graph, in which every node is joined with every other one; without self-loops unless asked for.
  public static func complete(graphs: Int = 1, nodes: Int, selfLoops: Bool = false) -> Graph {
    var receivers: [Int] = []
    var senders: [Int] = []
    for g in 0..<graphs {
      for i in 0..<nodes {
        for j in 0..<nodes where selfLoops || i != j {
          receivers.append(g * nodes + i)
          senders.append(g * nodes + j)
        }
      }
    }
    return Graph(
      nodeCount: graphs * nodes, receivers: receivers, senders: senders, graphSizes: Array(repeating: nodes, count: graphs))
  }

  /// Several graphs as one, with nodes and edges in the order given; `order` refers to the concatenated edge lists.
  public static func batch(_ graphs: [Graph]) -> Graph {
    var receivers: [Int] = []
    var senders: [Int] = []
    var start = 0
    for g in graphs {
      receivers += g.receivers.rows.map { Int($0) + start }
      senders += g.senders.rows.map { Int($0) + start }
      start += g.nodeCount
    }
    return Graph(nodeCount: start, receivers: receivers, senders: senders, graphSizes: graphs.flatMap(\.graphSizes))
  }
  /// The same graph under other numbers: node i becomes node `images[i]`, which must be a permutation of the nodes. Edges are sorted anew;
  /// edge k of the result is edge `order[k]` of this graph, so that `gathered(RowIndex(order, ...))` takes features of edges along.
  ///
  /// Graphs side by side may change places, but the nodes of each must still follow each other, since they stay one graph (``graphSizes``).
  public func relabelled(_ images: [Int]) -> Graph {
    require(images.sorted() == Array(0..<nodeCount), "a permutation of 0 ..< \(nodeCount) is expected, received \(images)")
    var (moved, start): ([(first: Int, size: Int)], Int) = ([], 0)
    for size in graphSizes {
      let nodes = images[start..<start + size]
      start += size
      // A graph without nodes stays where it is among those around it.
      let (first, last) = (nodes.min() ?? moved.last.map { $0.first + $0.size } ?? 0, nodes.max())
      require(
        last.map { $0 - first + 1 == size } ?? true,
        "a permutation that keeps the nodes of each graph together is expected, received \(Array(nodes)) for those of one graph")
      moved.append((first, size))
    }
    let sizes = moved.enumerated().sorted { ($0.element.first, $0.offset) < ($1.element.first, $1.offset) }.map(\.element.size)
    return Graph(
      nodeCount: nodeCount, receivers: receivers.rows.map { images[Int($0)] }, senders: senders.rows.map { images[Int($0)] },
      graphSizes: sizes)
  }
}
