import EquivarianceTesting
import Equivariant
import Testing

@Suite struct SubscriptsTests {
  let x = Tensor<Double>((0..<24).map(Double.init), shape: [2, 4, 3])

  @Test func parts() {
    #expect(x[0..<1] == x.sliced(axis: 0, 0..<1))
    #expect(x[0..., 1] == x.selected(axis: 1, 1) && x[0..., 1].shape == [2, 3])
    #expect(x[1..., 2, ..<2] == Tensor([18, 19], shape: [1, 2]))
    #expect(x[1, 1...2, ...0] == Tensor([15, 18], shape: [2, 1]))
    #expect(x[0..., 2...2, 0...] == x.sliced(axis: 1, 2..<3))
    #expect(x[1, 3, 0...] == Tensor([21, 22, 23]) && x[1, 0...].shape == [4, 3])
    // One element, as before, and none.
    #expect(x[1, 3, 2] == 23)
    #expect(x[0..<0].shape == [0, 4, 3] && x[0..., 4...].shape == [2, 0, 3])
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 1)
    let report = checkDerivatives(of: { ($0[0][0..., 1..<3, 2].power(3)) }, at: [x * 0.1], order: 2, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    let variable = x.asVariable()
    let slope = gradient(of: variable[1, 2...].sum(), withRespectTo: variable)
    #expect(slope.sum().item == 6 && slope[1, 2, 0] == 1 && slope[0, 2, 0] == 0 && slope[1, 1, 2] == 0)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Tensor<Float>.zeros([2, 3])[0..<3] }
    await #expect(processExitsWith: .failure) { _ = Tensor<Float>.zeros([2, 3])[0..., 4...] }
    await #expect(processExitsWith: .failure) { _ = Tensor<Float>.zeros([2, 3])[0..<1, 0..<1, 0..<1] }
  }
}
