import DifferentiableTensors
import Requirements

/// Subgraphs of the graphs of a batch, side by side as one graph.
///
/// Features go to the subgraphs by `gathered(nodes)` or, for those of edges, by `gathered(edges)`, and back to the host by
/// `scatterAdded(nodes)` or `segmentMean(nodes)`. Subgraphs come in the order of the host's graphs, and within one graph in the order of
/// the nodes that they belong to (for ``SubgraphPolicy/edgeDeleted`` in that of the edges, by their smaller and then their larger end),
/// unless they are sorted by size; the nodes of a subgraph keep their order. Under other numbers of the host's nodes the bag has the same
/// subgraphs under these numbers.
///
/// A node without edges has itself as its ego network; a graph of one node has a subgraph without nodes when that node is deleted; a graph
/// without nodes has no subgraphs.
public struct SubgraphBag: Sendable {
  /// What the subgraphs are.
  public let policy: SubgraphPolicy
  /// The graphs that the subgraphs are of.
  public let host: Graph
  /// The subgraphs side by side; their sizes are its ``Graph/graphSizes``.
  public let subgraphs: Graph
  /// The host's node of each node of the subgraphs.
  public let nodes: RowIndex
  /// The host's edge of each edge of the subgraphs.
  public let edges: RowIndex
  /// The subgraph of each node of the subgraphs.
  public let membership: RowIndex
  /// The host's graph of each subgraph, by its place in ``Graph/graphSizes``.
  public let hostGraphs: RowIndex
  /// The host's node around which each subgraph lies, or which it lacks, or which is marked in it; nil where an edge is deleted.
  public let roots: [Int?]
  /// Whether each node of the subgraphs is marked: none is unless the policy marks nodes.
  public let marks: [Bool]

  /// The number of subgraphs.
  public var count: Int { subgraphs.graphSizes.count }

  /// The subgraphs of the graphs side by side in `host`, in time and memory proportional to their nodes and edges and, for ego networks of
  /// more than one hop, to the edges that lead to their nodes.
  ///
  /// - Parameters:
  ///   - host: graphs without loops, each edge once in each direction; anything else traps.
  ///   - policy: which subgraphs there are; the number of hops is at least 0.
  ///   - sortedBySize: whether smaller subgraphs come first, with those of one size in their order.
  public init(_ host: Graph, policy: SubgraphPolicy, sortedBySize: Bool = false) {
    var builder = SubgraphBagBuilder(host)
    builder.collect(policy)
    let order = sortedBySize ? builder.orderBySize : Array(0..<builder.count)
    let union = builder.union(order)
    self.policy = policy
    self.host = host
    subgraphs = Graph(
      nodeCount: union.nodes.count, receivers: union.receivers, senders: union.senders, graphSizes: order.map { builder.size($0) })
    nodes = RowIndex(union.nodes, rowCount: host.nodeCount)
    edges = RowIndex(union.edges, rowCount: host.edgeCount)
    membership = RowIndex(
      order.enumerated().flatMap { place, k in repeatElement(place, count: builder.size(k)) }, rowCount: builder.count)
    hostGraphs = RowIndex(order.map { builder.graphs[$0] }, rowCount: host.graphSizes.count)
    let roots = order.map { builder.roots[$0] }
    self.roots = roots
    let nodes = union.nodes
    marks =
      policy.marksNodes
      ? zip(nodes, membership.rows).map { roots[Int($1)] == $0 } : [Bool](repeating: false, count: nodes.count)
  }
}

/// Collects the nodes of subgraphs, then their edges.
private struct SubgraphBagBuilder {
  /// The edges into node i are `firstEdge[i] ..< firstEdge[i + 1]`, from `senders`.
  private let firstEdge: [Int]
  private let senders: [Int32]
  private let sizes: [Int]
  /// Subgraph k has the nodes `members[firstMember[k] ..< firstMember[k + 1]]`, in increasing order.
  private var members: [Int] = []
  private var firstMember = [0]
  /// The ends of the edge that a subgraph lacks.
  private var deleted: [(Int, Int)?] = []
  private(set) var roots: [Int?] = []
  private(set) var graphs: [Int] = []

  var count: Int { graphs.count }
  func size(_ k: Int) -> Int { firstMember[k + 1] - firstMember[k] }
  var orderBySize: [Int] { (0..<count).sorted { (size($0), $0) < (size($1), $1) } }

