import DifferentiableTensors
import MessagePassing
import Testing

@Suite struct GraphTests {
  private func edges(_ graph: Graph) -> [[Int]] { zip(graph.receivers.rows, graph.senders.rows).map { [Int($0), Int($1)] } }

  @Test func sortsByReceiver() {
    let (receivers, senders) = ([2, 0, 1, 0, 2, 0], [0, 1, 2, 2, 1, 0])
    let graph = Graph(nodeCount: 4, receivers: receivers, senders: senders)
    #expect(graph.receivers.rows == [0, 0, 0, 1, 2, 2])
    // Edges of one receiver keep their order.
    #expect(graph.order == [1, 3, 5, 2, 0, 4])
    #expect(edges(graph) == graph.order.map { [receivers[$0], senders[$0]] })
    #expect(graph.edgeCount == 6 && graph.nodeCount == 4 && graph.receivers.rowCount == 4)
    #expect(graph.receivers.multiplicities == [3, 1, 2, 0])
  }

  @Test func keepsSortedEdges() {
    let graph = Graph(nodeCount: 3, receivers: [0, 0, 2], senders: [2, 1, 0])
    #expect(graph.order == [0, 1, 2] && edges(graph) == [[0, 2], [0, 1], [2, 0]])
  }

  @Test func withoutEdges() {
    let graph = Graph(nodeCount: 3, receivers: [], senders: [])
    #expect(graph.edgeCount == 0 && graph.receivers.multiplicities == [0, 0, 0])
    let x = Tensor<Float>.ones([3, 2])
    #expect(x.gathered(graph.senders).shape == [0, 2])
    #expect(x.gathered(graph.senders).scatterAdded(graph.receivers) == .zeros([3, 2]))
    #expect(x.gathered(graph.senders).segmentMean(graph.receivers) == .zeros([3, 2]))
  }

  @Test func complete() {
    let graph = Graph.complete(graphs: 2, nodes: 3)
    #expect(
      edges(graph) == [
        [0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1], [3, 4], [3, 5], [4, 3], [4, 5], [5, 3], [5, 4],
      ])
    #expect(graph.order == Array(0..<12))
    let loops = Graph.complete(nodes: 2, selfLoops: true)
    #expect(edges(loops) == [[0, 0], [0, 1], [1, 0], [1, 1]])
    #expect(Graph.complete(nodes: 1).edgeCount == 0)
  }

  @Test func batch() {
    let first = Graph(nodeCount: 2, receivers: [1, 0], senders: [0, 1])
    let batch = Graph.batch([first, Graph(nodeCount: 1, receivers: [], senders: []), .complete(nodes: 2)])
    #expect(batch.nodeCount == 5)
    #expect(edges(batch) == [[0, 1], [1, 0], [3, 4], [4, 3]])
    #expect(batch.order == [0, 1, 2, 3])
    #expect(edges(Graph.batch([.complete(nodes: 3), .complete(nodes: 3)])) == edges(.complete(graphs: 2, nodes: 3)))
    #expect(Graph.batch([]).nodeCount == 0)
  }

  @Test func relabelled() {
    var generator = RandomSource(seed: 1)
    let graph = Graph(nodeCount: 6, receivers: [5, 0, 3, 3, 1, 0, 2], senders: [0, 1, 1, 5, 4, 2, 2])
    let images = generator.permutation(6)
    let moved = graph.relabelled(images)
    #expect(moved.receivers.rows == moved.receivers.rows.sorted())
    for k in 0..<graph.edgeCount { #expect(edges(moved)[k] == edges(graph)[moved.order[k]].map { images[$0] }) }
    // Back again.
    var inverse = images
    for (i, image) in images.enumerated() { inverse[image] = i }
    #expect(Set(edges(moved.relabelled(inverse))) == Set(edges(graph)))
  }

  /// Graphs side by side keep their sizes under other numbers, in their new order; nodes that would lie among those of another graph trap.
  @Test func relabelledGraphsStayApart() async {
    let batch = Graph.batch([.complete(nodes: 2), .complete(nodes: 0), .complete(nodes: 3)])
    #expect(batch.relabelled([1, 0, 4, 2, 3]).graphSizes == [2, 0, 3])
    let swapped = batch.relabelled([4, 3, 0, 2, 1])
    #expect(swapped.graphSizes.filter { $0 > 0 } == [3, 2] && swapped.graphSizes.count == 3)
    #expect(Set(edges(swapped)) == Set(edges(.batch([.complete(nodes: 3), .complete(nodes: 2)]))))
    await #expect(processExitsWith: .failure) { _ = Graph.complete(graphs: 2, nodes: 2).relabelled([0, 2, 1, 3]) }
  }

  @Test func edgesBetweenGraphsTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Graph(nodeCount: 4, receivers: [0, 3], senders: [1, 1], graphSizes: [2, 2])
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("edges inside the graphs of [2, 2] nodes are expected, received one from node 1 to node 3"), "\(output)")
    await #expect(processExitsWith: .failure) { _ = Graph(nodeCount: 2, receivers: [], senders: [], graphSizes: [3, -1]) }
  }

  /// Sums over the edges of a node, against a plain loop.
  @Test func sumsOfMessages() {
    var generator = RandomSource(seed: 2)
    let graph = Graph(nodeCount: 5, receivers: [4, 0, 3, 3, 1, 0, 3], senders: [0, 1, 1, 4, 4, 2, 2])
    let x = Tensor<Double>.normal([5, 2], using: &generator)
    var expected = [Double](repeating: 0, count: 10)
    for e in edges(graph) { for c in 0..<2 { expected[e[0] * 2 + c] += x[e[1], c] } }
    let sums = x.gathered(graph.senders).scatterAdded(graph.receivers)
    for (a, b) in zip(sums.elements, expected) { #expect(abs(a - b) < 1e-15) }
    let means = x.gathered(graph.senders).segmentMean(graph.receivers)
    #expect(abs(means[3, 1] - expected[7] / 3) < 1e-15 && means[2, 0] == 0)
  }
}
