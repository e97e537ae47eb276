import Equivariant
import Testing

@Suite struct EquivariantBatchNormTests {
  let irreps = LayerChecks.irreps

  private func layer<S: TensorScalar>(_ type: S.Type) -> EquivariantBatchNorm<S> {
    var layer = LayerChecks.randomized(EquivariantBatchNorm<S>(irreps))
    var pass = ForwardPass<S>.training(using: RandomSource(seed: 1))
    layer.namePaths()
    _ = layer(LayerChecks.features(irreps, outer: [20]), &pass)
    layer.update(with: pass)
    return layer
  }

  @Test func equivariance() {
    LayerChecks.expectEquivariant(layer(Double.self), layer(Float.self), from: irreps, to: irreps)
    let (double, float) = (layer(Double.self), layer(Float.self))
    let exact = LayerChecks.equivariance(of: { double.training($0).output }, at: LayerChecks.features(irreps, outer: [6]), to: irreps)
    #expect(exact.value.isExact(.layer) && exact.gradient.isExact(.layer), "\(exact)")
    let single = LayerChecks.equivariance(of: { float.training($0).output }, at: LayerChecks.features(irreps, outer: [6]), to: irreps)
    #expect(single.value.isExact(.init(ulps: 16), in: Float.self) && single.gradient.isExact(.init(ulps: 16), in: Float.self), "\(single)")
    // The usual batch normalisation, of every component.
    let broken = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in
        let centred = x.tensor - x.tensor.mean(axis: 0, keepingDimensions: true)
        return IrrepsTensor(centred / centred.squared().mean(axis: 0, keepingDimensions: true).squareRoot(), irreps: x.irreps)
      }, at: LayerChecks.features(irreps, outer: [6]), to: irreps)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    let small: Irreps<O3> = "2x0e+1x0o+2x1o"
    let layer = LayerChecks.randomized(EquivariantBatchNorm<Double>(small))
    LayerChecks.expectDerivatives(of: layer, at: LayerChecks.features(small))
    var generator = RandomSource(seed: 9)
    let report = checkDerivatives(
      of: { layer.training(IrrepsTensor($0[0], irreps: small)).output.tensor }, at: [LayerChecks.features(small, outer: [4]).tensor],
      elements: 8, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  @Test func e3nnTraining() throws {
    let references = try LayerReferences()
    let irreps: Irreps<O3> = "3x0e+2x1o+2x2e"
    var layer = EquivariantBatchNorm<Double>(irreps)
    layer.weight = try references.tensor("batchnorm_train", "weight")
    layer.bias = try references.tensor("batchnorm_train", "bias")
    let y = layer.training(try references.features("batchnorm_train", "in0", irreps)).output
    #expect(distance(y.e3nn, try references.tensor("batchnorm_train", "out")) < 1e-12)
  }

  /// Two steps of training, the running statistics, and evaluation.
  @Test(arguments: [("component", EquivariantBatchNorm<Double>.Normalization.component), ("norm", .norm)])
  func e3nnRunningStatistics(_ name: String, _ normalization: EquivariantBatchNorm<Double>.Normalization) throws {
    let references = try LayerReferences()
    let (name, irreps) = ("batchnorm_\(name)", "3x0e+2x1o+2x2e+1x0o" as Irreps<O3>)
    var layer = EquivariantBatchNorm<Double>(irreps, normalization: normalization)
    layer.weight = try references.tensor(name, "weight")
    layer.bias = try references.tensor(name, "bias")
    for step in 0..<2 {
      let x = try references.features(name, "x\(step)", irreps)
      var pass = ForwardPass<Double>.training(using: RandomSource(seed: 1))
      layer.namePaths()
      let y = layer(IrrepsTensor(x.tensor.reshaped(6, 2, irreps.dimension), irreps: irreps), &pass)
      layer.update(with: pass)
      #expect(distance(y.e3nn, try references.tensor(name, "y\(step)")) < 1e-13)
    }
    #expect(distance(layer.runningMean, try references.tensor(name, "mean")) < 1e-14)
    #expect(distance(layer.runningVariance, try references.tensor(name, "variance")) < 1e-14)
    #expect(distance(layer(try references.features(name, "x2", irreps)).e3nn, try references.tensor(name, "y2")) < 1e-13)
  }

  @Test func names() {
    #expect(layer(Double.self).namedTensors.map(\.path) == ["weight", "bias", "running_mean", "running_var"])
    #expect(EquivariantBatchNorm<Double>(irreps, affine: false).parameterCount == 0)
  }
}
