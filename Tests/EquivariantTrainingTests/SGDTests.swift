import DifferentiableTensors
import EquivariantTraining
import NeuralModules
import Testing

/// The rule of PyTorch's `SGD`, by numbers computed by hand.
@Suite struct SGDTests {
  /// The parameter after each of two steps from 1 along the gradients 0.5 and 0.25.
  private func path(_ settings: SGD<Double>.Settings, factor: Double = 1, scale: Double = 1) -> [Double] {
    var generator = RandomSource(seed: 1)
    var model = Linear<Double>(1, 1, bias: false, using: &generator)
    model.weight = .ones([1, 1])
    var optimizer = SGD(for: model, settings: settings)
    return [0.5, 0.25].map { gradient in
      optimizer.update(&model, along: ParameterGradient([Tensor([gradient], shape: [1, 1])]), factor: factor, scale: scale)
      return model.weight[0, 0]
    }
  }

  private func expect(_ settings: SGD<Double>.Settings, factor: Double = 1, scale: Double = 1, _ expected: [Double]) {
    for (a, b) in zip(path(settings, factor: factor, scale: scale), expected) { #expect(abs(a - b) < 1e-15, "\(settings)") }
  }

  @Test func rule() {
    expect(.init(rate: 0.1), [0.95, 0.925])
    // v = 0.5, then 0.9 · 0.5 + 0.25 = 0.7.
    expect(.init(rate: 0.1, momentum: 0.9), [0.95, 0.88])
    // g = 0.5 + 0.1 = 0.6; g = 0.25 + 0.094 = 0.344, v = 0.54 + 0.344.
    expect(.init(rate: 0.1, momentum: 0.9, weightDecay: 0.1), [0.94, 0.8516])
    // 0.6 + 0.9 · 0.6 = 1.14; g = 0.25 + 0.0886, v = 0.54 + 0.3386, g + 0.9 v = 1.12934.
    expect(.init(rate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.1), [0.886, 0.773066])
    expect(.init(rate: 0.1, weightDecay: 0.1), [0.94, 0.9056])
    // A schedule halves the step, clipping the gradient.
    expect(.init(rate: 0.1), factor: 0.5, [0.975, 0.9625])
    expect(.init(rate: 0.1), scale: 0.5, [0.975, 0.9625])
  }

  @Test func settingsByParameter() {
    var generator = RandomSource(seed: 1)
    var model = Linear<Double>(3, 2, using: &generator)
    let before = model
    var optimizer = SGD(for: model) { $0 == "bias" ? .init(rate: 0) : nil }
    optimizer.update(&model, along: ParameterGradient([Tensor<Double>.ones([2, 3]), .ones([2])]))
    #expect(model.bias == before.bias && (model.weight - before.weight + 0.01).absolute().max().item < 1e-15 && optimizer.step == 1)
  }
}
