import DifferentiableTensors
import EquivariantTraining
import NeuralModules

/// A small regression: y = tanh(x₀ + 2 x₁) on 24 samples in batches of 5, by a small network.
struct Regression<Scalar: TensorScalar> {
  let x: Tensor<Scalar>
  let y: Tensor<Scalar>

  init() {
    var generator = RandomSource(seed: 20)
    x = .normal([24, 2], using: &generator)
    y = (x.sliced(axis: 1, 0..<1) + x.sliced(axis: 1, 1..<2) * 2).tanh()
  }

  /// Everything that has a state: average, adaptive clipping, cosine schedule, weight decay.
  func trainer(
    average: Bool = true, width: Int = 6, seed: UInt64 = 3, change: (inout Trainer<MLP<Scalar>>.Settings) -> Void = { _ in }
  ) -> Trainer<MLP<Scalar>> {
    var generator = RandomSource(seed: 21)
    var settings = Trainer<MLP<Scalar>>.Settings()
    settings.batchSize = 5
    settings.optimizer = .init(rate: 0.02, weightDecay: 1e-3)
    settings.schedule = .cosine(warmUp: 3, total: 200, floor: 0.01)
    settings.clipping = .adaptive(1.1)
    settings.averageDecay = average ? 0.9 : nil
    change(&settings)
    return Trainer(MLP(widths: [2, width, 1], using: &generator), settings: settings, sampleCount: 24, seed: seed)
  }

  func loss(_ model: MLP<Scalar>, _ batch: [Int]) -> Tensor<Scalar> {
    let rows = RowIndex(batch, rowCount: 24)
    return meanSquaredError(model(x.gathered(rows)), y.gathered(rows))
  }
}
