import DifferentiableTensors
import MessagePassing
import Requirements

/// The tuples of nodes of the subgraphs of a bag, and which tuples of the host each of them is a copy of.
///
/// Order 0 has one row for each subgraph, order 1 one for each node of a subgraph, and order 2 one for each pair of nodes of a subgraph. In
/// the host, order 0 has the graphs, order 1 the nodes, and order 2 the pairs of nodes that occur together in some subgraph; for ego
/// networks of bounded degree these are as many as there are nodes, up to a factor. Time and memory grow with the pairs of the subgraphs.
/// Make one for a batch and give it to all layers.
public final class SubgraphSpace: Sendable {
  /// The subgraphs, sorted by size.
  public let bag: SubgraphBag
  /// The pairs of nodes of the host that occur together, in lexicographic order.
  public let hostPairs: [(Int, Int)]
  /// The host's pair of each pair of nodes of a subgraph.
  public let pairs: RowIndex
  /// Subgraphs that share their weights, of sizes above the previous bound and up to their own.
  let classes: [SizeClass]
  private let layout: PairLayout
  private let memo = Memo<Int>()

  struct SizeClass: Sendable {
    /// The place of its weights.
    let number: Int
    let tuples: TupleSpace
    /// The rows of features of orders 0 to 2.
    let rows: [Range<Int>]
  }

  /// The subgraphs of graphs side by side; a subgraph of m nodes has the weights of the first of `sizes` (in increasing order) that is at
  /// least m, or of the last one. Without sizes, all have the same weights.
  public init(_ host: Graph, policy: SubgraphPolicy, sizes: [Int] = []) {
    require(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 }, "increasing sizes are expected, received \(sizes)")
    bag = SubgraphBag(host, policy: policy, sortedBySize: true)
    let all = bag.subgraphs.graphSizes
    var (classes, starts, first): ([SizeClass], [Int], Int) = ([], [0, 0, 0], 0)
    while first < all.count {
      let number = SubgraphSpace.weights(of: all[first], sizes)
      let end = all[first...].firstIndex { SubgraphSpace.weights(of: $0, sizes) != number } ?? all.count
      let own = Array(all[first..<end])
      let counts = [own.count, own.reduce(0, +), own.reduce(0) { $0 + $1 * $1 }]
      classes.append(
        SizeClass(number: number, tuples: TupleSpace(sizes: own), rows: zip(starts, counts).map { $0..<$0 + $1 }))
      (starts, first) = (zip(starts, counts).map { $0 + $1 }, end)
    }
    self.classes = classes
    layout = PairLayout(sizes: all)
    (hostPairs, pairs) = SubgraphSpace.pairs(of: bag, layout)
  }

  /// The place in `sizes` of the weights for a subgraph of m nodes; 0 without sizes.
  public static func weights(of m: Int, _ sizes: [Int]) -> Int { sizes.firstIndex { $0 >= m } ?? max(0, sizes.count - 1) }

  /// The sizes that at least a given share of the subgraphs have, and the largest size. Used as `sizes`, they merge rare sizes with the
  /// next larger one.
  public static func frequentSizes(of subgraphs: [Int], share: Double = 0.02) -> [Int] {
    let counts = Dictionary(grouping: subgraphs) { $0 }.mapValues(\.count)
    let largest = subgraphs.max()
    return counts.keys.filter { $0 == largest || Double(counts[$0]!) >= share * Double(subgraphs.count) }.sorted()
  }

  /// The number of rows of features of an order on the subgraphs.
  public func rowCount(order: Int) -> Int { hostRows(order: order).count }

  /// The row of a pair of nodes of one subgraph, given as nodes of the bag.
  package func pairRow(_ p: Int, _ q: Int) -> Int { layout.row(p, q, in: Int(bag.membership.rows[p])) }

  /// The row of the host that each row of a subgraph is a copy of: graphs (order 0), nodes (1), pairs (2).
  public func hostRows(order: Int) -> RowIndex {
    require((0...2).contains(order), "an order from 0 to 2 is expected, received \(order)")
    return order == 0 ? bag.hostGraphs : order == 1 ? bag.nodes : pairs
  }

  /// The graph of each row of the host.
  public func graphsOfHost(order: Int) -> RowIndex {
    memo.value(order) {
      let sizes = bag.host.graphSizes
      let ofNode = sizes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
      let rows = order == 0 ? Array(sizes.indices) : order == 1 ? ofNode : hostPairs.map { ofNode[$0.0] }
      return RowIndex(rows, rowCount: sizes.count)
    }
  }

  /// The graph of each row of the subgraphs.
  public func graphsOfSubgraphs(order: Int) -> RowIndex {
    memo.value(3 + order) {
      let host = graphsOfHost(order: order)
      return RowIndex(hostRows(order: order).rows.map { Int(host.rows[Int($0)]) }, rowCount: host.rowCount)
    }
  }

  /// The pairs of the host, node by node: a node's partners are marked while the subgraphs that contain it are visited.
  private static func pairs(of bag: SubgraphBag, _ layout: PairLayout) -> ([(Int, Int)], RowIndex) {
    let (nodes, owners, firstNode) = (bag.nodes.rows, bag.membership.rows, layout.firstNode)
    // The places of each node of the host, one after the other.
    var place = [Int](repeating: 0, count: bag.host.nodeCount + 1)
    for node in nodes { place[Int(node) + 1] += 1 }
    for i in 0..<bag.host.nodeCount { place[i + 1] += place[i] }
    let ends = place
    var copies = [Int](repeating: 0, count: nodes.count)
    for (k, node) in nodes.enumerated() {
      copies[place[Int(node)]] = k
      place[Int(node)] += 1
    }
    var hostPairs: [(Int, Int)] = []
    var rows = [Int](repeating: 0, count: layout.firstPair.last!)
    var rowOfPartner = [Int](repeating: -1, count: bag.host.nodeCount)
    var partners: [Int] = []
    for i in 0..<bag.host.nodeCount {
      let own = copies[ends[i]..<ends[i + 1]]
      let start = hostPairs.count
      partners.removeAll(keepingCapacity: true)
      for k in own {
        let s = Int(owners[k])
        for q in firstNode[s]..<firstNode[s + 1] {
          let j = Int(nodes[q])
          if rowOfPartner[j] < start {
            rowOfPartner[j] = start
            partners.append(j)
          }
        }
      }
      partners.sort()
      for (offset, j) in partners.enumerated() {
        rowOfPartner[j] = start + offset
        hostPairs.append((i, j))
      }
      for k in own {
        let s = Int(owners[k])
        for q in firstNode[s]..<firstNode[s + 1] { rows[layout.row(k, q, in: s)] = rowOfPartner[Int(nodes[q])] }
      }
    }
    return (hostPairs, RowIndex(rows, rowCount: hostPairs.count))
  }
}

/// Where the pairs of nodes of each subgraph are: subgraph by subgraph, in lexicographic order.
private struct PairLayout: Sendable {
  private(set) var firstNode = [0]
  private(set) var firstPair = [0]

  init(sizes: [Int]) {
    for m in sizes {
      firstNode.append(firstNode.last! + m)
      firstPair.append(firstPair.last! + m * m)
    }
  }

  /// The row of nodes p and q of subgraph s, numbered through the bag.
  @inline(__always) func row(_ p: Int, _ q: Int, in s: Int) -> Int {
    let start = firstNode[s]
    return firstPair[s] + (p - start) * (firstNode[s + 1] - start) + q - start
  }
}
