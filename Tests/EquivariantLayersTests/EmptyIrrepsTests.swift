import Equivariant
import Testing

/// The empty list of irreps is a list: every layer takes and gives features of it.
@Suite struct EmptyIrrepsTests {
  private let none: Irreps<O3> = ""
  private let some: Irreps<O3> = "2x0e+1x1o"
  private func features(_ irreps: Irreps<O3>) -> IrrepsTensor<Double> { LayerChecks.features(irreps, outer: [3]) }

  @Test(arguments: ["", "0x0e", "0x1o+0x0e"]) func accessors(text: String) throws {
    let irreps = try Irreps<O3>(parsing: text)
    let x = features(irreps)
    #expect(x.tensor.shape == [3, 0])
    #expect(x.norms.shape == [3, 0])
    #expect(x.parts.count == irreps.terms.count)
    #expect(x.e3nn.shape == [3, 0])
    #expect(IrrepsTensor(e3nn: x.e3nn, irreps: irreps).tensor.shape == [3, 0])
    #expect(IrrepsTensor(parts: x.parts, irreps: irreps, outerShape: [3]).tensor.shape == [3, 0])
    #expect((x + x).tensor.shape == [3, 0])
    #expect(IrrepsTensor.concatenated([x, features(some)]).irreps == irreps + some)
  }
  @Test func partsOfNothing() {
    #expect(IrrepsTensor<Double>(parts: [], irreps: "").tensor.shape == [0])
  }

  @Test(arguments: ["", "0x0e", "0x1o"]) func layers(text: String) throws {
    let irreps = try Irreps<O3>(parsing: text)
    var generator = RandomSource(seed: 1)
    let x = features(irreps)
    for bias in [true, false] {
      let from = EquivariantLinear<Double>(irreps, to: some, bias: bias, using: &generator)(x)
      #expect(from.irreps == some && from.tensor == .zeros([3, 5]))
      #expect(EquivariantLinear<Double>(some, to: irreps, bias: bias, using: &generator)(features(some)).tensor.shape == [3, 0])
      #expect(EquivariantLinear<Double>(irreps, to: irreps, bias: bias, using: &generator)(x).tensor.shape == [3, 0])
    }
    for normalizes in [true, false] {
      #expect(NormActivation<Double>(irreps, .sigmoid, normalizes: normalizes, bias: true)(x).tensor.shape == [3, 0])
    }
    for affine in [true, false] {
      let batchNorm = EquivariantBatchNorm<Double>(irreps, affine: affine)
      #expect(batchNorm(x).tensor.shape == [3, 0])
      let (output, statistics) = batchNorm.training(x)
      #expect(output.tensor.shape == [3, 0] && statistics.variance.count == 0)
      var moved = batchNorm
      moved.namePaths()
      var pass = ForwardPass<Double>.training(using: generator)
      #expect(moved(x, &pass).tensor.shape == [3, 0])
      moved.update(with: pass)
      #expect(moved.runningVariance.count == 0)
      #expect(EquivariantLayerNorm<Double>(irreps, affine: affine)(x).tensor.shape == [3, 0])
    }
    let dropout = EquivariantDropout<Double>(irreps, probability: 0.5)
    #expect(dropout(x).tensor.shape == [3, 0])
    var pass = ForwardPass<Double>.training(using: generator)
    #expect(dropout(x, &pass).tensor.shape == [3, 0])
    let activations = [Activation?](repeating: nil, count: irreps.terms.count)
    #expect(ScalarActivation<Double>(irreps, activations)(x).tensor.shape == [3, 0])
  }

  @Test func gates() {
    let gate = Gate<Double>(scalars: "", [], gates: "", [], gated: "")
    #expect(gate(features("")).tensor.shape == [3, 0])
    let scalars = Gate<Double>(scalars: "2x0e", [.silu], gates: "", [], gated: "")
    #expect(scalars(features("2x0e")).tensor.shape == [3, 2])
  }

  @Test func products() {
    var generator = RandomSource(seed: 2)
    for (first, second, output) in [(none, some, some), (some, none, some), (some, some, none), (none, none, none)] {
      let product = TensorProduct<Double>.fullyConnected(first, second, to: output, using: &generator)
      let y = product(features(first), features(second))
      #expect(y.irreps == output && y.tensor == .zeros([3, output.dimension]))
    }
    let full = TensorProduct<Double>.full(none, some)
    #expect(full(features(none), features(some)).tensor.shape == [3, 0])
  }

  /// Nothing has a gradient of no elements.
  @Test func gradients() {
    var generator = RandomSource(seed: 3)
    let layer = EquivariantLinear<Double>("", to: some, bias: true, using: &generator)
    let (value, g) = valueWithGradient(at: layer) { $0(features("")).tensor.squared().sum() }
    #expect(value.item == 0 && g.tensors.allSatisfy { $0.absolute().sum().item == 0 })
  }
}
