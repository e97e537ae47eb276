import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct IrrepsRMSNormTests {
  /// s = ½ (3² + (1 + 4 + 4)/9) = 5 by hand; a row of zeros stays.
  @Test func values() {
    var norm = IrrepsRMSNorm<Double>("1x0e + 1x1o")
    norm.scales = Tensor([2, 3])
    let y = norm(IrrepsTensor(Tensor([3, 1, 2, 2, 0, 0, 0, 0], shape: [2, 4]), irreps: "1x0e + 1x1o")).tensor.elements
    let root = 5.0.squareRoot()
    #expect(largestDifference(y, [6 / root, 3 / root, 6 / root, 6 / root, 0, 0, 0, 0]) < 1e-11)
  }

  @Test func equivariance() {
    var source = RandomSource(seed: 2)
    let irreps: Irreps<O3> = "3x0e + 2x1o + 2x2e"
    let norm = IrrepsRMSNorm<Double>(irreps)
    let report = measureEquivariance(
      of: { norm(IrrepsTensor($0, irreps: irreps)).tensor }, under: O3(), input: .irreps(irreps), output: .irreps(irreps),
      at: [.normal([4, irreps.dimension], using: &source)], using: &source)
    #expect(report.relativeError < 1e-13, "\(report)")
  }
}
