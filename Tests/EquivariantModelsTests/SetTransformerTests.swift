import Equivariant
import Testing

@Suite struct SetTransformerTests {
  private func network(_ configuration: SetTransformer<Double>.Configuration) -> SetTransformer<Double> {
    var generator = RandomSource(seed: 1)
    return SetTransformer(configuration, using: &generator)
  }

  @Test func points() throws {
    try PointNetworkChecks("set-transformer-points").check(network(.init(width: 4, heads: 2, inducing: 3)), perPoint: true)
  }

  @Test func clouds() throws {
    try PointNetworkChecks("set-transformer-clouds").check(
      network(.init(width: 4, heads: 2, inducing: 3, layers: 1, output: .perCloud(2))), perPoint: false)
  }
}
