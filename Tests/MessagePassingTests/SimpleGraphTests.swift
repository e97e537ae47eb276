import Equivariant
import Testing

struct SimpleGraphTests {
  let house = SimpleGraph(nodeCount: 6, edges: [(1, 0), (1, 2), (3, 2), (0, 3), (4, 0), (1, 4)])

  @Test func parts() {
    #expect(house.nodeCount == 6 && house.edgeCount == 6)
    #expect(house.neighbors == [[1, 3, 4], [0, 2, 4], [1, 3], [0, 2], [0, 1], []])
    #expect(house.edges.elementsEqual([(0, 1), (0, 3), (0, 4), (1, 2), (1, 4), (2, 3)], by: ==))
    let graph = house.graph
    #expect(graph.edgeCount == 12 && graph.receivers.rows == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4])
    #expect(graph.senders.rows == [1, 3, 4, 0, 2, 4, 1, 3, 0, 2, 0, 1])
  }

  @Test func relabellingMovesEdges() {
    let images = [3, 5, 0, 1, 4, 2]
    let moved = house.relabelled(images)
    #expect(Set(moved.edges.map { Set([$0, $1]) }) == Set(house.edges.map { Set([images[$0], images[$1]]) }))
    #expect(moved != house && moved.relabelled([2, 3, 5, 0, 4, 1]) == house)
  }

  @Test func batchPlacesNodesOfGraphsInOrder() {
    let chain = SimpleGraph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    let batch = GraphBatch<Double>([house, chain], features: Tensor((0..<18).map(Double.init), shape: [9, 2]))
    #expect(batch.membership.rows == [0, 0, 0, 0, 0, 0, 1, 1, 1] && batch.graph.edgeCount == 16)
    #expect(batch.degrees.elements == [3, 3, 2, 2, 2, 0, 1, 2, 1])
    #expect(batch.padded(to: 7).rows == [0, 1, 2, 3, 4, 5, 7, 8, 9] && batch.padded(to: 7).rowCount == 14)
    #expect(batch.graph.senders.rows.suffix(4) == [7, 6, 8, 7])
    // Node 1 of the chain first, then 2, then 0, twice.
    let moved = batch.reordered([(1, [1, 2, 0]), (0, Array(0..<6)), (1, [1, 2, 0])])
    #expect(moved.graphs == [chain.relabelled([2, 0, 1]), house, chain.relabelled([2, 0, 1])])
    #expect(moved.features.elements.prefix(6) == [14, 15, 16, 17, 12, 13] && moved.degrees.elements.prefix(3) == [2, 1, 1])
    #expect(GraphBatch<Float>([chain]).features.elements == [1, 1, 1])
  }
}
