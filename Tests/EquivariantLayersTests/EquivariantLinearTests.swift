import Equivariant
import Testing

@Suite struct EquivariantLinearTests {
  let input = LayerChecks.irreps + "2x1o+1x0e"
  let output: Irreps<O3> = "2x6e+3x0e+1x0o+2x1o+2x1e+1x2e+1x3o+2x0e+2x5o"

  private func layer<S: TensorScalar>(_ type: S.Type) -> EquivariantLinear<S> {
    var generator = RandomSource(seed: 5)
    return LayerChecks.randomized(EquivariantLinear(input, to: output, bias: true, using: &generator))
  }

  @Test func equivariance() {
    LayerChecks.expectEquivariant(layer(Double.self), layer(Float.self), from: input, to: output)
    // A bias on odd scalars is not.
    let linear = layer(Double.self)
    let broken = LayerChecks.equivariance(
      of: { x in
        let y = linear(x)
        return IrrepsTensor(parts: y.parts.enumerated().map { $0 == 2 ? $1 + 1 : $1 }, irreps: y.irreps)
      }, at: LayerChecks.features(input), to: output)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    LayerChecks.expectDerivatives(of: layer(Double.self), at: LayerChecks.features(input, outer: [2]))
  }

  @Test(
    arguments: [
      ("linear", PathNormalization.element, "8x0e+4x1o+4x1e+2x2e", "5x0e+3x0o+6x1o+2x1e+3x2e"),
      ("linear_element", .element, "3x0e+2x1o+2x0e+1x1o", "2x1o+4x0e+1x0e+2x1o"),
      ("linear_path", .path, "3x0e+2x1o+2x0e+1x1o", "2x1o+4x0e+1x0e+2x1o"),
    ] as [(String, PathNormalization, Irreps<O3>, Irreps<O3>)])
  func e3nn(_ name: String, _ normalization: PathNormalization, _ input: Irreps<O3>, _ output: Irreps<O3>) throws {
    let references = try LayerReferences()
    var generator = RandomSource(seed: 6)
    var layer = EquivariantLinear<Double>(input, to: output, bias: true, normalization: normalization, using: &generator)
    let x = try references.features(name, "in0", input)
    let expected = try references.tensor(name, "out")
    #expect(distance(layer(x).e3nn, expected) > 0.1)
    layer.e3nnWeight = try references.tensor(name, "weight")
    layer.bias = try references.tensor(name, "bias")
    #expect(distance(layer(x).e3nn, expected) < 1e-13)
    #expect(layer.e3nnWeight == (try references.tensor(name, "weight")))
  }

  /// The same map however equal irreps are grouped.
  @Test func grouping() {
    var generator = RandomSource(seed: 7)
    let whole = EquivariantLinear<Double>("5x1o", to: "4x1o", using: &generator)
    var cut = EquivariantLinear<Double>("2x1o+3x1o", to: "4x1o", using: &generator)
    cut.weights = [whole.weights[0].sliced(axis: 0, 0..<2), whole.weights[0].sliced(axis: 0, 2..<5)]
    let x: IrrepsTensor<Double> = LayerChecks.features("5x1o")
    let part = x[term: 0]
    let same = IrrepsTensor(parts: [part.sliced(axis: -1, 0..<2), part.sliced(axis: -1, 2..<5)], irreps: "2x1o+3x1o")
    #expect(distance(whole(x).tensor, cut(same).tensor) < 1e-14)
    #expect(cut.namedTensors.map(\.path) == ["weight.0.0", "weight.1.0"])
  }

  @Test func emptyTerms() {
    var generator = RandomSource(seed: 8)
    let layer = EquivariantLinear<Double>("0x0e+2x1o", to: "3x0e+0x1o+1x1o", bias: true, using: &generator)
    let y = layer(LayerChecks.features("0x0e+2x1o"))
    #expect(layer.paths.map { [$0.input, $0.output] } == [[1, 2]])
    #expect(y[term: 0] == .zeros([3, 1, 3]))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 8)
      _ = EquivariantLinear<Double>("5x1o", to: "4x1o", using: &generator)(LayerChecks.features("2x1o+3x1o"))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 8)
      var layer = EquivariantLinear<Double>("5x1o", to: "4x1o", using: &generator)
      layer.e3nnWeight = .zeros([21])
    }
  }
}
