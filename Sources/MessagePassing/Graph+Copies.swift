import DifferentiableTensors
import Requirements

/// Several copies of each graph of a batch, side by side.
public struct GraphCopies: Sendable {
  /// The copies: those of the first graph, then those of the second, ...
  public let graph: Graph
  /// The edge of the original that each edge of the copies stands for: `gathered(edges)` takes features of edges along.
  public let edges: RowIndex
}

extension Graph {
  /// `counts[g]` copies of graph g (see ``graphSizes``), next to each other. The result is kept for the next call where all counts are
  /// equal.
  public func copies(_ counts: [Int]) -> GraphCopies {
    require(counts.count == graphSizes.count, "counts for \(graphSizes.count) graphs are expected, received \(counts.count)")
    guard let first = counts.first, counts.allSatisfy({ $0 == first }) else { return makeCopies(counts) }
    if let known = copies.withLock({ $0[first] }) { return known }
    let made = makeCopies(counts)
    copies.withLock { $0[first] = made }
    return made
  }

  private func makeCopies(_ counts: [Int]) -> GraphCopies {
    var (receiving, sending, source, sizes): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    var (start, edge, copy) = (0, 0, 0)
    for (size, count) in zip(graphSizes, counts) {
      // Edges are sorted by receiver, so those of one graph follow each other.
      let first = edge
      while edge < edgeCount, Int(receivers.rows[edge]) < start + size { edge += 1 }
      for _ in 0..<count {
        for k in first..<edge {
          receiving.append(Int(receivers.rows[k]) - start + copy)
          sending.append(Int(senders.rows[k]) - start + copy)
          source.append(k)
        }
        copy += size
        sizes.append(size)
      }
      start += size
    }
    return GraphCopies(
      graph: Graph(nodeCount: copy, receivers: receiving, senders: sending, graphSizes: sizes), edges: RowIndex(source, rowCount: edgeCount)
    )
  }
}
