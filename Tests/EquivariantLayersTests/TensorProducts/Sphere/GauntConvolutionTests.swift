import Equivariant
import Testing

@testable import EquivariantLayers

@Suite struct GauntConvolutionTests {
  let features: Irreps<O3> = "2x0o+2x1e+2x2o+2x3e+2x4o+2x5e+2x6o"
  let harmonics = SphericalHarmonics(degrees: 0...4, normalization: .component)

  /// Directions of all sorts: any, along both ends of the polar axis, across it, next to it, and none.
  private var vectors: Tensor<Double> {
    var generator = RandomSource(seed: 8)
    let special: [[Double]] = [
      [0, 2, 0], [0, -0.5, 0], [1, 0, 0], [0, 0, -3], [1e-9, 1, 0], [0, -1, -1e-9], [0.3, -1e-12, 0.4], [0, 0, 0],
    ]
    return .concatenated([.normal([4, 3], using: &generator), Tensor(rows: special)], axis: 0)
  }

  /// The product with the harmonics, and its gradients by features, vectors and weights.
  @Test(arguments: [1, 2], [nil, .sparse, .quadrature, .fourier] as [GauntMethod?])
  func plainProduct(_ width: Int, _ method: GauntMethod?) {
    var generator = RandomSource(seed: 9)
    let x: IrrepsTensor<Double> = LayerChecks.features(features, outer: [12])
    let weights = Tensor<Double>.normal([12, 5, width], using: &generator)
    let output: Irreps<O3> = "2x0o+2x1e+2x3e+2x7e"
    let convolution = GauntConvolution<Double>(features, harmonics.irreps, to: output, method: method)
    let channels = Irreps<O3>(harmonics.irreps.terms.map { .init(width, $0.irrep) })
    let product = GauntTensorProduct<Double>(features, channels, to: output)
    let seed: IrrepsTensor<Double> = LayerChecks.features(output, outer: [12], seed: 2)

    func results(_ map: (IrrepsTensor<Double>, Tensor<Double>, Tensor<Double>) -> IrrepsTensor<Double>) -> [Tensor<Double>] {
      let inputs = [x.tensor.asVariable(), vectors.asVariable(), weights.asVariable()]
      let z = map(IrrepsTensor(inputs[0], irreps: features), inputs[1], inputs[2])
      return [z.tensor.detached] + gradient(of: z.tensor, withRespectTo: inputs, seed: seed.tensor)
    }
    let fast = results { convolution($0, along: $1, weights: $2) }
    let plain = results { x, vectors, weights in
      let y = harmonics.features(at: vectors)
      return product(x, IrrepsTensor(parts: y.parts.enumerated().map { $1 * weights.sliced(axis: 1, $0..<$0 + 1) }, irreps: channels))
    }
    for (a, b) in zip(fast, plain) {
      #expect(distance(a, b) < 1e-12 * max(1, b.absolute().max().item), "\(a.shape)")
    }
  }

  private func layer<S: TensorScalar>(_ type: S.Type, _ first: Irreps<O3>, _ output: Irreps<O3>) -> PairLayer<GauntConvolution<S>> {
    var generator = RandomSource(seed: 5)
    return PairLayer(GauntConvolution(first, harmonics.irreps, to: output, using: &generator), first, "1x1o") { $0($1, along: $2.tensor) }
  }

  @Test func equivariance() {
    let output: Irreps<O3> = "2x0o+2x1e+2x2o+2x3e+2x4o+2x5e+2x6o"
    let double = layer(Double.self, features, output)
    LayerChecks.expectEquivariant(double, layer(Float.self, features, output), from: double.input, to: output)
    // An axial vector is no direction.
    let broken = PairLayer(double.product, features, "1x1e") { $0($1, along: $2.tensor) }
    let report = LayerChecks.equivariance(of: broken.callAsFunction, at: LayerChecks.features(broken.input), to: output)
    #expect(report.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    let paired = layer(Double.self, "2x0e+2x1o+2x2e", "2x0e+2x1o+2x3o")
    LayerChecks.expectDerivatives(of: paired, at: LayerChecks.features(paired.input, outer: [3]))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = GauntConvolution<Double>("2x0e+2x1o", "1x0e+1x2e", to: "2x0e") }
    await #expect(processExitsWith: .failure) { _ = GauntConvolution<Double>("2x0e+2x1o", "1x0e+1x1o", to: "2x1e") }
    await #expect(processExitsWith: .failure) {
      _ = GauntConvolution<Double>("2x0e", "1x0e+1x1o", to: "2x0e")(LayerChecks.features("2x0e"), along: .ones([4, 3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = GauntConvolution<Double>("2x0e", "1x0e+1x1o", to: "2x0e")(
        LayerChecks.features("2x0e"), along: .ones([3, 3]), weights: .ones([3, 3, 2]))
    }
  }
}
