import Equivariant
import Testing

@Suite struct MatrixTensorProductTests {
  private func product<S: TensorScalar>(_ a: Irreps<O3>, _ b: Irreps<O3>, _ c: Irreps<O3>, as type: S.Type = S.self) -> MatrixTensorProduct<
    S
  > {
    var generator = RandomSource(seed: 21)
    return MatrixTensorProduct(a, b, to: c, using: &generator)
  }

  @Test func equivariance() {
    let cases: [(Irreps<O3>, Irreps<O3>, Irreps<O3>)] = [
      ("2x0e+2x1o+2x2e+2x6e", "2x1o+2x2o+2x3o+2x1e", "2x0e+2x1e+2x2o+2x5e+2x6o"), ("2x0e+2x1e+2x2e", "2x1o+2x3o", "2x1o+2x2o"),
    ]
    for (a, b, c) in cases {
      let (double, single) = (product(a, b, c, as: Double.self), product(a, b, c, as: Float.self))
      func both<S: TensorScalar>(_ layer: MatrixTensorProduct<S>) -> (value: EquivarianceReport, gradient: EquivarianceReport) {
        LayerChecks.equivariance(
          of: { x in
            layer(
              IrrepsTensor(x.tensor.sliced(axis: -1, 0..<a.dimension), irreps: a),
              IrrepsTensor(x.tensor.sliced(axis: -1, a.dimension..<a.dimension + b.dimension), irreps: b))
          }, at: LayerChecks.features(a + b), to: c)
      }
      let (exact, rounded) = (both(double), both(single))
      #expect(exact.value.isExact(.layer) && exact.gradient.isExact(.layer), "\(exact)")
      #expect(
        rounded.value.isExact(.init(ulps: 16), in: Float.self) && rounded.gradient.isExact(.init(ulps: 16), in: Float.self), "\(rounded)")
    }
  }

  /// Every path with its 6j symbol, by dense contraction of coupling coefficients.
  @Test func pathsAre6jSymbols() {
    let (a, b, c): (Irreps<O3>, Irreps<O3>, Irreps<O3>) = ("1x0e+1x1o+1x2e+1x1e", "1x1o+1x2e+1x2o", "1x0e+1x1o+1x2e+1x1e+1x2o")
    let layer = product(a, b, c, as: Double.self)
    let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (LayerChecks.features(a, seed: 5), LayerChecks.features(b, seed: 6))
    var expected = c.terms.map { Tensor<Double>.zeros([3, $0.irrep.dimension, 1]) }
    var signs: Set<Int> = []
    for path in a.paths(b, to: c) {
      let (l1, l2, l3) = (a.terms[path.first].irrep.degree, b.terms[path.second].irrep.degree, c.terms[path.output].irrep.degree)
      let w = layer.firstWeights[path.first, 0] * layer.secondWeights[path.second, 0] * layer.outputWeights[path.output, 0]
      let j = layer.spin
      let sides = [l1, l2, l3].map { 2 * $0 + 1 }
      let scale = (Double(sides.reduce(1, *)) / Double(2 * j + 1)).squareRoot()
      let coupling = Tensor(CouplingCoefficients.wigner3j(l1, l2, l3).dense, shape: Shape(sides))
      let value = Tensor.einsum("ijk,ziu,zju->zku", coupling, x[term: path.first], y[term: path.second])
      let magnitude: Double = scale * Wigner6j(l1, l2, l3, j, j, j).value.magnitude * w
      // The sign of a path is that of one component; the others must follow.
      let mine = term(layer, path, x, y)
      let overlap = (mine * value).sum().item * magnitude
      let sign: Double = overlap < 0 ? -1 : 1
      signs.insert(Int(sign))
      #expect(distance(mine, value * (sign * magnitude)) < 1e-13, "\(path)")
      expected[path.output] = expected[path.output] + value * (sign * magnitude)
    }
    for (t, value) in expected.enumerated() { #expect(distance(layer(x, y)[term: t], value) < 1e-13) }
    // l̃ = 1 holds degree 2 and has the 6j symbols of all these paths.
    #expect(layer.spin == 1)
  }

  /// The contribution of one path: all other terms have weight 0.
  private func term(
    _ layer: MatrixTensorProduct<Double>, _ path: Irreps<O3>.Path, _ x: IrrepsTensor<Double>, _ y: IrrepsTensor<Double>
  ) -> Tensor<Double> {
    var one = layer
    func only(_ k: Int, _ w: Tensor<Double>) -> Tensor<Double> { w * Tensor.identity(w.shape[0]).sliced(axis: 1, k..<k + 1) }
    one.firstWeights = only(path.first, layer.firstWeights)
    one.secondWeights = only(path.second, layer.secondWeights)
    return one(x, y)[term: path.output]
  }

  @Test func derivatives() {
    let layer = product("2x0e+2x1o", "2x1o+2x1e", "2x0e+2x1o", as: Double.self)
    let x: IrrepsTensor<Double> = LayerChecks.features(layer.first, outer: [2], seed: 1)
    let y: IrrepsTensor<Double> = LayerChecks.features(layer.second, outer: [2], seed: 2)
    var generator = RandomSource(seed: 3)
    let report = checkDerivatives(
      of: { v in
        var moved = layer
        (moved.firstWeights, moved.secondWeights, moved.outputWeights) = (v[2], v[3], v[4])
        return moved(IrrepsTensor(v[0], irreps: x.irreps), IrrepsTensor(v[1], irreps: y.irreps)).tensor
      }, at: [x.tensor, y.tensor, layer.firstWeights, layer.secondWeights, layer.outputWeights], order: 3, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    #expect(layer.namedTensors.map(\.path) == ["weight.first", "weight.second", "weight.output"])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = MatrixTensorProduct<Double>("1x0e", "1x1o", to: "1x1e", using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = MatrixTensorProduct<Double>("1x0e", "2x1o", to: "1x1o", using: &generator)
    }
  }
}