  init(_ host: Graph) {
    let n = host.nodeCount
    senders = host.senders.rows
    sizes = host.graphSizes
    var firstEdge = [Int](repeating: 0, count: n + 1)
    for receiver in host.receivers.rows { firstEdge[Int(receiver) + 1] += 1 }
    for i in 0..<n { firstEdge[i + 1] += firstEdge[i] }
    self.firstEdge = firstEdge
    // The receivers of the edges from each node, in increasing order, are its neighbours once more.
    var (place, reversed) = (firstEdge, [Int32](repeating: -1, count: senders.count))
    for (receiver, sender) in zip(host.receivers.rows, senders) where place[Int(sender)] < firstEdge[Int(sender) + 1] {
      reversed[place[Int(sender)]] = receiver
      place[Int(sender)] += 1
    }
    for i in 0..<n {
      let range = firstEdge[i]..<firstEdge[i + 1]
      let isIncreasing = zip(senders[range], senders[range].dropFirst()).allSatisfy { $0 < $1 }
      let neighbors = isIncreasing ? senders[range] : senders[range].sorted()[...]
      require(
        neighbors.elementsEqual(reversed[range]) && zip(neighbors, neighbors.dropFirst()).allSatisfy { $0 < $1 }
          && !neighbors.contains(Int32(i)),
        "a graph without loops, each edge once in each direction, is expected, received another one at node \(i)")
    }
  }

  mutating func collect(_ policy: SubgraphPolicy) {
    var search = NeighborhoodSearch(nodes: firstEdge.count - 1)
    var start = 0
    for (graph, size) in sizes.enumerated() {
      let all = start..<start + size
      start += size
      switch policy {
      case .ego(let hops), .egoWithIdentity(let hops):
        require(hops >= 0, "at least 0 hops are expected, received \(hops)")
        for root in all {
          search.find(around: root, hops: hops, firstEdge: firstEdge, senders: senders)
          members += search.found
          close(graph, root: root)
        }
      case .nodeDeleted:
        for root in all {
          members += all.lowerBound..<root
          members += root + 1..<all.upperBound
          close(graph, root: root)
        }
      case .nodeMarked:
        for root in all {
          members += all
          close(graph, root: root)
        }
      case .edgeDeleted:
        guard size > 0 else { continue }
        let before = count
        for i in all {
          for edge in firstEdge[i]..<firstEdge[i + 1] where senders[edge] > i {
            members += all
            close(graph, without: (i, Int(senders[edge])))
          }
        }
        if count == before {
          members += all
          close(graph)
        }
      }
    }
  }

  /// Ends a subgraph of the given graph.
  private mutating func close(_ graph: Int, root: Int? = nil, without edge: (Int, Int)? = nil) {
    firstMember.append(members.count)
    graphs.append(graph)
    roots.append(root)
    deleted.append(edge)
  }

  /// The subgraphs of the given numbers side by side, and the host's node and edge of each node and edge.
  func union(_ order: [Int]) -> (nodes: [Int], receivers: [Int], senders: [Int], edges: [Int]) {
    var (nodes, receiving, sending, edges): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    nodes.reserveCapacity(members.count)
    // Where each node of the host is in the present subgraph, and the last subgraph that has it.
    var place = [Int](repeating: 0, count: firstEdge.count)
    var owner = [Int](repeating: -1, count: firstEdge.count)
    for k in order {
      let own = members[firstMember[k]..<firstMember[k + 1]]
      let start = nodes.count
      for (offset, node) in own.enumerated() {
        place[node] = start + offset
        owner[node] = k
      }
      nodes += own
      // No node has the number -1.
      let (a, b) = deleted[k] ?? (-1, -1)
      for node in own {
        for edge in firstEdge[node]..<firstEdge[node + 1] {
          let sender = Int(senders[edge])
          guard owner[sender] == k, !(node == a && sender == b), !(node == b && sender == a) else { continue }
          receiving.append(place[node])
          sending.append(place[sender])
          edges.append(edge)
        }
      }
    }
    return (nodes, receiving, sending, edges)
  }
}

/// A breadth-first search that does not clear its marks between calls.
private struct NeighborhoodSearch {
  /// The nodes that the last search has found, in increasing order.
  private(set) var found: [Int] = []
  private var lastRoot: [Int]

  init(nodes: Int) { lastRoot = [Int](repeating: -1, count: nodes) }

  mutating func find(around root: Int, hops: Int, firstEdge: [Int], senders: [Int32]) {
    found.removeAll(keepingCapacity: true)
    found.append(root)
    lastRoot[root] = root
    var begin = 0
    for _ in 0..<hops {
      let end = found.count
      if begin == end { break }
      for k in begin..<end {
        for edge in firstEdge[found[k]]..<firstEdge[found[k] + 1] {
          let node = Int(senders[edge])
          if lastRoot[node] != root {
            lastRoot[node] = root
            found.append(node)
          }
        }
      }
      begin = end
    }
    found.sort()
  }
}
