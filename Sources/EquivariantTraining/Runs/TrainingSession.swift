import FileFormats
import Foundation
import NeuralModules
import Requirements

/// The loop of a training program with its files: checkpoints to resume from, the best model, and a line of metrics for each epoch.
///
/// Most programs use `fit` of a ``Trainer``, which also creates or resumes the folder. A session is for programs that do this in their own
/// way.
///
/// Metrics are handed to the operating system before the checkpoint of their epoch is written, and those of epochs after the checkpoint are
/// dropped on resuming. In the end, therefore, the files of a run that was killed at any moment and resumed are byte for byte those of an
/// undisturbed run.
public struct TrainingSession: Sendable {
  /// The folder of the run's files.
  public let folder: RunFolder
  /// The configuration that is saved in each file under the key `configuration`.
  public let configuration: String
  /// The text of the ``Fingerprint`` of the data, saved under the key `data`; nil for none.
  public let data: String?
  /// The total number of epochs.
  public let epochs: Int
  /// The number of epochs between evaluations.
  public let evaluateEvery: Int
  /// The number of seconds between checkpoints; 0 saves after every epoch.
  public let saveEvery: Double
  /// The time at which to stop as if Ctrl-C were pressed.
  public let deadline: Date?
  /// The command by which a user continues the run; nil if running the program again does.
  public let resumeCommand: String?
  /// Whether the best model is the one with the best figure in an evaluation, instead of the last one.
  public let keepsLowest: Bool
  /// The run stops at an evaluation that lies this many epochs after the best one; nil for never.
  public let patience: Int?
  /// The user's name for the learning rate.
  public let rateName: String
  /// Whether nothing is printed.
  public let isQuiet: Bool

  /// A session that has not started yet.
  public init(
    folder: RunFolder, configuration: String, data: String? = nil, epochs: Int, evaluateEvery: Int = 1, saveEvery: Double = 10,
    deadline: Date? = nil, resumeCommand: String? = nil, keepsLowest: Bool = true, patience: Int? = nil,
    rateName: String = "learning rate", isQuiet: Bool = false
  ) {
    require(evaluateEvery > 0, "at least 1 epoch between evaluations is expected, received \(evaluateEvery)")
    require(saveEvery >= 0, "at least 0 seconds between checkpoints are expected, received \(saveEvery)")
    require(patience ?? 1 > 0, "a patience of at least 1 epoch is expected, received \(patience ?? 0)")
    (self.folder, self.configuration, self.data, self.epochs) = (folder, configuration, data, epochs)
    (self.evaluateEvery, self.saveEvery, self.deadline, self.resumeCommand) = (evaluateEvery, saveEvery, deadline, resumeCommand)
    (self.keepsLowest, self.patience, self.rateName, self.isQuiet) = (keepsLowest, patience, rateName, isQuiet)
  }

  typealias Best = TrainingOutcome.Best

  /// Runs until all epochs are done, until it stops early, or until Ctrl-C (where ``Interruption`` is watched) or the deadline.
  ///
  /// - Parameters:
  ///   - trainer: the trainer, made with the configuration of the run, and restored from the checkpoint if the run is resumed.
  ///   - file: the checkpoint of a resumed run.
  ///   - epoch: one call of `Trainer.runEpoch`, given the closure that tells whether to stop.
  ///   - evaluate: the error of a model (``Trainer/averaged``) on validation data; not a number if there are none.
  ///   - details: further members of the line of metrics of an evaluated model.
  /// - Throws: `TrainingFailure` if the run diverges, and a `FileFormatError` if a file cannot be written.
  public func run<M: Module>(
    _ trainer: inout Trainer<M>, resuming file: SafetensorsFile?, epoch: (inout Trainer<M>, () -> Bool) -> Trainer<M>.EpochEnd,
    evaluate: (M) -> Double, details: (M) -> JSONObject = { _ in JSONObject() }
  ) throws -> TrainingOutcome {
    try run(&trainer, resuming: file, epoch: epoch) { model, _ in
      let error = evaluate(model)
      var figures: JSONObject = ["valid": .number(error)]
      for member in details(model).members { figures[member.key] = member.value }
      return (figures, "valid", error)
    }
  }

