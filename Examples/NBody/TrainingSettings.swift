import Equivariant

/// The settings of a training besides the model and the data.
struct TrainingSettings: Configurable {
  var epochs = 200
  var batch = 100
  var rate = 2e-3
  var l2 = 1e-12
  var cosine = true
  var warmUpEpochs = 5
  var clip = 0.0
  var clipNorm = 0.0
  var average = 0.998
  var seed: UInt64 = 1
  var evaluateEvery = 5

  static let settings: [Setting<Self>] = [
    .init("epochs", \.epochs, in: 1...1_000_000, "Passes over the training samples."),
    .init("batch", \.batch, in: 1...10_000, "Samples in a batch."),
    .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate of Adam."),
    .init("l2", \.l2, "at least 0", where: { $0 >= 0 }, "Factor of the L2 penalty."),
    .init("cosine", \.cosine, "Multiply the rate down along a cosine over the whole run, after the warm-up."),
    .init(
      "warm-up", \.warmUpEpochs, "a warm-up of 0 to 1000000 epochs", where: { (0...1_000_000).contains($0) },
      "Epochs in which the rate rises, before it falls along the cosine."),
    .init("clip", \.clip, "at least 0", where: { $0 >= 0 }, "Clip gradients at this many times their running mean norm; 0 for never."),
    .init("clip-norm", \.clipNorm, "at least 0", where: { $0 >= 0 }, "Clip gradients at this norm, where --clip is 0; 0 for never."),
    .init(
      "average", \.average, "in 0 ..< 1", where: { (0..<1).contains($0) },
      "Decay of a running average of the weights, used for predictions; 0 for none."),
    .init("seed", \.seed, "Seed of weights and batches."),
    .init("evaluate-every", \.evaluateEvery, in: 1...1_000_000, "Validate after this many epochs."),
  ]

  /// The training of Satorras et al. 2021 and Puny et al. 2022: 10,000 epochs at a constant rate.
  static func published(rate: Double) -> TrainingSettings {
    .init(epochs: 10_000, rate: rate, cosine: false, warmUpEpochs: 0, average: 0)
  }

  /// The settings of a trainer on the given number of samples.
  func trainerSettings(sampleCount: Int) -> Trainer<NBodyModel>.Settings {
    var s = Trainer<NBodyModel>.Settings()
    let perEpoch = max(1, sampleCount / batch)
    s.batchSize = batch
    s.optimizer = .init(rate: rate, l2: l2)
    s.schedule = cosine ? .cosine(warmUp: warmUpEpochs * perEpoch, total: epochs * perEpoch) : .constant
    if clipNorm > 0 { s.clipping = .norm(clipNorm) }
    if clip > 0 { s.clipping = .adaptive(clip) }
    if average > 0 { s.averageDecay = average }
    return s
  }
}
