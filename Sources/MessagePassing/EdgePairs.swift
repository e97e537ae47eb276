import DifferentiableTensors
import Synchronization

/// The edges of a graph for kernels that are odd or even under the exchange of their ends: an edge and the one that runs the other way as
/// one pair, self-loops apart.
///
/// What depends on |xᵢ − xⱼ| is equal for both edges of a pair, and what depends on xⱼ − xᵢ changes its sign: it is computed once.
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

  /// Number of pairs.
  public var count: Int { receivers.count }

  init(_ graph: Graph, joiningReversed: Bool) {
    let n = graph.nodeCount
    var (receiving, sending, first, mutual, looping): ([Int], [Int], [Int], [Bool], [Int]) = ([], [], [], [], [])
    // First edges that wait for the reverse one, by ends.
    var waiting: [Int: [Int]] = [:]
    for edge in 0..<graph.edgeCount {
      let (i, j) = (Int(graph.receivers.rows[edge]), Int(graph.senders.rows[edge]))
      if i == j {
        looping.append(i)
      } else if joiningReversed, let pair = waiting[j * n + i]?.popLast() {
        mutual[pair] = true
      } else {
        if joiningReversed { waiting[i * n + j, default: []].append(receiving.count) }
        receiving.append(i)
        sending.append(j)
        first.append(edge)
        mutual.append(false)
      }
    }
    (receivers, senders) = (RowIndex(receiving, rowCount: n), RowIndex(sending, rowCount: n))
    (edges, isMutual, loops) = (RowIndex(first, rowCount: graph.edgeCount), mutual, RowIndex(looping, rowCount: n))
  }
}

extension Graph {
  /// The edges in pairs; where reversed edges are not joined, each edge is a pair of its own. Kept for the next call.
  public func edgePairs(joiningReversed: Bool) -> EdgePairs {
    edgePairs.withLock { known in
      if let pairs = known[joiningReversed] { return pairs }
      let made = EdgePairs(self, joiningReversed: joiningReversed)
      known[joiningReversed] = made
      return made
    }
  }
}
