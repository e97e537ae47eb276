import Equivariant
import Testing

@Suite struct DeepSetsTests {
  private func network(_ configuration: DeepSets<Double>.Configuration) -> DeepSets<Double> {
    var generator = RandomSource(seed: 1)
    return DeepSets(configuration, using: &generator)
  }

  @Test func points() throws {
    try PointNetworkChecks("deepsets-points").check(network(.init(widths: [4, 5], head: [4])), perPoint: true)
  }

  @Test func clouds() throws {
    try PointNetworkChecks("deepsets-clouds").check(
      network(.init(widths: [4, 5], head: [], output: .perCloud(2), pooling: .sum)), perPoint: false)
  }
}
