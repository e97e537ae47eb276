import Equivariant
import Testing

@Suite struct RotatedFrameConvolutionTests {
  private let graph = Graph(
    nodeCount: 4, receivers: [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3], senders: [1, 2, 3, 0, 2, 3, 0, 1, 0, 1, 2])

  /// Every path of features of degrees 0 ... L (and one of the other parity) with harmonics up to L, summed in one output term an irrep.
  private func product<S: TensorScalar>(_ degree: Int, channels: Int = 3, as type: S.Type = S.self) -> TensorProduct<S> {
    func terms(_ irreps: Irreps<O3>) -> Irreps<O3> { Irreps(irreps.terms.map { Irreps<O3>.Term(channels, $0.irrep) }) }
    let first = terms(Irreps.sphericalHarmonics(upTo: degree) + "1e")
    let output = terms(Irreps.sphericalHarmonics(upTo: degree) + "1e+2o")
    let second = Irreps<O3>.sphericalHarmonics(upTo: degree)
    let instructions = first.paths(second, to: output).map {
      TensorProduct<S>.Instruction($0.first, $0.second, $0.output, .uvu)
    }
    var generator = RandomSource(seed: 41)
    return TensorProduct(first, second, to: output, instructions: instructions, ownsWeights: false, using: &generator)
  }

  /// Edges in general directions and in both of the axis.
  private func edges<S: TensorScalar>(_ type: S.Type = S.self) -> Tensor<S> {
    var generator = RandomSource(seed: 42)
    let rows = Tensor<S>.normal([graph.edgeCount - 4, 3], using: &generator)
    return .concatenated([rows, Tensor(rows: [[0, 2, 0], [0, -0.5, 0], [1e-9, -1, 0], [1, 0, 0]])], axis: 0)
  }

  @Test(arguments: [1, 2, 4, 6]) func plainProduct(_ degree: Int) {
    // More channels than a block of the kernel, too.
    let product = product(degree, channels: degree == 2 ? 29 : 3, as: Double.self)
    let harmonics = SphericalHarmonics(degrees: 0...degree, normalization: .component)
    let rotated = RotatedFrameConvolution(product, harmonics: harmonics)
    var generator = RandomSource(seed: 43)
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: [graph.nodeCount])
    let weights = Tensor<Double>.normal([graph.edgeCount, product.weightCount], using: &generator)
    let (v, r, w) = (x.tensor.asVariable(), edges(Double.self).asVariable(), weights.asVariable())
    let features = IrrepsTensor(v, irreps: x.irreps)
    let expected = product.convolution(features, harmonics.features(at: r), over: graph, weights: .each(w))
    let z = rotated(features, edges: r, over: graph, weights: w)
    #expect(z.irreps == expected.irreps)
    #expect(distance(z.tensor, expected.tensor) < 1e-12)
    let seed = Tensor<Double>.normal(z.tensor.shape, using: &generator)
    // The derivative by an edge of 1e-9 across the axis is 1e0, not 1e9: no seam.
    let mine = gradient(of: z.tensor, withRespectTo: [v, r, w], seed: seed)
    for (mine, theirs) in zip(mine, gradient(of: expected.tensor, withRespectTo: [v, r, w], seed: seed)) {
      #expect(distance(mine, theirs) < 1e-11)
      #expect(theirs.absolute().max().item > 0.1)
    }
    // In a frame where the edge points along x the coefficients are others.
    let turned = Tensor.concatenated([r.sliced(axis: 1, 1..<3), r.sliced(axis: 1, 0..<1)])
    #expect(distance(rotated(features, edges: turned, over: graph, weights: w).tensor, expected.tensor) > 0.1)
  }

  @Test func equivariance() {
    let harmonics = SphericalHarmonics(degrees: 0...6, normalization: .component)
    func report<S: TensorScalar>(_ type: S.Type) -> EquivarianceReport {
      let product = product(6, channels: 2, as: S.self)
      let rotated = RotatedFrameConvolution(product, harmonics: harmonics)
      var generator = RandomSource(seed: 44)
      let weights = Tensor<S>.normal([graph.edgeCount, product.weightCount], using: &generator)
      let x: IrrepsTensor<S> = LayerChecks.features(product.first, outer: [graph.nodeCount])
      // Vectors of edges as features of nodes, so that all turns together.
      let r = IrrepsTensor<S>(.normal([graph.nodeCount, 3], using: &generator), irreps: "1o")
      let both = IrrepsTensor.concatenated([x, r])
      return LayerChecks.equivariance(
        of: { both in
          let cut = product.first.dimension
          let positions = both.tensor.sliced(axis: 1, cut..<cut + 3)
          let edges = positions.gathered(graph.senders) - positions.gathered(graph.receivers)
          return rotated(
            IrrepsTensor(both.tensor.sliced(axis: 1, 0..<cut), irreps: product.first), edges: edges, over: graph, weights: weights)
        }, at: both, to: product.output
      ).value
    }
    let (exact, single) = (report(Double.self), report(Float.self))
    #expect(exact.isExact(.layer), "\(exact)")
    #expect(single.isExact(.init(ulps: 16), in: Float.self), "\(single)")
  }

  @Test func derivatives() {
    let product = product(1, channels: 1, as: Double.self)
    let rotated = RotatedFrameConvolution(product, harmonics: SphericalHarmonics(degrees: 0...1, normalization: .component))
    let small = Graph(nodeCount: 2, receivers: [0, 1, 1], senders: [1, 0, 0])
    var generator = RandomSource(seed: 45)
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: [2])
    let report = checkDerivatives(
      of: { v in rotated(IrrepsTensor(v[0], irreps: x.irreps), edges: v[1], over: small, weights: v[2]).tensor },
      at: [x.tensor, Tensor(rows: [[1, 2, 0.5], [0.3, -1, 1], [0.5, 1, -2]]), .normal([3, product.weightCount], using: &generator)],
      order: 3, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// An edge of length 0 has the harmonic of degree 0 only, and no NaN.
  @Test func zeroEdge() {
    let product = product(2, as: Double.self)
    let harmonics = SphericalHarmonics(degrees: 0...2, normalization: .component)
    let rotated = RotatedFrameConvolution(product, harmonics: harmonics)
    let small = Graph(nodeCount: 2, receivers: [0, 1], senders: [1, 0])
    let x: IrrepsTensor<Double> = LayerChecks.features(product.first, outer: [2])
    var generator = RandomSource(seed: 46)
    let w = Tensor<Double>.normal([2, product.weightCount], using: &generator)
    let r = Tensor<Double>(rows: [[0, 0, 0], [1, 2, -1]]).asVariable()
    let (z, expected) = (
      rotated(x, edges: r, over: small, weights: w), product.convolution(x, harmonics.features(at: r), over: small, weights: .each(w))
    )
    #expect(distance(z.tensor, expected.tensor) < 1e-12)
    let gradients = (gradient(of: z.tensor.sum(), withRespectTo: r), gradient(of: expected.tensor.sum(), withRespectTo: r))
    #expect(distance(gradients.0, gradients.1) < 1e-12)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      let product = TensorProduct<Double>.full("1o", "0e+1o")
      _ = RotatedFrameConvolution(product, harmonics: SphericalHarmonics(degrees: 0...1))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      let product = TensorProduct<Double>.channelwise("2x1o", "0e+1o", using: &generator)
      _ = RotatedFrameConvolution(product, harmonics: SphericalHarmonics(degrees: 0...2))
    }
  }
}
