import Equivariant
import Testing

@Suite struct EquivariantLayerNormTests {
  let irreps = LayerChecks.irreps

  private func layer<S: TensorScalar>(_ type: S.Type) -> EquivariantLayerNorm<S> {
    LayerChecks.randomized(EquivariantLayerNorm<S>(irreps))
  }

  @Test func equivariance() {
    LayerChecks.expectEquivariant(layer(Double.self), layer(Float.self), from: irreps, to: irreps)
    // Odd scalars that lose their mean stay equivariant; vectors normalised with the usual layer normalisation do not.
    let usual = LayerNorm<Double>(6)
    let broken = LayerChecks.equivariance(
      of: { IrrepsTensor(usual($0.tensor), irreps: $0.irreps) }, at: LayerChecks.features("2x1o"), to: "2x1o")
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    LayerChecks.expectDerivatives(
      of: LayerChecks.randomized(EquivariantLayerNorm<Double>("3x0e+2x1o+1x1o")), at: LayerChecks.features("3x0e+2x1o+1x1o"))
  }

  /// On 0e it is the usual layer normalisation, which is checked against PyTorch; other irreps get a mean square of 1.
  @Test func values() {
    let x: IrrepsTensor<Double> = LayerChecks.features("5x0e+4x2e+3x0o")
    let layer = LayerChecks.randomized(EquivariantLayerNorm<Double>(x.irreps))
    var usual = LayerNorm<Double>(5)
    usual.weight = layer.weight!.sliced(axis: 0, 0..<5)
    usual.bias = layer.bias!
    let y = layer(x)
    #expect(distance(y[term: 0], usual(x[term: 0])) < 1e-14)
    let plain = EquivariantLayerNorm<Double>(x.irreps, affine: false, epsilon: 0)(x)
    for i in [1, 2] {
      let square = plain[term: i].squared().mean(axes: [-2, -1])
      #expect(distance(square, .ones(square.shape)) < 1e-14)
      let ratio = plain[term: i] / x[term: i]
      #expect(distance(ratio, ratio.mean(axes: [-2, -1], keepingDimensions: true).broadcast(to: ratio.shape)) < 1e-12)
    }
  }

  /// The same however equal irreps are grouped.
  @Test func grouping() {
    let whole: IrrepsTensor<Double> = LayerChecks.features("5x0e")
    let cut = IrrepsTensor(whole.tensor, irreps: "2x0e+3x0e")
    #expect(distance(EquivariantLayerNorm("5x0e")(whole).tensor, EquivariantLayerNorm("2x0e+3x0e")(cut).tensor) < 1e-15)
  }
}
