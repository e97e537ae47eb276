import DifferentiableTensors
import EquivarianceTesting
import NeuralModules
import Testing

private struct Composite: Module {
  var first: MLP<Double>
  var optional: Linear<Double>?
  var blocks: [LayerNorm<Double>]
  var mean: Tensor<Double>

  init(withOptional: Bool, using generator: inout some RandomNumberGenerator) {
    first = MLP(widths: [3, 4, 4], activation: .tanh, activatesOutput: true, using: &generator)
    optional = withOptional ? Linear(4, 4, bias: false, using: &generator) : nil
    blocks = [LayerNorm(4), LayerNorm(4)]
    mean = .ones([4])
  }
  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
    let h = first(x) + mean
    return blocks.reduce(optional?(h) ?? h) { $1($0) }
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Double>) {
    visitor("first", &first)
    visitor("optional", &optional)
    visitor("", &blocks, label: { "norm_\($0)" })
    visitor.buffer("mean", &mean)
  }
}

@Suite struct ModuleTests {
  @Test func paths() {
    var generator = RandomSource(seed: 1)
    let full = Composite(withOptional: true, using: &generator)
    #expect(
      full.namedTensors.map(\.path) == [
        "first.0.weight", "first.0.bias", "first.2.weight", "first.2.bias", "optional.weight", "norm_0.weight", "norm_0.bias",
        "norm_1.weight", "norm_1.bias", "mean",
      ])
    #expect(full.namedTensors.map(\.role).filter { $0 == .buffer }.count == 1 && full.namedTensors.last?.role == .buffer)
    #expect(full.parameterCount == (3 * 4 + 4) + (4 * 4 + 4) + 16 + 4 * 4)
    let small = Composite(withOptional: false, using: &generator)
    #expect(small.namedTensors.count == 9)
    #expect(ParameterAudit(of: full).isClean && ParameterAudit(of: small).isClean)
  }

  @Test func modulesAreValues() {
    var generator = RandomSource(seed: 2)
    let original = Composite(withOptional: true, using: &generator)
    var changed = original
    changed.forEachTensor { _, _, t in t.withMutableElements { for i in $0.indices { $0[i] += 1 } } }
    for (a, b) in zip(original.namedTensors, changed.namedTensors) { #expect(b.tensor == a.tensor + 1) }
    #expect(original.mean == .ones([4]))
  }

  /// Every parameter's gradient against central differences of fourth order.
  @Test func valueWithGradientAgainstDifferences() {
    var generator = RandomSource(seed: 3)
    let module = Composite(withOptional: true, using: &generator)
    let x = Tensor<Double>.normal([5, 3], using: &generator)
    let weights = Tensor<Double>.normal([5, 4], using: &generator)
    func value(_ m: Composite) -> Tensor<Double> { (m(x) * weights).sum() + m.mean.sum() }
    let (loss, gradient) = valueWithGradient(at: module, value)
    #expect(loss == value(module) && !loss.requiresGradient)
    let count = module.namedTensors.filter { $0.role == .parameter }.count
    #expect(gradient.tensors.count == count)
    let step = 3e-4
    for k in 0..<count {
      for e in 0..<gradient.tensors[k].count {
        func shifted(_ h: Double) -> Double {
          var moved = module
          var number = 0
          moved.forEachTensor { _, _, t in
            if number == k { t.withMutableElements { $0[e] += h } }
            number += 1
          }
          return value(moved).item
        }
        let difference = (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) / (12 * step)
        #expect(abs(difference - gradient.tensors[k].elements[e]) < 1e-8)
      }
    }
  }

  @Test func outputActivationAndContinuation() {
    var generator = RandomSource(seed: 4)
    var network = MLP<Double>(widths: [3, 4, 2], activation: .relu, activatesOutput: true, lastBias: false, using: &generator)
    let x = Tensor<Double>.normal([6, 3], using: &generator)
    let expected = Tensor.matmul(network.layers[0](x).relu(), network.layers[1].weight, transposingSecond: true).relu()
    #expect((network(x) - expected).absolute().max().item < 1e-15)
    #expect(network.continued(from: network.layers[0](x)) == network(x))
    network.layers[1].weight = .zeros([2, 4])
    #expect(network(x) == .zeros([6, 2]))
    let single = MLP<Double>(widths: [3, 2], using: &generator)
    #expect(single(x) == single.layers[0](x))
  }

  @Test func layerNormStandardises() {
    var generator = RandomSource(seed: 5)
    let y = LayerNorm<Float>(64)(.normal([10, 64], mean: 5, standardDeviation: 3, using: &generator))
    #expect(y.mean(axis: -1).absolute().max().item < 1e-5)
    #expect((y.variance(axis: -1) - 1).absolute().max().item < 1e-4)
    // A constant row has no direction: zeros, not NaN.
    #expect(LayerNorm<Float>(4)(.ones([2, 4])) == .zeros([2, 4]))
  }
}
