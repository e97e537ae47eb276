import DifferentiableTensors
import EquivariantTraining
import Foundation
import NeuralModules
import Testing

/// Adam, clipping and losses against PyTorch; see References/README.md.
@Suite struct OptimizerTests {
  struct Reference: Decodable {
    struct Step: Decodable {
      let loss: Double
      let weight, bias: [Double]
    }
    struct Run: Decodable {
      let name: String
      let rate, beta1, beta2, epsilon, weightDecay, l2: Double
      let steps: [Step]
    }
    struct Clipping: Decodable {
      let norm: Double
      let gradient, clipped: [Double]
    }
    struct Losses: Decodable {
      let a, b: [Double]
      let mse, l1, huber: Double
    }
    let runs: [Run]
    let weight, bias, x, t: [Double]
    let clipping: Clipping
    let losses: Losses
  }

  let reference: Reference
  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/pytorch-optimizers.json")
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  private func start<Scalar: TensorScalar>(_: Scalar.Type) -> Linear<Scalar> {
    var generator = RandomSource(seed: 1)
    var model = Linear<Scalar>(3, 2, using: &generator)
    model.weight = Tensor(reference.weight.map { Scalar($0) }, shape: [2, 3])
    model.bias = Tensor(reference.bias.map { Scalar($0) })
    return model
  }

  private func follow<Scalar: TensorScalar>(_ run: Reference.Run, _: Scalar.Type) -> Double {
    var model = start(Scalar.self)
    let (x, t) = (Tensor(reference.x.map { Scalar($0) }, shape: [6, 3]), Tensor(reference.t.map { Scalar($0) }, shape: [6, 2]))
    var optimizer = Adam(
      for: model,
      settings: Adam<Scalar>.Settings(
        rate: run.rate, beta1: run.beta1, beta2: run.beta2, epsilon: run.epsilon, weightDecay: run.weightDecay, l2: run.l2))
    var worst = 0.0
    for step in run.steps {
      let (loss, gradient) = valueWithGradient(at: model) { meanSquaredError($0(x), t) }
      optimizer.update(&model, along: gradient)
      let numbers = [loss.item] + model.weight.elements + model.bias!.elements
      for (a, b) in zip(numbers, [step.loss] + step.weight + step.bias) { worst = max(worst, abs(Double(a) - b)) }
    }
    #expect(optimizer.step == run.steps.count)
    return worst
  }

  @Test func adamAgainstPyTorch() {
    #expect(reference.runs.count == 4)
    for run in reference.runs {
      #expect(follow(run, Double.self) < 1e-13, "\(run.name)")
      #expect(follow(run, Float.self) < 1e-5, "\(run.name)")
    }
  }

  @Test func settingsByParameter() {
    var model = start(Double.self)
    let before = model
    var optimizer = Adam(for: model) { $0 == "bias" ? Adam.Settings(rate: 0) : nil }
    let gradient = ParameterGradient([Tensor<Double>.ones([2, 3]), .ones([2])])
    optimizer.update(&model, along: gradient, factor: 0.5)
    #expect(model.bias == before.bias)
    // The first update is rate · sign(gradient).
    #expect((model.weight - before.weight + 0.5e-3).absolute().max().item < 1e-10)
  }

  @Test func clipping() {
    let expected = reference.clipping
    let (x, t) = (Tensor<Double>(reference.x, shape: [6, 3]), Tensor<Double>(reference.t, shape: [6, 2]))
    let (_, gradient) = valueWithGradient(at: start(Double.self)) { meanSquaredError($0(x), t) }
    #expect(abs(gradient.norm - expected.norm) < 1e-14)
    var clipper = GradientClipper(.norm(0.5))
    let clipped = gradient.scaled(by: clipper.factor(forNorm: gradient.norm)).tensors.flatMap(\.elements)
    for (a, b) in zip(clipped, expected.clipped) { #expect(abs(a - b) < 1e-6) }  // PyTorch adds 1e-6 to the norm
    #expect(clipper.factor(forNorm: 0.4) == 1 && clipper.factor(forNorm: 5) == 0.1)
    #expect(clipper.factor(forNorm: .nan) == 0 && clipper.factor(forNorm: .infinity) == 0)
    var none = GradientClipper(.none)
    #expect(none.factor(forNorm: 1e30) == 1 && none.mean == nil)
  }

  @Test func adaptiveClipping() {
    var clipper = GradientClipper(.adaptive(2))
    #expect(clipper.factor(forNorm: 10) == 1 && clipper.mean == 10)
    #expect(clipper.factor(forNorm: 100) == 0.2)
    #expect(abs(clipper.mean! - (0.99 * 10 + 0.01 * 20)) < 1e-14)
    let mean = clipper.mean
    #expect(clipper.factor(forNorm: .nan) == 0 && clipper.mean == mean)
    #expect(clipper.factor(forNorm: 1) == 1)
  }

  @Test func losses() {
    let (a, b) = (Tensor(reference.losses.a, shape: [6, 3]), Tensor(reference.losses.b, shape: [6, 3]))
    #expect(abs(meanSquaredError(a, b).item - reference.losses.mse) < 1e-14)
    #expect(abs(meanAbsoluteError(a, b).item - reference.losses.l1) < 1e-14)
    #expect(abs(huberLoss(a, b, delta: 0.7).item - reference.losses.huber) < 1e-14)
  }
}
