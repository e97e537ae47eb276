import Equivariant
import Testing

@Suite struct SubgraphSpaceTests {
  /// A triangle with a tail, a node without edges, a graph without nodes, and a ring of five.
  static let graphs = [
    SimpleGraph(nodeCount: 4, edges: [(0, 1), (0, 2), (1, 2), (2, 3)]), SimpleGraph(nodeCount: 1, edges: []),
    SimpleGraph(nodeCount: 0, edges: []), SimpleGraph(nodeCount: 5, edges: (0..<5).map { ($0, ($0 + 1) % 5) }),
  ]
  static let policies: [SubgraphPolicy] = [.ego(hops: 1), .egoWithIdentity(hops: 2), .nodeDeleted, .nodeMarked, .edgeDeleted]

  /// The pairs of the host are those of the subgraphs, each once and in order, and every row is of its own pair, node and graph.
  @Test(arguments: policies) func rows(policy: SubgraphPolicy) {
    let space = SubgraphSpace(GraphBatch<Double>(Self.graphs).graph, policy: policy, sizes: [2, 3, 5])
    let bag = space.bag
    var (expected, row, node): (Set<[Int]>, Int, Int) = ([], 0, 0)
    for m in bag.subgraphs.graphSizes {
      for p in node..<node + m {
        for q in node..<node + m {
          let pair = space.hostPairs[Int(space.pairs.rows[row])]
          #expect([pair.0, pair.1] == [Int(bag.nodes.rows[p]), Int(bag.nodes.rows[q])])
          expected.insert([pair.0, pair.1])
          row += 1
        }
      }
      node += m
    }
    #expect(row == space.rowCount(order: 2) && space.rowCount(order: 1) == node && space.rowCount(order: 0) == bag.count)
    let pairs = space.hostPairs.map { [$0.0, $0.1] }
    #expect(pairs == expected.sorted { $0.lexicographicallyPrecedes($1) })
    let graphOfNode = [0, 0, 0, 0, 1, 3, 3, 3, 3, 3]
    #expect(space.graphsOfHost(order: 1).rows.map { Int($0) } == graphOfNode)
    #expect(space.graphsOfHost(order: 2).rows.map { Int($0) } == pairs.map { graphOfNode[$0[0]] })
    #expect(space.graphsOfHost(order: 0).rows.map { Int($0) } == [0, 1, 2, 3])
    #expect(space.graphsOfSubgraphs(order: 1).rows.map { Int($0) } == bag.nodes.rows.map { graphOfNode[Int($0)] })
    #expect(space.graphsOfSubgraphs(order: 0).rows == bag.hostGraphs.rows)
  }

  /// Weights of 2 for one or two nodes, of 3 for three, of 5 for more.
  @Test func classesOfSizes() {
    #expect([0, 1, 2, 3, 4, 5, 9].map { SubgraphSpace.weights(of: $0, [2, 3, 5]) } == [0, 0, 0, 1, 2, 2, 2])
    #expect(SubgraphSpace.weights(of: 7, []) == 0)
  }

  /// Two thirds of the subgraphs have 3 nodes; 2 and 9 are rare, but 9 is the largest.
  @Test func frequentSizes() {
    let sizes = Array(repeating: 3, count: 20) + Array(repeating: 4, count: 8) + [2, 9]
    #expect(SubgraphSpace.frequentSizes(of: sizes, share: 0.1) == [3, 4, 9])
    #expect(SubgraphSpace.frequentSizes(of: sizes, share: 0.01) == [2, 3, 4, 9])
    #expect(SubgraphSpace.frequentSizes(of: []) == [])
  }
}
