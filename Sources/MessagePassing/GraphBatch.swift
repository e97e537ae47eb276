import DifferentiableTensors
import Requirements

/// Simple graphs with features of their nodes, as one graph: the input of networks on whole graphs.
public struct GraphBatch<Scalar: TensorScalar>: Sendable {
  /// The graphs; their nodes follow each other.
  public let graphs: [SimpleGraph]
  /// Features of the nodes, [nodes, width].
  public var features: Tensor<Scalar>
  /// All edges, in both directions.
  public let graph: Graph
  /// The graph of each node.
  public var membership: RowIndex { graph.membership }
  /// What layers derive from the graphs alone, made once, whether a batch is new in every step or is used for many epochs.
  package let spaces = Memo<SpaceKey>()

  /// All pairs of nodes where there is no policy; otherwise those of subgraphs, whose weights are shared up to the given sizes.
  package struct SpaceKey: Hashable, Sendable {
    let policy: SubgraphPolicy?
    let sizes: [Int]
    package init(policy: SubgraphPolicy? = nil, sizes: [Int] = []) { (self.policy, self.sizes) = (policy, sizes) }
  }

  /// Graphs with features [nodes, width] of their nodes; without any, each node has the one feature 1.
  public init(_ graphs: [SimpleGraph], features: Tensor<Scalar>? = nil) {
    let counts = graphs.map(\.nodeCount)
    let nodes = counts.reduce(0, +)
    let features = features ?? .ones([nodes, 1])
    require(features.rank == 2 && features.shape[0] == nodes, "features [\(nodes), width] are expected, received \(features.shape)")
    self.graphs = graphs
    self.features = features
    var (receivers, senders, start): ([Int], [Int], Int) = ([], [], 0)
    for graph in graphs {
      for (i, row) in graph.neighbors.enumerated() {
        for j in row {
          receivers.append(start + i)
          senders.append(start + j)
        }
      }
      start += graph.nodeCount
    }
    graph = Graph(nodeCount: nodes, receivers: receivers, senders: senders, graphSizes: counts)
  }

  /// The numbers of neighbours, [nodes, 1].
  public var degrees: Tensor<Scalar> {
    Tensor(graphs.flatMap { $0.neighbors.map { Scalar(Double($0.count)) } }, shape: [graph.nodeCount, 1])
  }

  /// The place of every node in a table of `places` rows per graph: node i of graph k has row k `places` + i. Traps on a larger graph.
  public func padded(to places: Int) -> RowIndex {
    for g in graphs { require(g.nodeCount <= places, "graphs of at most \(places) nodes are expected, received \(g.nodeCount)") }
    return RowIndex(graphs.enumerated().flatMap { k, g in (0..<g.nodeCount).map { k * places + $0 } }, rowCount: graphs.count * places)
  }

  /// Graphs of the batch with their nodes in other orders: graph `orders[k].graph` with node `orders[k].nodes[p]` at place p.
  public func reordered(_ orders: [(graph: Int, nodes: [Int])]) -> GraphBatch {
    var starts = [0]
    for g in graphs { starts.append(starts.last! + g.nodeCount) }
    let rows = orders.flatMap { order in order.nodes.map { starts[order.graph] + $0 } }
    let moved = orders.map { graphs[$0.graph].relabelled(inversePermutation($0.nodes)) }
    return GraphBatch(moved, features: features.gathered(RowIndex(rows, rowCount: graph.nodeCount)))
  }
}

extension GraphBatch: NodeBatch {
  /// The same graphs under other numbers of their nodes: node i of the batch becomes node `images[i]`, a permutation within each graph.
  public func relabelled(_ images: [Int]) -> GraphBatch {
    require(images.sorted() == Array(0..<graph.nodeCount), "a permutation of 0 ..< \(graph.nodeCount) is expected, received \(images)")
    var start = 0
    return reordered(
      graphs.enumerated().map { number, g in
        defer { start += g.nodeCount }
        let own = images[start..<start + g.nodeCount].map { $0 - start }
        require(
          own.allSatisfy { (0..<g.nodeCount).contains($0) },
          "a permutation that keeps the nodes of graph \(number) in their places is expected, received \(images)")
        return (graph: number, nodes: inversePermutation(own))
      })
  }

  /// Some nodes, in ascending order, with the edges among them; graphs without any of them disappear.
  public func restricted(to nodes: [Int]) -> GraphBatch {
    let part = graph.restricted(to: nodes).graph
    var start = 0
    let graphs = part.graphSizes.map { size in
      defer { start += size }
      let pairs = zip(part.receivers.rows, part.senders.rows).filter { (start..<start + size).contains(Int($0)) && $0 < $1 }
      return SimpleGraph(nodeCount: size, edges: pairs.map { (Int($0) - start, Int($1) - start) })
    }
    return GraphBatch(graphs, features: features.gathered(RowIndex(nodes, rowCount: graph.nodeCount)))
  }

  /// The same in another element type, outside any derivative.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GraphBatch<Other> {
    GraphBatch<Other>(graphs, features: features.converted(to: other))
  }
}
