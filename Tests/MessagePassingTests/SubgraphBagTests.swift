import Equivariant
import Foundation
import Testing

@Suite struct SubgraphBagTests {
  /// A triangle with a tail, a node without edges, a graph without nodes, two nodes without edges.
  static let host = GraphBatch<Double>([
    SimpleGraph(nodeCount: 4, edges: [(0, 1), (0, 2), (1, 2), (2, 3)]), SimpleGraph(nodeCount: 1, edges: []),
    SimpleGraph(nodeCount: 0, edges: []), SimpleGraph(nodeCount: 2, edges: []),
  ]).graph
  static let policies: [SubgraphPolicy] = [
    .ego(hops: 1), .ego(hops: 2), .egoWithIdentity(hops: 2), .nodeDeleted, .nodeMarked, .edgeDeleted,
  ]

  /// What a bag says of one subgraph, in numbers of the host.
  struct Description: Hashable, Comparable {
    var graph: Int
    var root: Int?
    var nodes: [Int]
    var edges: Set<[Int]>
    var marked: [Int]

    static func < (a: Description, b: Description) -> Bool { a.key.lexicographicallyPrecedes(b.key) }
    private var key: [Int] { [graph, root ?? -1] + nodes + [-1] + edges.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 } }

    /// The same under other numbers of the host's nodes.
    func relabelled(_ images: [Int]) -> Description {
      Description(
        graph: graph, root: root.map { images[$0] }, nodes: nodes.map { images[$0] }.sorted(),
        edges: Set(edges.map { $0.map { images[$0] }.sorted() }), marked: marked.map { images[$0] })
    }
  }

  static func descriptions(_ bag: SubgraphBag) -> [Description] {
    var result = (0..<bag.count).map {
      Description(graph: Int(bag.hostGraphs.rows[$0]), root: bag.roots[$0], nodes: [], edges: [], marked: [])
    }
    for (k, node) in bag.nodes.rows.enumerated() {
      let owner = Int(bag.membership.rows[k])
      result[owner].nodes.append(Int(node))
      if bag.marks[k] { result[owner].marked.append(Int(node)) }
    }
    let (union, host) = (bag.subgraphs, bag.host)
    for k in 0..<union.edgeCount {
      let (i, j) = (Int(union.receivers.rows[k]), Int(union.senders.rows[k]))
      #expect(bag.membership.rows[i] == bag.membership.rows[j])
      let ends = [Int(bag.nodes.rows[i]), Int(bag.nodes.rows[j])]
      let edge = Int(bag.edges.rows[k])
      #expect(ends == [Int(host.receivers.rows[edge]), Int(host.senders.rows[edge])])
      result[Int(bag.membership.rows[i])].edges.insert(ends.sorted())
    }
    #expect(result.map(\.nodes.count) == union.graphSizes && union.edgeCount == 2 * result.reduce(0) { $0 + $1.edges.count })
    #expect(result.allSatisfy { $0.nodes == $0.nodes.sorted() })
    return result
  }

  private static func archive() throws -> NumericArchive {
    try NumericArchive(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/ego_graphs.npz").path)
  }

  /// networkx's ego networks of nine graphs, 0 to 3 hops.
  @Test func egoNetworksOfNetworkX() throws {
    let archive = try Self.archive()
    func pairs(_ name: String) throws -> [(Int, Int)] {
      let values = try archive.ints(name)
      return (0..<values.count / 2).map { (values[2 * $0], values[2 * $0 + 1]) }
    }
    var edges = try pairs("edges")[...]
    let graphs = try zip(archive.ints("n_nodes"), archive.ints("n_edges")).map { n, m in
      defer { edges = edges.dropFirst(m) }
      return SimpleGraph(nodeCount: n, edges: Array(edges.prefix(m)))
    }
    let host = GraphBatch<Double>(graphs).graph
    let starts = graphs.indices.map { k in graphs[..<k].reduce(0) { $0 + $1.nodeCount } }
    let (counts, edgeCounts) = (try archive.ints("ego_counts"), try archive.ints("ego_edge_counts"))
    var (nodes, egoEdges) = (try archive.ints("ego_nodes")[...], try pairs("ego_edges")[...])
    for hops in 0..<4 {
      let bag = SubgraphBag(host, policy: .ego(hops: hops))
      #expect(bag.count == host.nodeCount && !bag.marks.contains(true))
      for (k, found) in Self.descriptions(bag).enumerated() {
        let (n, m) = (counts[hops * host.nodeCount + k], edgeCounts[hops * host.nodeCount + k])
        #expect(found.root == k && found.nodes.map { $0 - starts[found.graph] } == Array(nodes.prefix(n)))
        #expect(found.edges == Set(egoEdges.prefix(m).map { [$0.0 + starts[found.graph], $0.1 + starts[found.graph]] }))
        (nodes, egoEdges) = (nodes.dropFirst(n), egoEdges.dropFirst(m))
      }
    }
    #expect(nodes.isEmpty && egoEdges.isEmpty)
  }

  @Test func counts() {
    func sizes(_ policy: SubgraphPolicy) -> [Int] { SubgraphBag(Self.host, policy: policy).subgraphs.graphSizes }
    func edges(_ policy: SubgraphPolicy) -> Int { SubgraphBag(Self.host, policy: policy).subgraphs.edgeCount / 2 }
    #expect(sizes(.ego(hops: 0)) == [1, 1, 1, 1, 1, 1, 1] && sizes(.ego(hops: 1)) == [3, 3, 4, 2, 1, 1, 1])
    #expect(sizes(.egoWithIdentity(hops: 2)) == [4, 4, 4, 4, 1, 1, 1] && edges(.ego(hops: 1)) == 3 + 3 + 4 + 1)
    #expect(sizes(.nodeDeleted) == [3, 3, 3, 3, 0, 1, 1] && edges(.nodeDeleted) == 2 + 2 + 1 + 3)
    #expect(sizes(.nodeMarked) == [4, 4, 4, 4, 1, 2, 2] && edges(.nodeMarked) == 16)
    // Graphs without edges have themselves, and the one without nodes nothing.
    #expect(sizes(.edgeDeleted) == [4, 4, 4, 4, 1, 2] && edges(.edgeDeleted) == 4 * 3)
    let marked = SubgraphBag(Self.host, policy: .nodeMarked)
    #expect(marked.marks.count { $0 } == 7 && Self.descriptions(marked).allSatisfy { $0.marked == [$0.root] })
    #expect(marked.hostGraphs.rows == [0, 0, 0, 0, 1, 3, 3] && marked.hostGraphs.rowCount == 4)
    let empty = SubgraphBag(Graph(nodeCount: 0, receivers: [], senders: []), policy: .nodeMarked)
    #expect(empty.count == 0 && empty.subgraphs.nodeCount == 0)
  }

  /// Each edge is missing from one subgraph, and each node too.
  @Test func deletions() {
    let edges = Self.descriptions(SubgraphBag(Self.host, policy: .edgeDeleted)).prefix(4)
    let all: Set = [[0, 1], [0, 2], [1, 2], [2, 3]]
    #expect(edges.map { all.subtracting($0.edges) } == [[[0, 1]], [[0, 2]], [[1, 2]], [[2, 3]]] && edges.allSatisfy { $0.root == nil })
    let nodes = Self.descriptions(SubgraphBag(Self.host, policy: .nodeDeleted)).prefix(4)
    #expect(nodes.enumerated().allSatisfy { k, found in found.edges == all.filter { !$0.contains(k) } && !found.nodes.contains(k) })
  }

  @Test func sortedBySize() {
    for policy in Self.policies {
      let (plain, sorted) = (SubgraphBag(Self.host, policy: policy), SubgraphBag(Self.host, policy: policy, sortedBySize: true))
      let sizes = sorted.subgraphs.graphSizes
      #expect(sizes == sizes.sorted())
      let expected = Self.descriptions(plain).enumerated().sorted {
        ($0.element.nodes.count, $0.offset) < ($1.element.nodes.count, $1.offset)
      }
      #expect(Self.descriptions(sorted) == expected.map(\.element))
    }
  }

  /// Graphs under other numbers have the same subgraphs under these numbers; a bag that drops the last node of each has not.
  @Test func relabelling() {
    var generator = RandomSource(seed: 5)
    let edges = (0..<12).flatMap { j in (0..<j).filter { _ in Double.random(in: 0..<1, using: &generator) < 0.2 }.map { ($0, j) } }
    let host = GraphBatch<Double>([SimpleGraph(nodeCount: 12, edges: edges), Self.small]).graph
    func deviates(_ describe: (Graph) -> [Description]) -> Bool {
      let images = generator.permutation(12) + [12, 13, 14].shuffled(using: &generator)
      let moved = describe(host).map { $0.relabelled(images) }
      return moved.sorted() != describe(host.relabelled(images)).sorted()
    }
    for policy in Self.policies {
      let description = { Self.descriptions(SubgraphBag($0, policy: policy)) }
      for _ in 0..<3 { #expect(!deviates(description)) }
      #expect(
        deviates { graph in
          description(graph).map { found in
            var broken = found
            let last = broken.nodes.popLast()
            broken.edges = broken.edges.filter { !$0.contains(last ?? -1) }
            return broken
          }
        })
    }
  }

  private static let small = SimpleGraph(nodeCount: 3, edges: [(0, 2)])

  /// Rows of the host go to the subgraphs and back.
  @Test func features() {
    let bag = SubgraphBag(Self.host, policy: .ego(hops: 1))
    let x = Tensor((0..<7).map(Double.init), shape: [7, 1])
    #expect(x.gathered(bag.nodes).segmentMean(bag.nodes).elements == x.elements)
    #expect(Tensor<Double>.ones([bag.subgraphs.nodeCount, 1]).segmentSum(bag.membership).elements == [3, 3, 4, 2, 1, 1, 1])
    #expect(bag.nodes.multiplicities == [3, 3, 4, 2, 1, 1, 1])
  }
}

/// What is no simple undirected graph is refused.
@Suite struct SubgraphBagMisuseTests {
  @Test func oneDirection() async {
    await #expect(processExitsWith: .failure) {
      _ = SubgraphBag(Graph(nodeCount: 2, receivers: [0], senders: [1]), policy: .nodeMarked)
    }
  }
  @Test func loops() async {
    await #expect(processExitsWith: .failure) { _ = SubgraphBag(Graph(nodeCount: 1, receivers: [0], senders: [0]), policy: .nodeMarked) }
  }
  @Test func repeatedEdges() async {
    await #expect(processExitsWith: .failure) {
      _ = SubgraphBag(Graph(nodeCount: 2, receivers: [0, 0, 1, 1], senders: [1, 1, 0, 0]), policy: .nodeMarked)
    }
  }
}
