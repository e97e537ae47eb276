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

  /// Tables of one batch are made once, by policy and sizes, and go with its copies.
  @Test func spacesAreKept() {
    let graphs = [SimpleGraph(nodeCount: 3, edges: [(0, 1), (1, 2)]), SimpleGraph(nodeCount: 2, edges: [(0, 1)])]
    let batch = GraphBatch<Double>(graphs)
    #expect(batch.pairSpace === batch.pairSpace)
    let own = batch.subgraphSpace(.ego(hops: 1))
    #expect(own === batch.subgraphSpace(.ego(hops: 1)))
    #expect(own !== batch.subgraphSpace(.ego(hops: 2)) && own !== batch.subgraphSpace(.ego(hops: 1), sizes: [2, 3]))
    var copy = batch
    copy.features = copy.features * 2
    #expect(copy.pairSpace === batch.pairSpace)
    let other = batch.reordered([(1, [1, 0]), (0, [0, 1, 2])])
    #expect(other.pairSpace !== batch.pairSpace && other.pairSpace.sizes == [[2, 3]])
  }
}