  /// - Parameters:
  ///   - prefersHighest: whether the highest figure is the best.
  ///   - evaluate: the figures of a model, given the mean loss of the epoch, and the one that is monitored.
  func run<M: Module>(
    _ trainer: inout Trainer<M>, resuming file: SafetensorsFile?, epoch: (inout Trainer<M>, () -> Bool) -> Trainer<M>.EpochEnd,
    prefersHighest: Bool = false, evaluate: (_ model: M, _ train: Double) -> (figures: JSONObject, name: String, monitored: Double)
  ) throws -> TrainingOutcome {
    var best: Best?
    folder.removeLeftovers()
    if let file {
      best = try Best(savedIn: file)
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
    var last: (name: String, value: Double)?
    var skipped = trainer.skippedBatches
    /// Says what was left out since it was last said.
    func noteSkipped() {
      guard trainer.skippedBatches > skipped else { return }
      finishLine()
      let new = trainer.skippedBatches - skipped
      note(
        "\(new) \(new == 1 ? "batch" : "batches") left out by step \(trainer.step), \(trainer.skippedBatches) in all: gradients not finite")
      skipped = trainer.skippedBatches
    }
    func finishLine() { if !isQuiet { progress.finish() } }
    /// A checkpoint is never ahead of the metrics, not even after a power cut.
    func checkpoint() throws {
      try metrics.synchronize()
      try save(trainer, best)
      lastSave = Date()
    }
    func end(_ end: TrainingOutcome.End) throws -> TrainingOutcome {
      finishLine()
      try checkpoint()
      return TrainingOutcome(end: end, epoch: trainer.epoch, best: best)
    }
    func stopped(_ place: String) throws -> TrainingOutcome {
      let outcome = try end(.interrupted)
      note("stopped \(place), all saved; " + (resumeCommand.map { "continue with: \($0)" } ?? "run the program again to continue"))
      return outcome
    }
    /// Whether the run has waited for long enough; known from the checkpoint alone, so that a resumed run stops at the same epoch.
    func isStale() -> Bool {
      guard let patience, trainer.epoch % evaluateEvery == 0 else { return false }
      return trainer.epoch - (best?.epoch ?? 0) >= patience
    }
    while trainer.epoch < epochs {
      if isStale() {
        let outcome = try end(.stoppedEarly)
        note("stopped early after epoch \(trainer.epoch): no better \(last?.name ?? "figure") in \(patience!) epochs")
        return outcome
      }
      let rate = trainer.settings.optimizer.rate * trainer.epochRateFactor
      switch epoch(&trainer, stops) {
      case .completed(let trainError):
        var line: JSONObject = [
          "epoch": .integer(trainer.epoch), "step": .integer(trainer.step), "train": .number(trainError), "rate": .number(rate),
        ]
        if trainer.epoch % evaluateEvery == 0 || trainer.epoch == epochs {
          let (figures, name, figure) = evaluate(trainer.averaged, trainError)
          last = figure.isNaN ? nil : (name, figure)
          for member in figures.members { line[member.key] = member.value }
          if !keepsLowest || (prefersHighest ? figure > best?.value ?? -.infinity : figure < best?.value ?? .infinity) {
            best = Best(epoch: trainer.epoch, value: figure)
            try saveBest(trainer, best!)
          }
          trainer.observe(prefersHighest ? -figure : figure)
        }
        if trainer.skippedBatches > 0 { line["skipped"] = .integer(trainer.skippedBatches) }
        try metrics.append(.object(line))
        noteSkipped()
        if !isQuiet {
          progress.show(
            epoch: trainer.epoch, train: trainError, figure: last,
            best: last == nil ? nil : best.map { ($0.epoch, $0.value) }, rate: rate)
        }
        if Date().timeIntervalSince(lastSave) >= saveEvery { try checkpoint() }
        if trainer.epoch < epochs, stops() { return try stopped("after epoch \(trainer.epoch)") }
      case .interrupted: return try stopped("in epoch \(trainer.epoch + 1)")
      case .diverged(let step):
        finishLine()
        throw TrainingFailure.diverged(step: step, rate: trainer.settings.optimizer.rate, rateName: rateName)
      }
    }
    return try end(.completed)
  }

  private func note(_ text: String) { if !isQuiet { Console.note(text) } }

  private func metadata(_ best: Best?) -> [String: String] {
    var m = ["configuration": configuration]
    if let data { m["data"] = data }
    if let best { m["best"] = JSONValue.object(["epoch": .integer(best.epoch), "valid": .number(best.value)]).description }
    return m
  }

  private func save<M: Module>(_ trainer: Trainer<M>, _ best: Best?) throws {
    try trainer.checkpoint(metadata: metadata(best)).write(to: folder.checkpoint)
  }

  private func saveBest<M: Module>(_ trainer: Trainer<M>, _ best: Best) throws {
    var file = SafetensorsFile(metadata: metadata(best))
    trainer.averaged.store(in: &file)
    try file.write(to: folder.best)
  }

  /// A run killed after its last checkpoint has metrics that will be made again.
  private func dropMetrics(after epoch: Int) throws {
    guard FileManager.default.fileExists(atPath: folder.metrics) else { return }
    let kept = try readJSONLines(folder.metrics, toleratingTornLastLine: true).filter { ($0["epoch"]?.int ?? 0) <= epoch }
    try AtomicFile.write(kept.flatMap { $0.serialized() + [UInt8(ascii: "\n")] }, to: folder.metrics)
  }
}
