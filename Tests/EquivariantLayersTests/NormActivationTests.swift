import Equivariant
import Testing

@Suite struct NormActivationTests {
  let irreps = LayerChecks.irreps

  private func layer<S: TensorScalar>(_ type: S.Type, normalizes: Bool) -> NormActivation<S> {
    LayerChecks.randomized(NormActivation(irreps, .sigmoid, normalizes: normalizes, bias: true))
  }

  @Test(arguments: [true, false]) func equivariance(normalizes: Bool) {
    LayerChecks.expectEquivariant(
      layer(Double.self, normalizes: normalizes), layer(Float.self, normalizes: normalizes), from: irreps, to: irreps)
    // The largest component is no norm.
    let broken = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in
        IrrepsTensor(parts: x.parts.map { $0 * $0.absolute().max(axis: -2, keepingDimensions: true).sigmoid() }, irreps: x.irreps)
      }, at: LayerChecks.features(irreps), to: irreps)
    #expect(broken.value.relativeError > 0.01)
  }

  @Test(arguments: [true, false]) func derivatives(normalizes: Bool) {
    // Norms of one component have a kink at 0, which the steps of differences must not reach.
    LayerChecks.expectDerivatives(
      of: LayerChecks.randomized(NormActivation<Double>("2x1o+1x4e", .sigmoid, normalizes: normalizes, bias: true)),
      at: LayerChecks.features("2x1o+1x4e"))
  }

  @Test func e3nn() throws {
    let references = try LayerReferences()
    let irreps: Irreps<O3> = "3x0e+2x1o+2x2e"
    for name in ["norm_act_norm1_bias1", "norm_act_norm1_bias0"] {
      var layer = NormActivation<Double>(irreps, .sigmoid)
      if name.hasSuffix("1") { layer.biases = try references.tensor(name, "biases") }
      let y = layer(try references.features(name, "in0", irreps))
      #expect(distance(y.e3nn, try references.tensor(name, "out")) < 1e-13)
    }
  }

  @Test(arguments: [true, false]) func zero(normalizes: Bool) {
    let x = Tensor<Double>.zeros([irreps.dimension]).asVariable()
    let y = layer(Double.self, normalizes: normalizes)(IrrepsTensor(x, irreps: irreps)).tensor
    let slope = gradient(of: y.sum(), withRespectTo: x)
    #expect(y.detached == .zeros(y.shape) && slope.elements.allSatisfy { $0.isFinite })
  }
}
