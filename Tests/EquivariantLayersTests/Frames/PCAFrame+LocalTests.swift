import Equivariant
import Testing

struct PCAFrameLocalTests {
  /// A plain network of each neighbour's place, summed over the neighbours, in the frames of the neighbourhood: exact under motions.
  @Test func neighborhoods() {
    var generator = RandomSource(seed: 1)
    let network = MLP<Double>(widths: [3, 16, 3], activation: .tanh, using: &generator)
    let cube = FrameChecks.clouds.first { $0.name == "cube" }!.points
    // Twelve points at random, a cube, and one alone.
    let points = Tensor<Double>.concatenated(
      [.normal([12, 3], using: &generator), Tensor(rows: cube) * 0.5 + 10, Tensor(rows: [[30.0, 0, 0]])], axis: 0)
    for frame in [PCAFrame(.e(3)), PCAFrame(.se(3), degeneracy: .weighted())] {
      func vectors(_ x: Tensor<Double>, _ graph: Graph) -> Tensor<Double> {
        let frames = frame.neighborhoods(of: x, in: graph)
        let each = frames.gathered(graph.receivers)
        let seen = network(each.framed(x.gathered(graph.senders), as: [.points()]))
        return each.averaged(seen, as: [.vectors()]).scatterAdded(graph.receivers)
      }
      let cloud = points.expandingAxis(0)
      for graph in [Graph.radiusNeighbors(of: cloud, 1.2), .nearestNeighbors(of: cloud, 4)] {
        #expect(graph.nodeCount == 21 && graph.edgeCount > 24)
        let report = measureEquivariance(
          of: { vectors($0, graph) }, under: EuclideanGroup.se(3), input: FrameChecks.action([.points()], 3),
          output: FrameChecks.action([.vectors()], 3), at: [points], elements: 8, using: &generator)
        #expect(report.relativeError < 1e-11, "\(report)")
      }
    }
  }
}
