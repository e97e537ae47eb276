import Equivariant
import Testing

@testable import EquivariantModels

@Suite struct DGCNNTests {
  private func network(_ configuration: DGCNN<Double>.Configuration) -> DGCNN<Double> {
    var generator = RandomSource(seed: 1)
    return DGCNN(configuration, using: &generator)
  }

  @Test func points() throws {
    try PointNetworkChecks("dgcnn-points").checkNormalized(
      network(.init(neighbors: 3, widths: [[4, 4], [5]], embedding: 6, head: [5], output: .perPoint(2))), perPoint: true)
  }

  @Test func clouds() throws {
    try PointNetworkChecks("dgcnn-clouds").checkNormalized(
      network(.init(neighbors: 4, widths: [[4], [5]], embedding: 6, head: [5], output: .perCloud(3), pooling: .mean)), perPoint: false)
  }

  /// Fewer points than neighbours are asked for: all of them.
  @Test func smallClouds() {
    let model = network(.init(widths: [[4]], embedding: 4, head: [4]))
    var generator = RandomSource(seed: 2)
    #expect(model(.normal([2, 3, 3], using: &generator)).shape == [2, 3, 3])
  }

  /// Against sorted distances, in clouds with points that coincide.
  @Test(arguments: [1, 5, 40]) func nearestRows(_ k: Int) {
    var generator = RandomSource(seed: 3)
    let (clouds, n, w) = (3, 40, 7)
    var x = Tensor<Double>.normal([clouds, n, w], using: &generator).elements
    for c in 0..<w { x[c] = x[5 * w + c] }
    let found = Tensor(x, shape: [clouds, n, w]).nearestRows(k).rows
    for row in 0..<clouds * n {
      let cloud = row / n * n..<(row / n + 1) * n
      func distance(_ j: Int) -> Double { (0..<w).reduce(0) { $0 + (x[row * w + $1] - x[j * w + $1]) * (x[row * w + $1] - x[j * w + $1]) } }
      let sorted = cloud.map(distance).sorted().prefix(k)
      let mine = found[row * k..<(row + 1) * k].map { Int($0) }
      #expect(mine[0] == row && Set(mine).count == k && mine.allSatisfy(cloud.contains))
      for (j, expected) in zip(mine, sorted) { #expect(abs(distance(j) - expected) < 1e-12) }
    }
  }
}
