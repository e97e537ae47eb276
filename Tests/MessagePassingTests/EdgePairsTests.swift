import Equivariant
import Testing

/// Every edge once: as the first or the second of a pair, or as a loop.
@Suite struct EdgePairsTests {
  /// A random graph with loops, repeated edges and edges without a way back.
  private func graph() -> Graph {
    var generator = RandomSource(seed: 1)
    let ends = (0..<200).map { _ in (Int(generator.uniform() * 12), Int(generator.uniform() * 12)) }
    return Graph(nodeCount: 12, receivers: ends.map(\.0), senders: ends.map(\.1))
  }

  /// How often each edge (receiver, sender) is there.
  private func counted(_ edges: [(Int, Int)]) -> [Int: Int] { Dictionary(edges.map { ($0.0 * 100 + $0.1, 1) }, uniquingKeysWith: +) }

  @Test(arguments: [true, false]) func everyEdgeIsThereOnce(joined: Bool) {
    let graph = graph()
    let pairs = graph.edgePairs(joiningReversed: joined)
    var edges = pairs.loops.rows.map { (Int($0), Int($0)) }
    for k in 0..<pairs.count {
      let (i, j) = (Int(pairs.receivers.rows[k]), Int(pairs.senders.rows[k]))
      #expect(i != j)
      edges.append((i, j))
      if pairs.isMutual[k] { edges.append((j, i)) }
      let edge = Int(pairs.edges.rows[k])
      #expect(Int(graph.receivers.rows[edge]) == i && Int(graph.senders.rows[edge]) == j)
    }
    #expect(counted(edges) == counted(zip(graph.receivers.rows, graph.senders.rows).map { (Int($0), Int($1)) }))
    #expect(pairs.isMutual.contains(true) == joined)
    // No edge waits for a way back that is there.
    let single = (0..<pairs.count).filter { !pairs.isMutual[$0] }.map { (Int(pairs.receivers.rows[$0]), Int(pairs.senders.rows[$0])) }
    if joined { #expect(single.allSatisfy { a in !single.contains { $0 == (a.1, a.0) } }) }
    #expect(graph.edgePairs(joiningReversed: joined) === pairs)
  }

  /// The plain way, by a dictionary: the last first edge that waits for the reverse one is taken.
  @Test func pairsAreThoseOfADictionary() {
    var generator = RandomSource(seed: 2)
    for (nodes, count) in [(1, 5), (4, 60), (12, 200), (300, 2000)] {
      let ends = (0..<count).map { _ in (Int.random(in: 0..<nodes, using: &generator), Int.random(in: 0..<nodes, using: &generator)) }
      let graph = Graph(nodeCount: nodes, receivers: ends.map(\.0), senders: ends.map(\.1))
      var (waiting, first, mutual): ([Int: [Int]], [Int], [Bool]) = ([:], [], [])
      for edge in 0..<graph.edgeCount {
        let (i, j) = (Int(graph.receivers.rows[edge]), Int(graph.senders.rows[edge]))
        if i == j { continue }
        if let pair = waiting[j * nodes + i]?.popLast() {
          mutual[pair] = true
        } else {
          waiting[i * nodes + j, default: []].append(first.count)
          first.append(edge)
          mutual.append(false)
        }
      }
      let pairs = graph.edgePairs(joiningReversed: true)
      #expect(pairs.edges.rows == first.map { Int32($0) } && pairs.isMutual == mutual, "\(nodes) nodes, \(count) edges")
    }
  }

  @Test func completeGraphsHaveMutualPairsOnly() {
    let pairs = Graph.complete(graphs: 3, nodes: 5, selfLoops: true).edgePairs(joiningReversed: true)
    #expect(pairs.count == 30 && pairs.isMutual.allSatisfy { $0 } && pairs.loops.count == 15)
  }
}
