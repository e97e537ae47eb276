import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct RadialFunctionsTests {
  /// √(2/4) sin(nπ/4 · r)/r at r = 1 and 2 by hand; Gaussians of width 2 at 0, 2, 4.
  @Test func values() {
    let bessel = RadialFunctions<Double>(.bessel, cutoff: 4, count: 2)(Tensor([1, 2]))
    let root = 0.5.squareRoot()
    #expect(largestDifference(bessel.elements, [root * root, root, root / 2, 0]) < 1e-15)
    let gauss = RadialFunctions<Double>(.gaussian, cutoff: 4, count: 3)(Tensor([2]))
    #expect(largestDifference(gauss.elements, [0.6065306597126334, 1, 0.6065306597126334]) < 1e-15)
  }

  /// Frequencies are parameters where they are trained, and else buffers; widths are always saved.
  @Test func roles() {
    #expect(RadialFunctions<Double>(cutoff: 4, count: 2, isTrained: true).namedTensors.map(\.role) == [.parameter])
    #expect(RadialFunctions<Double>(.gaussian, cutoff: 4, count: 2).namedTensors.map(\.path) == ["places", "widths"])
    #expect(RadialFunctions<Double>(.gaussian, cutoff: 4, count: 2).namedTensors.map(\.role) == [.buffer, .buffer])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = RadialFunctions<Double>(cutoff: 0, count: 2) }
    await #expect(processExitsWith: .failure) { _ = RadialFunctions<Double>(.gaussian, cutoff: 1, count: 1) }
  }
}
