import Equivariant
import Testing

@Suite struct ForwardPassTests {
  /// Evaluates its layers in another order than it names them, one of them twice and one not at all.
  struct Crossed: ForwardPassLayer {
    var first = BatchNorm<Double>(2)
    var second = BatchNorm<Double>(2, momentum: 0.5)
    var unused = BatchNorm<Double>(2)
    func callAsFunction(_ x: Tensor<Double>, _ pass: inout ForwardPass<Double>) -> Tensor<Double> {
      first(second(second(x, &pass) + 5, &pass) * 3 + 1, &pass)
    }
    mutating func visit(_ visitor: inout ParameterVisitor<Double>) {
      visitor("first", &first)
      visitor("inner.second", &second)
      visitor("unused", &unused)
    }
  }
  private let source = RandomSource(seed: 1)
  private func input() -> Tensor<Double> {
    var generator = source
    return .normal([50, 2], mean: 7, using: &generator)
  }

  /// By path: matched by order, the means of the two layers would be exchanged.
  @Test func statisticsFindTheirLayers() {
    var model = Crossed()
    let x = input()
    var pass = ForwardPass<Double>.training(using: source)
    _ = valueWithGradient(at: model) { $0(x, &pass).sum() }
    model.update(with: pass)
    // `first` has seen mean 1 and variance 9 of 49 degrees of freedom; `second` has seen x, then mean 5.
    func near(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Bool { (a - b).absolute().max().item < 1e-4 }
    #expect(near(model.first.runningMean, Tensor([0.1, 0.1])))
    #expect(near(model.first.runningVariance, Tensor([0.9, 0.9]) + 0.1 * 9 * 50 / 49))
    #expect(near(model.second.runningMean, x.mean(axis: 0) * 0.25 + 2.5))
    #expect(model.unused.runningMean == .zeros([2]) && model.unused.runningVariance == .ones([2]))
  }

  /// A copy of a layer keeps its own statistics, as a trained one does.
  @Test func copiesAreLayersOfTheirOwn() {
    struct Chain: ForwardPassLayer {
      var norms = Array(repeating: BatchNorm<Double>(2), count: 2)
      func callAsFunction(_ x: Tensor<Double>, _ pass: inout ForwardPass<Double>) -> Tensor<Double> {
        norms[1](norms[0](x, &pass) * 2, &pass)
      }
      mutating func visit(_ visitor: inout ParameterVisitor<Double>) { visitor("norms", &norms) }
    }
    var model = Chain()
    model.namePaths()
    var pass = ForwardPass<Double>.training(using: source)
    _ = model(input(), &pass)
    model.update(with: pass)
    #expect(model.norms[0].runningMean[0] > 0.5 && abs(model.norms[1].runningMean[0]) < 1e-12)
    #expect(abs(model.norms[1].runningVariance[0] - (0.9 + 0.1 * 4 * 50 / 49)) < 1e-4)
  }

  /// Layers that do not differ in training take a pass too; evaluation draws nothing.
  @Test func layersWithoutAnythingOfTraining() {
    var generator = source
    let layer = MLP<Double>(widths: [2, 8, 1], using: &generator)
    var pass = ForwardPass<Double>.training(using: source)
    let before = pass.random
    #expect(layer(input(), &pass) == layer(input()) && pass.random == before)
    let model = Crossed()
    var evaluation = ForwardPass<Double>.evaluation
    #expect(model(input()) == model(input(), &evaluation) && !evaluation.isTraining)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var model = Crossed()
      var pass = ForwardPass<Double>.training(using: RandomSource(seed: 1))
      _ = model(.ones([3, 2]), &pass)
      model.update(with: pass)  // no traversal has named the layers
    }
    await #expect(processExitsWith: .failure) {
      var (model, other) = (Crossed(), BatchNorm<Double>(2))
      var pass = ForwardPass<Double>.training(using: RandomSource(seed: 1))
      _ = valueWithGradient(at: model) { $0(.ones([3, 2]), &pass).sum() }
      model.update(with: pass)
      other.update(with: pass)  // has no such layers
    }
  }
}
