import Equivariant
import ExampleSupport
import Foundation

/// A training run with its files.
struct TrainingRun {
  let configuration: RunConfiguration
  let folder: RunFolder
  let resuming: SafetensorsFile?

  func run(_ plan: SessionPlan) throws {
    let clock = Date()
    let training = configuration.training
    let data = try dataset(configuration)
    let train = NBodySamples(data.train)
    let valid = NBodySamples(data.valid)
    note(
      "\(data.train.count) + \(data.valid.count) + \(data.test.count) samples of \(configuration.data.bodies) \(configuration.data.system.rawValue) bodies"
        + String(format: " \(configuration.data.file == nil ? "simulated" : "read") in %.1f s", Date().timeIntervalSince(clock)))
    let first = data.train.count < 100 ? data.train.count : 100
    var model = configuration.makeModel()
    model.network = model.network.calibrated(
      on: train.batch(Array(0..<first), graph: .complete(graphs: first, nodes: configuration.data.bodies)))
    var trainer = Trainer(
      model, settings: training.trainerSettings(sampleCount: configuration.data.trainCount), sampleCount: train.count,
      seed: training.seed &+ 0x5EED)
    // A run may be given more epochs when it is resumed, on which its schedule depends.
    if let resuming { try trainer.restore(from: resuming, allowing: [.schedule]) }
    note(
      "\(configuration.modelName), \(trainer.model.parameterCount) parameters, \(Threads.count) threads, results in \(folder.path)/"
    )
    let pieces = min(type(of: model.network).pieces, training.batch)
    let graphs = (0...training.batch).map { size in
      // Pieces of a batch have one of two sizes.
      size == training.batch / pieces || size == (training.batch + pieces - 1) / pieces
        ? Graph.complete(graphs: size, nodes: configuration.data.bodies) : nil
    }
    let session = plan.session(
      configuration, in: folder, epochs: training.epochs, evaluateEvery: training.evaluateEvery,
      continuedBy: "nbody train --resume --output \(shellQuoted(folder.path))")
    let loss: @Sendable (NBodyModel, [Int]) -> Tensor<Float> = { model, samples in
      self.loss(of: model, train, samples, graphs[samples.count]!)
    }
    let outcome = try session.run(
      &trainer, resuming: resuming,
      epoch: { trainer, interrupted in
        pieces == 1
          ? trainer.runEpoch(loss: loss, interrupted: interrupted)
          : trainer.runEpoch(pieces: pieces, loss: loss, interrupted: interrupted)
      }, evaluate: { Evaluation(of: $0, on: valid).mse })
    if outcome.end == .completed { try finish(data.test, seconds: Date().timeIntervalSince(clock)) }
  }

  /// The mean squared error of the positions, plus a little of that of the velocities if the model predicts them. Velocities after close
  /// encounters are so large and so hard to predict that with equal weight they would outweigh the positions.
  private func loss(of model: NBodyModel, _ data: NBodySamples, _ samples: [Int], _ graph: Graph) -> Tensor<Float> {
    // A source that depends on the samples alone: a resumed run draws the same elements.
    let seed = samples.reduce(configuration.training.seed) { ($0 &+ UInt64($1)) &* 0x9E37_79B9_7F4A_7C15 }
    var pass = ForwardPass<Float>.training(using: RandomSource(seed: seed))
    let prediction = model.network.prediction(data.batch(samples, graph: graph), &pass)
    let error = meanSquaredError(prediction.positions, data.targets(samples))
    guard let v = prediction.velocities else { return error }
    return error + meanSquaredError(v, data.targetVelocities(samples)) * 0.02
  }

  private func finish(_ test: NBodySplit<Float>, seconds: Double) throws {
    let model = try RunConfiguration.load(folder.best).model
    let result = Evaluation(of: model, on: NBodySamples(test))
    note(
      String(
        format: "test MSE %.5f (median %.2g, without the worst 5 %% %.2g) in %.0f s", result.mse, result.quantile(0.5), result.trimmed,
        seconds))
    note("model: \(folder.best)")
  }
}

/// The data of a run, which are read from its file, whose content must not have changed, or simulated in double precision.
func dataset(_ c: RunConfiguration) throws -> NBodyDataset<Float> {
  if let path = c.data.file {
    let data = try readDataset(path, c)
    try checkData(data.fingerprint, areThose: c.fingerprint, of: path)
    return data
  }
  if c.usesPublishedStream {
    return NBodyDataset.published(trainCount: c.data.trainCount, seed: c.data.seed, threads: Threads.count).rounded
  }
  let system = c.data.system.system(bodies: c.data.bodies)
  return NBodyDataset.generate(
    system, sampling: system.publishedSampling, drawn: (c.data.trainCount, 2000, 2000), kept: (c.data.trainCount, 2000, 2000),
    inputFrame: RunConfiguration.frames.input,
    targetFrame: RunConfiguration.frames.target, seed: c.data.seed, threads: Threads.count
  ).rounded
}

/// The data of a file in the form that a run takes.
func readDataset(_ path: String, _ c: RunConfiguration) throws -> NBodyDataset<Float> {
  let file = try NBodyFile(contentsOf: path)
  let data = try NBodyDataset(
    file, trainCount: c.data.trainCount, frames: RunConfiguration.frames, requiresEdges: c.data.system == .springs)
  if c.model.predictsVelocities, !file.holdsTrajectories {
    throw FileFormatError(
      .notFound, path: path, place: .init(entry: "train_v1"),
      cause: "--velocities asks for velocities at the target frame, which this layout lacks",
      cure: "give trajectories as `nbody simulate` writes them")
  }
  return data
}

extension NBodyDataset where Scalar == Float {
  /// A text that differs if the samples for training, validation or test do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    for split in [train, valid, test] {
      fingerprint.mix([split.count, split.bodies])
      for values in [split.charges, split.edges, split.positions0, split.velocities0, split.positions1] { fingerprint.mix(values) }
    }
    return fingerprint.text
  }
}
