import Equivariant
import ExampleSupport
import Foundation

/// A training run with its files.
struct TrainingRun {
  let configuration: RunConfiguration
  let folder: RunFolder
  let resuming: SafetensorsFile?
  let saveEvery: Double
  let minutes: Double?

  init(_ configuration: RunConfiguration, folder: RunFolder, resuming: SafetensorsFile?, saveEvery: Double, minutes: Double?) {
    self.configuration = configuration
    self.folder = folder
    self.resuming = resuming
    self.saveEvery = saveEvery
    self.minutes = minutes
  }

  func run() throws {
    let clock = Date()
    let data = makeDataset(configuration)
    let train = NBodySamples(data.train)
    let valid = NBodySamples(data.valid)
    note(
      "\(data.train.count) + \(data.valid.count) + \(data.test.count) samples of \(configuration.bodies) \(configuration.system.rawValue) bodies"
        + String(format: " simulated in %.1f s", Date().timeIntervalSince(clock)))
    var trainer = Trainer(
      configuration.makeModel(), settings: configuration.trainerSettings, sampleCount: train.count, seed: configuration.seed &+ 0x5EED)
    var best: (epoch: Int, mse: Double)?
    if let resuming {
      try trainer.restore(from: resuming)
      best = try bestOf(resuming)
      try dropMetrics(after: trainer.epoch)
      note("resumed after epoch \(trainer.epoch) of \(configuration.epochs)")
    }
    let metrics = try JSONLinesWriter(appendingTo: folder.metrics)
    note(
      "\(configuration.model.rawValue), \(trainer.model.parameterCount) parameters, \(Threads.count) threads, results in \(folder.path)/")
    var progress = ProgressDisplay(total: configuration.epochs, from: trainer.epoch)
    let graph = Graph.complete(graphs: configuration.batch, nodes: configuration.bodies)
    var lastSave = Date()
    var validError: Double?
    let deadline = minutes.map { clock.addingTimeInterval(60 * $0) }
    while trainer.epoch < configuration.epochs {
      let rate = configuration.rate * trainer.rateFactor
      let end = trainer.runEpoch(
        loss: { model, samples in loss(of: model, train, samples, graph) },
        interrupted: { Interruption.requested || deadline.map { Date() > $0 } ?? false })
      switch end {
      case .completed(let error):
        var line: JSONObject = [
          "epoch": .integer(trainer.epoch), "step": .integer(trainer.step), "train": .number(error), "rate": .number(rate),
        ]
        if trainer.epoch % configuration.evaluateEvery == 0 || trainer.epoch == configuration.epochs {
          let mse = Evaluation(of: trainer.best, on: valid).mse
          validError = mse
          line["valid"] = .number(mse)
          if mse < best?.mse ?? .infinity {
            best = (trainer.epoch, mse)
            try saveBest(trainer, best!)
          }
        }
        try metrics.append(.object(line))
        progress.show(epoch: trainer.epoch, train: error, valid: validError, best: best, rate: rate)
        if Date().timeIntervalSince(lastSave) >= saveEvery {
          try save(trainer, best)
          lastSave = Date()
        }
      case .interrupted:
        progress.finish()
        try save(trainer, best)
        note("stopped in epoch \(trainer.epoch + 1), all saved; continue with: nbody train --resume --output \(folder.path)")
        return
      case .diverged(let step):
        progress.finish()
        throw TrainingFailure.diverged(step: step, rate: rate)
      }
    }
    progress.finish()
    try save(trainer, best)
    try finish(data.test, seconds: Date().timeIntervalSince(clock))
  }

  /// Mean squared error of the positions, plus a little of that of the velocities where the model predicts them: velocities after close
  /// encounters are so large and so hard to predict that at equal weight they would drown the positions.
  private func loss(of model: NBodyModel, _ data: NBodySamples, _ samples: [Int], _ graph: Graph) -> Tensor<Float> {
    let (x, v) = model.prediction(data.batch(samples, graph: graph))
    let error = meanSquaredError(x, data.targets(samples))
    guard let v else { return error }
    return error + meanSquaredError(v, data.targetVelocities(samples)) * 0.02
  }

  private func metadata(_ best: (epoch: Int, mse: Double)?) -> [String: String] {
    var m = ["configuration": configuration.json]
    if let best { m["best"] = JSONValue.object(["epoch": .integer(best.epoch), "valid": .number(best.mse)]).description }
    return m
  }

  private func save(_ trainer: Trainer<NBodyModel>, _ best: (epoch: Int, mse: Double)?) throws {
    try trainer.checkpoint(metadata: metadata(best)).write(to: folder.checkpoint)
  }

  private func saveBest(_ trainer: Trainer<NBodyModel>, _ best: (epoch: Int, mse: Double)) throws {
    var file = SafetensorsFile(metadata: metadata(best))
    trainer.best.store(in: &file)
    try file.write(to: folder.best)
  }

  private func bestOf(_ file: SafetensorsFile) throws -> (epoch: Int, mse: Double)? {
    guard let text = file.metadata["best"] else { return nil }
    let value = try JSONValue(parsing: text, path: file.path)
    guard let epoch = value["epoch"]?.int, let mse = value["valid"]?.double else { return nil }
    return (epoch, mse)
  }

  /// A run killed after its last checkpoint has metrics that will be made again.
  private func dropMetrics(after epoch: Int) throws {
    guard FileManager.default.fileExists(atPath: folder.metrics) else { return }
    let kept = try readJSONLines(folder.metrics, toleratingTornLastLine: true).filter { ($0["epoch"]?.int ?? 0) <= epoch }
    try AtomicFile.write(kept.flatMap { $0.serialized() + [UInt8(ascii: "\n")] }, to: folder.metrics)
  }

  private func finish(_ test: NBodySplit<Float>, seconds: Double) throws {
    let model = try loadModel(folder.best).model
    let result = Evaluation(of: model, on: NBodySamples(test))
    note(
      String(
        format: "test MSE %.5f (median %.2g, without the worst 5 %% %.2g) in %.0f s", result.mse, result.quantile(0.5), result.trimmed,
        seconds))
    note("model: \(folder.best)")
  }
}

/// Why a training could not go on.
enum TrainingFailure: Error, CustomStringConvertible {
  case diverged(step: Int, rate: Double)
  var description: String {
    switch self {
    case .diverged(let step, let rate):
      "the loss is not a finite number at step \(step): try a rate below \(rate) or --clip 5; the last checkpoint is intact"
    }
  }
}

/// The data of a run, simulated in double precision.
func makeDataset(_ c: RunConfiguration) -> NBodyDataset<Float> {
  if c.system == .charged && c.bodies == 5 {
    return NBodyDataset.published(trainCount: c.trainCount, seed: c.dataSeed, threads: Threads.count).rounded
  }
  let system = c.system.system(bodies: c.bodies)
  return NBodyDataset.generate(
    system, sampling: system.publishedSampling, drawn: (c.trainCount, 2000, 2000), kept: (c.trainCount, 2000, 2000), inputFrame: 30,
    targetFrame: 40, seed: c.dataSeed, threads: Threads.count
  ).rounded
}

/// The file of a model that a user named: the best one of a run's folder, or the file itself.
func modelFile(_ name: String) -> String {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder.boolValue ? RunFolder(name).best : name
}

/// A model with the configuration that its file carries.
func loadModel(_ path: String) throws -> (model: NBodyModel, configuration: RunConfiguration) {
  let file = try SafetensorsFile(contentsOf: path)
  let configuration = try RunConfiguration(from: file)
  var model = configuration.makeModel()
  try model.load(from: file)
  return (model, configuration)
}
