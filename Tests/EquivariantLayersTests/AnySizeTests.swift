import Dispatch
import Equivariant
import Testing

/// Layers of directions and of invariants at vectors whose squares the element type has not.
@Suite struct AnySizeTests {
  /// Convolutions see directions alone.
  @Test(arguments: [1e-300, 1e-170, 1e-20, 1, 1e155, 1e300]) func convolutions(size: Double) {
    var generator = RandomSource(seed: 3)
    let graph = Graph.complete(nodes: 3)
    let edges = Tensor<Double>.normal([6, 3], using: &generator)
    let harmonics = SphericalHarmonics(degrees: 0...2, normalization: .component)
    let product = TensorProduct<Double>.channelwise("2x0e+2x1o", harmonics.irreps, using: &generator)
    let rotated = RotatedFrameConvolution(product, harmonics: harmonics)
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: [3])
    let weights = Tensor<Double>.normal([6, product.weightCount], using: &generator)
    let expected = rotated(x, edges: edges, over: graph, weights: weights).tensor
    #expect(distance(rotated(x, edges: edges * size, over: graph, weights: weights).tensor, expected) < 1e-13)

    let gaunt = GauntConvolution<Double>("2x0e+2x1o", harmonics.irreps, to: "2x0e+2x1o+2x2e")
    let features: IrrepsTensor<Double> = LayerChecks.features("2x0e+2x1o", outer: [6])
    #expect(distance(gaunt(features, along: edges * size).tensor, gaunt(features, along: edges).tensor) < 1e-13)
  }
  @Test(arguments: [Float(2e-38), 1e-25, 1e20, 1e37]) func singlePrecision(size: Float) {
    var generator = RandomSource(seed: 3)
    let edges = Tensor<Float>.normal([6, 3], using: &generator)
    let gaunt = GauntConvolution<Float>("2x0e+2x1o", "0e+1o+2e", to: "2x0e+2x1o+2x2e")
    let features: IrrepsTensor<Float> = LayerChecks.features("2x0e+2x1o", outer: [6])
    let difference = gaunt(features, along: edges * size).tensor - gaunt(features, along: edges).tensor
    #expect(difference.absolute().max().item < 2e-6)
  }

  /// Norms of features, and what is scaled by them.
  @Test(arguments: [1e-170, 1e-90, 1e155]) func norms(size: Double) {
    let x: IrrepsTensor<Double> = LayerChecks.features("3x0e+2x1o+1x2e")
    let large = IrrepsTensor(x.tensor * size, irreps: x.irreps)
    #expect(distance(large.norms * (1 / size), x.norms) < 1e-14)
    let activation = NormActivation<Double>(x.irreps, .sigmoid, normalizes: false)
    let scaled = activation(large).tensor
    let finite = scaled.elements.allSatisfy(\.isFinite)
    #expect(finite && scaled.absolute().max().item > 0)
  }

  /// Invariants of pairs of positions with orientations have the unit of their distance.
  @Test(arguments: [1e-300, 1e-170, 1e-150, 1, 1e155, 1e160]) func orientations(size: Double) {
    var generator = RandomSource(seed: 4)
    let grid = OrientationGrid<Double>(.signSymmetric(8), using: &generator)
    let r = Tensor<Double>.normal([5, 3], using: &generator)
    #expect(distance(grid.spatialInvariants(r * size) * (1 / size), grid.spatialInvariants(r)) < 1e-14)
    let o = Tensor<Double>.normal([5, 3], using: &generator).normalized()
    let plain = Tensor.orientedPairInvariants(r, receivers: o, senders: o)
    let scaled = Tensor.orientedPairInvariants(r * size, receivers: o, senders: o)
    for axis in 0..<3 {
      let unit = axis == 2 ? 1 : 1 / size
      #expect(distance(scaled.selected(axis: 1, axis) * unit, plain.selected(axis: 1, axis)) < 1e-14)
    }
  }

  /// What is not finite stays so, in its own row.
  @Test(arguments: [Double.nan, .infinity, .leastNonzeroMagnitude]) func notFinite(value: Double) {
    var generator = RandomSource(seed: 4)
    let grid = OrientationGrid<Double>(.signSymmetric(8), using: &generator)
    var r = Tensor<Double>.normal([3, 3], using: &generator)
    let plain = grid.spatialInvariants(r)
    r.withMutableElements { $0[4] = value }
    #expect(distance(grid.spatialInvariants(r).sliced(axis: 0, 2..<3), plain.sliced(axis: 0, 2..<3)) < 1e-15)
    let matrices = WignerMatrices(degrees: 1...2)
    let turned = matrices(Tensor<Double>([1, 0, 0, 0, value, 1, 1, 1], shape: [2, 4]))[1]
    #expect(distance(turned.selected(axis: 0, 0), .identity(5)) < 1e-15)
  }

  /// FFTW has one planner for the process: both kinds of transform made at the same time on many threads.
  @Test func plansAreMadeOneAtATime() async {
    await #expect(processExitsWith: .success) {
      DispatchQueue.concurrentPerform(iterations: 24) { k in
        if k.isMultiple(of: 2) {
          let transform = SphereTransform<Double>(
            degree: 20 + k, grid: SphereGrid(latitudes: 24 + k, longitudes: 128 + k), method: .fft)
          _ = transform.synthesis(Tensor<Double>.ones([(21 + k) * (21 + k)]))
        } else {
          let irreps = Irreps<O3>.sphericalHarmonics(upTo: 1 + k / 2)
          let product = GauntTensorProduct<Float>(irreps, irreps, to: irreps, method: .fourier)
          let x = IrrepsTensor<Float>(.ones([1, irreps.dimension]), irreps: irreps)
          _ = product(x, x)
        }
      }
    }
  }
}
