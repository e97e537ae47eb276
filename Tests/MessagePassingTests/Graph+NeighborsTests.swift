import DifferentiableTensors
import MessagePassing
import Testing

@Suite struct GraphNeighborsTests {
  /// Two clouds on a line: 0, 1, 3, 7 and four points that coincide.
  private let clouds = Tensor<Double>([0, 1, 3, 7, 5, 5, 5, 5], shape: [2, 4, 1])

  @Test func nearestPointsOfTheSameCloud() {
    let graph = Graph.nearestNeighbors(of: clouds, 2)
    #expect(graph.nodeCount == 8 && graph.receivers.rows == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
    // Of equally distant points those with lower numbers come first; a point is not its own neighbour.
    #expect(graph.senders.rows == [1, 2, 0, 2, 1, 0, 2, 1, 5, 6, 4, 6, 4, 5, 4, 5])
    let loops = Graph.nearestNeighbors(of: clouds, 2, selfLoops: true)
    #expect(loops.senders.rows == [0, 1, 1, 0, 2, 1, 3, 2, 4, 5, 4, 5, 4, 5, 4, 5])
    #expect(Graph.nearestNeighbors(of: clouds, 0).edgeCount == 0)
  }

  @Test func pointsWithinARadius() {
    let graph = Graph.radiusNeighbors(of: clouds, 2)
    #expect(zip(graph.receivers.rows, graph.senders.rows).prefix(4).map { [$0, $1] } == [[0, 1], [1, 0], [1, 2], [2, 1]])
    #expect(graph.receivers.multiplicities == [1, 2, 1, 0, 3, 3, 3, 3])
    #expect(Graph.radiusNeighbors(of: clouds, 2, selfLoops: true).receivers.multiplicities == [2, 3, 2, 1, 4, 4, 4, 4])
  }

  /// Each cloud is a graph of its own, of whatever sizes they are.
  @Test func cloudsStayApart() {
    #expect(Graph.nearestNeighbors(of: clouds, 2).graphSizes == [4, 4])
    #expect(Graph.radiusNeighbors(of: clouds, 2).graphSizes == [4, 4])
    #expect(Graph.nearestNeighbors(of: Tensor<Double>.zeros([3, 0, 2]), 1).graphSizes == [0, 0, 0])
    let rows = clouds.reshaped(8, 1)
    // The first cloud is cut in two, an empty one between them.
    for sizes in [[4, 4], [1, 0, 3, 4], [8]] {
      let graph = Graph.radiusNeighbors(of: rows, sizes: sizes, 2)
      #expect(graph.graphSizes == sizes && graph.nodeCount == 8)
      var start = 0
      let parts = sizes.map { size -> Graph in
        start += size
        return .radiusNeighbors(of: rows.sliced(axis: 0, start - size..<start).reshaped(1, size, 1), 2)
      }
      let batch = Graph.batch(parts)
      #expect(graph.receivers.rows == batch.receivers.rows && graph.senders.rows == batch.senders.rows)
    }
    #expect(Graph.nearestNeighbors(of: rows, sizes: [1, 0, 3, 4], 0).graphSizes == [1, 0, 3, 4])
    let ragged = Graph.nearestNeighbors(of: rows, sizes: [3, 5], 2)
    #expect(ragged.graphSizes == [3, 5] && ragged.senders.rows.prefix(6) == [1, 2, 0, 2, 1, 0])
    #expect(ragged.senders.rows.dropFirst(6).allSatisfy { $0 >= 3 })
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Graph.nearestNeighbors(of: Tensor<Double>.zeros([4, 3]), 1) }
    await #expect(processExitsWith: .failure) { _ = Graph.nearestNeighbors(of: Tensor<Double>.zeros([4, 3]), sizes: [3], 1) }
    await #expect(processExitsWith: .failure) { _ = Graph.nearestNeighbors(of: Tensor<Double>.zeros([4, 3]), sizes: [1, 3], 1) }
    await #expect(processExitsWith: .failure) { _ = Graph.radiusNeighbors(of: Tensor<Double>.zeros([4, 3]), sizes: [-1, 5], 1) }
  }

  /// Points in another order: the same neighbours under their new numbers.
  @Test func followsAPermutation() {
    var generator = RandomSource(seed: 8)
    let points = Tensor<Double>.normal([1, 60, 3], using: &generator)
    let images = generator.permutation(60)
    var inverse = images
    for (i, image) in images.enumerated() { inverse[image] = i }
    let moved = points.reshaped(60, 3).gathered(RowIndex(inverse, rowCount: 60)).reshaped(1, 60, 3)
    let (a, b) = (Graph.nearestNeighbors(of: points, 5).relabelled(images), Graph.nearestNeighbors(of: moved, 5))
    #expect(a.receivers.rows == b.receivers.rows && a.senders.rows == b.senders.rows)
  }
}
