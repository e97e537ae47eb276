import Equivariant
import Foundation

/// The loop of a training program with its files: checkpoints to resume from, the model to use, and a line of metrics an epoch.
package struct TrainingSession {
  package let folder: RunFolder
  /// Saved in each file under the key `configuration`.
  package let configuration: String
  package let epochs: Int
  /// The learning rate that the trainer's schedule multiplies.
  package let rate: Double
  /// Epochs between evaluations.
  package let evaluateEvery: Int
  /// Seconds between checkpoints; 0 saves after every epoch.
  package let saveEvery: Double
  /// When to stop as if Ctrl-C were pressed.
  package let deadline: Date?
  /// What continues the run.
  package let resumeCommand: String
  /// Whether the model to use is the one of the lowest error in an evaluation, or else the last one.
  package let keepsLowest: Bool

  package init(
    folder: RunFolder, configuration: String, epochs: Int, rate: Double, evaluateEvery: Int, saveEvery: Double, deadline: Date?,
    resumeCommand: String, keepsLowest: Bool = true
  ) {
    (self.folder, self.configuration, self.epochs, self.rate) = (folder, configuration, epochs, rate)
    (self.evaluateEvery, self.saveEvery, self.deadline) = (evaluateEvery, saveEvery, deadline)
    (self.resumeCommand, self.keepsLowest) = (resumeCommand, keepsLowest)
  }

  private typealias Best = (epoch: Int, error: Double)

  /// Runs until all epochs are done (true), or until Ctrl-C or the deadline (false).
  ///
  /// - Parameters:
  ///   - trainer: made with the configuration of the run, and restored from the checkpoint if it is resumed.
  ///   - file: the checkpoint that is resumed.
  ///   - epoch: one call of `Trainer.runEpoch`, given what asks whether to stop.
  ///   - evaluate: the error of a model on other data; not a number where there are none.
  ///   - details: what else a line of metrics says of an evaluated model.
  package func run<M: Module>(
    _ trainer: inout Trainer<M>, resuming file: SafetensorsFile?, epoch: (inout Trainer<M>, () -> Bool) -> Trainer<M>.EpochEnd,
    evaluate: (M) -> Double, details: (M) -> JSONObject = { _ in JSONObject() }
  ) throws -> Bool {
    var best: Best?
    if let file {
      best = try self.best(of: file)
      try dropMetrics(after: trainer.epoch)
      note("resumed after epoch \(trainer.epoch) of \(epochs)")
    } else {
      // Whenever the run is killed, there is something to resume.
      try save(trainer, nil)
    }
    let stops = { Interruption.requested || deadline.map { Date() > $0 } ?? false }
    let metrics = try JSONLinesWriter(appendingTo: folder.metrics)
    var progress = ProgressDisplay(total: epochs, from: trainer.epoch)
    var lastSave = Date()
    var lastError: Double?
    var skipped = trainer.skippedBatches
    /// Says what was left out since it was last said.
    func noteSkipped() {
      guard trainer.skippedBatches > skipped else { return }
      progress.finish()
      let new = trainer.skippedBatches - skipped
      note(
        "\(new) \(new == 1 ? "batch" : "batches") left out by step \(trainer.step), \(trainer.skippedBatches) in all: gradients not finite")
      skipped = trainer.skippedBatches
    }
    func stopped(_ place: String) throws -> Bool {
      progress.finish()
      try save(trainer, best)
      note("stopped \(place), all saved; continue with: \(resumeCommand)")
      return false
    }
    while trainer.epoch < epochs {
      let rate = rate * trainer.rateFactor
      let end = epoch(&trainer, stops)
      switch end {
      case .completed(let trainError):
        var line: JSONObject = [
          "epoch": .integer(trainer.epoch), "step": .integer(trainer.step), "train": .number(trainError), "rate": .number(rate),
        ]
        if trainer.epoch % evaluateEvery == 0 || trainer.epoch == epochs {
          let error = evaluate(trainer.best)
          lastError = error.isNaN ? nil : error
          line["valid"] = .number(error)
          for member in details(trainer.best).members { line[member.key] = member.value }
          if !keepsLowest || error < best?.error ?? .infinity {
            best = (trainer.epoch, error)
            try saveBest(trainer, best!)
          }
        }
        if trainer.skippedBatches > 0 { line["skipped"] = .integer(trainer.skippedBatches) }
        try metrics.append(.object(line))
        noteSkipped()
        progress.show(
          epoch: trainer.epoch, train: trainError, valid: lastError,
          best: lastError == nil ? nil : best.map { (epoch: $0.epoch, mse: $0.error) }, rate: rate)
        if Date().timeIntervalSince(lastSave) >= saveEvery {
          try save(trainer, best)
          lastSave = Date()
        }
        if trainer.epoch < epochs, stops() { return try stopped("after epoch \(trainer.epoch)") }
      case .interrupted: return try stopped("in epoch \(trainer.epoch + 1)")
      case .diverged(let step):
        progress.finish()
        throw TrainingFailure.diverged(step: step, rate: self.rate)
      }
    }
    progress.finish()
    try save(trainer, best)
    return true
  }

  private func metadata(_ best: Best?) -> [String: String] {
    var m = ["configuration": configuration]
    if let best { m["best"] = JSONValue.object(["epoch": .integer(best.epoch), "valid": .number(best.error)]).description }
    return m
  }

  private func save<M: Module>(_ trainer: Trainer<M>, _ best: Best?) throws {
    try trainer.checkpoint(metadata: metadata(best)).write(to: folder.checkpoint)
  }

  private func saveBest<M: Module>(_ trainer: Trainer<M>, _ best: Best) throws {
    var file = SafetensorsFile(metadata: metadata(best))
    trainer.best.store(in: &file)
    try file.write(to: folder.best)
  }

  private func best(of file: SafetensorsFile) throws -> Best? {
    guard let text = file.metadata["best"] else { return nil }
    let value = try JSONValue(parsing: text, path: file.path)
    guard let epoch = value["epoch"]?.int, let error = value["valid"]?.double else { return nil }
    return (epoch, error)
  }

  /// A run killed after its last checkpoint has metrics that will be made again.
  private func dropMetrics(after epoch: Int) throws {
    guard FileManager.default.fileExists(atPath: folder.metrics) else { return }
    let kept = try readJSONLines(folder.metrics, toleratingTornLastLine: true).filter { ($0["epoch"]?.int ?? 0) <= epoch }
    try AtomicFile.write(kept.flatMap { $0.serialized() + [UInt8(ascii: "\n")] }, to: folder.metrics)
  }
}

/// Why a training could not go on.
package enum TrainingFailure: Error, CustomStringConvertible {
  case diverged(step: Int, rate: Double)
  package var description: String {
    switch self {
    case .diverged(let step, let rate):
      "the loss or its gradient is not finite at step \(step): begin again in another folder with a --rate below \(rate)"
    }
  }
}
