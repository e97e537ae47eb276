import Equivariant
import Testing

@Suite struct NodeBatchTests {
  private let graph = Graph.batch([.complete(nodes: 3), .complete(nodes: 1), .complete(nodes: 4)])

  @Test func restrictedGraphs() {
    let (part, edges) = graph.restricted(to: [0, 2, 5, 6])
    #expect(part.graphSizes == [2, 2] && part.receivers.rows == [0, 1, 2, 3] && part.senders.rows == [1, 0, 3, 2])
    for (k, edge) in edges.enumerated() {
      #expect([0, 2, 5, 6][Int(part.receivers.rows[k])] == graph.receivers.rows[edge])
      #expect([0, 2, 5, 6][Int(part.senders.rows[k])] == graph.senders.rows[edge])
    }
    let all = graph.restricted(to: Array(0..<8))
    #expect(all.graph.senders.rows == graph.senders.rows && all.edges == Array(0..<graph.edgeCount))
    let none = graph.restricted(to: [])
    #expect(none.graph.nodeCount == 0 && none.graph.graphSizes == [] && none.graph.membership.count == 0)
    #expect(graph.membership.rows == [0, 0, 0, 1, 2, 2, 2, 2] && graph.membership === graph.membership)
  }

  @Test func graphBatches() {
    let graphs = [SimpleGraph(nodeCount: 3, edges: [(0, 1)]), SimpleGraph(nodeCount: 2, edges: [(0, 1)])]
    let batch = GraphBatch<Double>(graphs, features: Tensor([0, 1, 2, 3, 4], shape: [5, 1]))
    #expect(batch.selected(graph: 1).graphs == [graphs[1]] && batch.selected(graph: 1).features == Tensor([3, 4], shape: [2, 1]))
    #expect(batch.restricted(to: [1, 2, 3]).graphs == [SimpleGraph(nodeCount: 2, edges: []), SimpleGraph(nodeCount: 1, edges: [])])
    // Node 0 becomes 2, node 1 becomes 0, node 2 becomes 1.
    let moved = batch.relabelled([2, 0, 1, 4, 3])
    #expect(moved.graphs[0] == SimpleGraph(nodeCount: 3, edges: [(2, 0)]) && moved.features.elements == [1, 2, 0, 4, 3])
    #expect(batch.converted(to: Float.self).features.elements == [0, 1, 2, 3, 4])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Graph.complete(nodes: 3).restricted(to: [1, 1]) }
    await #expect(processExitsWith: .failure) { _ = Graph.complete(nodes: 3).restricted(to: [3]) }
  }
}
