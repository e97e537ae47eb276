import DifferentiableTensors
import Synchronization

/// The edges of a graph for kernels that are odd or even under the exchange of their ends: an edge and the one that runs the other way are
/// one pair, and self-loops are kept apart.
///
/// What depends on |xᵢ − xⱼ| is equal for both edges of a pair, and what depends on xⱼ − xᵢ changes its sign; either is computed only once.
public final class EdgePairs: Sendable {
  /// The receiver of the first edge of each pair.
  public let receivers: RowIndex
  /// The sender of the first edge of each pair.
  public let senders: RowIndex
  /// The number of the first edge of each pair among the edges of the graph.
  public let edges: RowIndex
  /// Whether the pair has a second edge, from the receiver to the sender of the first.
  public let isMutual: [Bool]
  /// The node of each self-loop.
  public let loops: RowIndex

  /// Places between pairs where those before touch only nodes before `node` and the others touch none of these, as between graphs side by
  /// side.
  private let cuts: [(pair: Int, node: Int)]

  /// The number of pairs.
  public var count: Int { receivers.count }

  init(_ graph: Graph, joiningReversed: Bool) {
    let n = graph.nodeCount
    var (receiving, sending, first, mutual, looping): ([Int], [Int], [Int], [Bool], [Int]) = ([], [], [], [], [])
    var reverse = joiningReversed ? WaitingEdges(graph) : nil
    for edge in 0..<graph.edgeCount {
      let (i, j) = (Int(graph.receivers.rows[edge]), Int(graph.senders.rows[edge]))
      if i == j {
        looping.append(i)
      } else if let pair = reverse?.take(receiver: j, sender: i) {
        mutual[pair] = true
      } else {
        reverse?.append(edge, pair: receiving.count)
        receiving.append(i)
        sending.append(j)
        first.append(edge)
        mutual.append(false)
      }
    }
    (receivers, senders) = (RowIndex(receiving, rowCount: n), RowIndex(sending, rowCount: n))
    (edges, isMutual, loops) = (RowIndex(first, rowCount: graph.edgeCount), mutual, RowIndex(looping, rowCount: n))
    var cuts: [(Int, Int)] = []
    var least = [Int](repeating: n, count: receiving.count + 1)
    for k in receiving.indices.reversed() { least[k] = min(least[k + 1], receiving[k], sending[k]) }
    var most = -1
    for k in receiving.indices {
      if k > 0 && most < least[k] { cuts.append((k, least[k])) }
      most = max(most, receiving[k], sending[k])
    }
    self.cuts = cuts
  }

  /// Consecutive pairs and the nodes that they may refer to.
  package struct Run: Sendable {
    package let pairs: Range<Int>
    package let nodes: Range<Int>
    package init(pairs: Range<Int>, nodes: Range<Int>) { (self.pairs, self.nodes) = (pairs, nodes) }
  }

  /// About `count` runs of pairs of similar length. Where graphs lie side by side they share no nodes and cover all of them.
  package func runs(_ count: Int) -> (runs: [Run], areApart: Bool) {
    let total = self.count
    let count = max(1, min(count, total))
    var (ends, next): ([(pair: Int, node: Int)], Int) = ([], 0)
    for k in 1..<max(count, 1) {
      while next < cuts.count && cuts[next].pair < k * total / count { next += 1 }
      if next < cuts.count && cuts[next].pair > ends.last?.pair ?? 0 { ends.append(cuts[next]) }
    }
    ends.append((total, receivers.rowCount))
    let starts = [(pair: 0, node: 0)] + ends.dropLast()
    let apart = zip(starts, ends).map { Run(pairs: $0.pair..<$1.pair, nodes: $0.node..<$1.node) }
    if count == 1 || apart.allSatisfy({ $0.pairs.count * count <= 3 * total }) { return (apart, true) }
    let equal = (0..<count).map { k in
      let pairs = k * total / count..<(k + 1) * total / count
      let ends = receivers.rows[pairs] + senders.rows[pairs]
      return Run(pairs: pairs, nodes: Int(ends.min()!)..<Int(ends.max()!) + 1)
    }
    return (equal, false)
  }
}

/// First edges of pairs that wait for the reverse one, found by their ends: edges lie in the order of their receivers.
private struct WaitingEdges {
  private let graph: Graph
  /// The edges of receiver i are `order[offsets[i] ..< offsets[i + 1]]`, by sender and then by number.
  private let offsets: [Int32]
  private let order: [Int32]
  /// The pair of a waiting edge, −1 for the others.
  private var pairs: [Int32]

  init(_ graph: Graph) {
    self.graph = graph
    let (groups, senders) = (graph.receivers.grouped, graph.senders.rows)
    var order = groups.order
    for i in 0..<graph.nodeCount {
      let range = Int(groups.offsets[i])..<Int(groups.offsets[i + 1])
      let isSorted = range.dropFirst().allSatisfy { senders[Int(order[$0 - 1])] <= senders[Int(order[$0])] }
      if !isSorted { order[range].sort { (senders[Int($0)], $0) < (senders[Int($1)], $1) } }
    }
    (offsets, self.order) = (groups.offsets, order)
    pairs = [Int32](repeating: -1, count: order.count)
  }

  mutating func append(_ edge: Int, pair: Int) { pairs[edge] = Int32(pair) }

  /// The pair of the last edge with these ends that waits; it does not wait any longer.
  mutating func take(receiver: Int, sender: Int) -> Int? {
    var (low, high) = (Int(offsets[receiver]), Int(offsets[receiver + 1]))
    let first = low
    // Behind the last edge from the sender.
    while low < high {
      let middle = (low + high) / 2
      if Int(graph.senders.rows[Int(order[middle])]) <= sender { low = middle + 1 } else { high = middle }
    }
    while low > first, Int(graph.senders.rows[Int(order[low - 1])]) == sender {
      low -= 1
      let edge = Int(order[low])
      if pairs[edge] >= 0 {
        defer { pairs[edge] = -1 }
        return Int(pairs[edge])
      }
    }
    return nil
  }
}

extension Graph {
  /// The edges in pairs; where reversed edges are not joined, each edge is a pair of its own. The result is kept for the next call.
  public func edgePairs(joiningReversed: Bool) -> EdgePairs {
    edgePairs.withLock { known in
      if let pairs = known[joiningReversed] { return pairs }
      let made = EdgePairs(self, joiningReversed: joiningReversed)
      known[joiningReversed] = made
      return made
    }
  }
}
