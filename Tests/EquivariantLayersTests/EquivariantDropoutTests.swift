import Equivariant
import Testing

@Suite struct EquivariantDropoutTests {
  let irreps = LayerChecks.irreps

  /// With the same random numbers it is equivariant; dropping single components is not.
  @Test func equivariance() {
    let layer = EquivariantDropout<Double>(irreps, probability: 0.4)
    LayerChecks.expectEquivariant(layer, EquivariantDropout<Float>(irreps, probability: 0.4), from: irreps, to: irreps)
    let training = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in
        var pass = ForwardPass<Double>.training(using: RandomSource(seed: 10))
        return layer(x, &pass)
      }, at: LayerChecks.features(irreps), to: irreps)
    #expect(training.value.isExact(.layer) && training.gradient.isExact(.layer), "\(training)")
    let broken = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in
        var generator = RandomSource(seed: 10)
        return IrrepsTensor(x.tensor * (.uniform(x.tensor.shape, using: &generator) .> 0.4), irreps: x.irreps)
      }, at: LayerChecks.features(irreps), to: irreps)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func statistics() {
    let layer = EquivariantDropout<Double>("2x0e+3x1o", probability: 0.3)
    let x = IrrepsTensor<Double>(.ones([4000, 11]), irreps: "2x0e+3x1o")
    #expect(layer(x).tensor == x.tensor)
    var pass = ForwardPass<Double>.training(using: RandomSource(seed: 11))
    let y = layer(x, &pass)
    let kept = (y.norms .> 0).sum().item / 20_000
    #expect(abs(kept - 0.7) < 0.015)
    let values = Set(y.tensor.elements)
    #expect(values == [0, 1 / 0.7])
    // Whole irreps.
    for part in y.parts { #expect(part == part.max(axis: -2, keepingDimensions: true).broadcast(to: part.shape)) }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = EquivariantDropout<Double>("1o", probability: 1) }
  }
}
