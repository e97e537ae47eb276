import Equivariant
import Testing

@Suite struct PointNetTests {
  private func network(_ configuration: PointNet<Double>.Configuration) -> PointNet<Double> {
    var generator = RandomSource(seed: 1)
    return PointNet(configuration, using: &generator)
  }

  @Test func normals() throws {
    try PointNetworkChecks("pointnet-points").checkNormalized(
      network(.init(widths: [4, 5, 5, 6, 7], head: [6, 5], transforms: true, transformWidths: [4, 6], transformHead: [5])), perPoint: true)
  }

  @Test func classes() throws {
    try PointNetworkChecks("pointnet-clouds").checkNormalized(
      network(.init(widths: [4, 6], head: [5], output: .perCloud(4))), perPoint: false)
  }

  /// The published widths: 3·64 + 64·128 + ... + 4928·256 + ..., scale and shift of each normalisation, and one bias.
  @Test func publishedWidths() {
    var generator = RandomSource(seed: 1)
    let widths = [64, 128, 128, 512, 2048, 256, 256, 128]
    let inputs = [3, 64, 128, 128, 512, 4928, 256, 256]
    let expected = zip(inputs, widths).reduce(0) { $0 + $1.0 * $1.1 + 2 * $1.1 } + 128 * 3 + 3
    #expect(PointNet<Float>(using: &generator).parameterCount == expected)
  }
}
