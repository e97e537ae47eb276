import Equivariant

/// The settings of a training besides the model and the data.
struct TrainingSettings: Configurable {
  var epochs = 100
  var batch = 5
  var rate = 1e-3
  var warmUpEpochs = 2
  var average = 0.99
  var forceWeight = 500.0
  var clip = 0.0
  var seed: UInt64 = 1
  var evaluateEvery = 5

  static let settings: [Setting<Self>] = [
    .init("epochs", \.epochs, in: 1...1_000_000, "Passes over the training conformations."),
    .init("batch", \.batch, in: 1...1_000_000, "Conformations in a batch."),
    .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate of Adam."),
    .init(
      "warm-up", \.warmUpEpochs, "a warm-up of 0 to 1000000 epochs", where: { (0...1_000_000).contains($0) },
      "Epochs in which the rate rises, before it falls along a cosine."),
    .init(
      "average", \.average, "an average with a decay in 0 ..< 1", where: { (0..<1).contains($0) },
      "Decay of a running average of the weights, used for predictions; 0 for none."),
    .init(
      "force-weight", \.forceWeight, "a positive number", where: { $0 > 0 },
      "Weight of the squared errors of forces beside those of the energy."),
    .init("clip", \.clip, "at least 0", where: { $0 >= 0 }, "Clip gradients at this many times their running mean norm; 0 for never."),
    .init("seed", \.seed, "Seed of weights, batches and rotations."),
    .init("evaluate-every", \.evaluateEvery, in: 1...1_000_000, "Validate after this many epochs."),
  ]

  /// The settings of a trainer on the given number of conformations.
  func trainerSettings(sampleCount: Int) -> Trainer<MoleculeModel>.Settings {
    var s = Trainer<MoleculeModel>.Settings()
    let perEpoch = sampleCount / batch
    s.batchSize = batch
    s.optimizer = .init(rate: rate)
    s.schedule = .cosine(warmUp: warmUpEpochs * perEpoch, total: epochs * perEpoch)
    if average > 0 { s.averageDecay = average }
    if clip > 0 { s.clipping = .adaptive(clip) }
    return s
  }
}
