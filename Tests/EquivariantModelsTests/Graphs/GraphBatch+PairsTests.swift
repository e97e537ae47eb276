import Equivariant
import Testing

@Suite struct GraphBatchPairsTests {
  /// The adjacency matrix, and features on the diagonal, graph by graph.
  @Test func adjacencyAndFeatures() {
    let graphs = [SimpleGraph(nodeCount: 2, edges: [(0, 1)]), SimpleGraph(nodeCount: 3, edges: [(2, 0)])]
    let batch = GraphBatch<Double>(graphs, features: Tensor([1, 2, 3, 4, 5], shape: [5, 1]))
    let x = batch.pairFeatures(on: batch.pairSpace)
    #expect(x.shape == [13, 2])
    #expect(x.sliced(axis: 1, 0..<1).elements == [0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
    #expect(x.sliced(axis: 1, 1..<2).elements == [1, 0, 0, 2, 3, 0, 0, 0, 4, 0, 0, 0, 5])
  }
}
