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
