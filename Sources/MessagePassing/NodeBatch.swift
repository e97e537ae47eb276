import DifferentiableTensors
import Requirements

/// Graphs side by side with features on their nodes: the input of message-passing networks. The requirements are those for checking whether
/// a network treats each graph by itself and all nodes alike.
public protocol NodeBatch: Sendable {
  /// The graphs.
  var graph: Graph { get }
  /// The same batch under other numbers: node i becomes node `images[i]`, a permutation that keeps the nodes of each graph together.
  func relabelled(_ images: [Int]) -> Self
  /// Some nodes, in ascending order, with the edges among them; graphs without any of them disappear.
  func restricted(to nodes: [Int]) -> Self
}

extension NodeBatch {
  /// The batch of one of the graphs alone.
  public func selected(graph number: Int) -> Self {
    let start = graph.graphSizes[..<number].reduce(0, +)
    return restricted(to: Array(start..<start + graph.graphSizes[number]))
  }
}

/// Which number becomes each of 0 ..< n where number i becomes `images[i]`; traps unless these are a permutation.
package func inversePermutation(_ images: [Int]) -> [Int] {
  var result = [Int](repeating: -1, count: images.count)
  for (i, image) in images.enumerated() {
    require(
      result.indices.contains(image) && result[image] < 0, "a permutation of 0 ..< \(images.count) is expected, received \(images)")
    result[image] = i
  }
  return result
}

extension Graph {
  /// The graph of some of the nodes, in ascending order, and of the edges among them, whose numbers come with it; graphs without any of the
  /// nodes disappear.
  public func restricted(to nodes: [Int]) -> (graph: Graph, edges: [Int]) {
    var places = [Int?](repeating: nil, count: nodeCount)
    var last = -1
    for (place, node) in nodes.enumerated() {
      require(node > last && node < nodeCount, "numbers of nodes in ascending order below \(nodeCount) are expected, received \(nodes)")
      (places[node], last) = (place, node)
    }
    var (start, sizes): (Int, [Int]) = (0, [])
    for size in graphSizes {
      let kept = places[start..<start + size].count { $0 != nil }
      if kept > 0 { sizes.append(kept) }
      start += size
    }
    let edges = (0..<edgeCount).filter { places[Int(receivers.rows[$0])] != nil && places[Int(senders.rows[$0])] != nil }
    let graph = Graph(
      nodeCount: nodes.count, receivers: edges.map { places[Int(receivers.rows[$0])]! },
      senders: edges.map { places[Int(senders.rows[$0])]! },
      graphSizes: sizes)
    return (graph, edges)
  }
}

extension AtomBatch: NodeBatch {
  /// Some atoms, in ascending order, with the edges among them; structures without any of them disappear.
  public func restricted(to nodes: [Int]) -> AtomBatch {
    AtomBatch(
      atomicNumbers: nodes.map { atomicNumbers[$0] }, positions: positions.gathered(RowIndex(nodes, rowCount: atomCount)),
      graph: graph.restricted(to: nodes).graph)
  }
}
