import DifferentiableTensors
import FileFormats
import Foundation
import NeuralModules
import Requirements

/// Whether a training run continues the run in its folder.
public enum Resumption: Sendable, Equatable {
  /// The run continues from the checkpoint if there is one, and starts anew otherwise.
  case ifPresent
  /// There must be a checkpoint.
  case required
  /// The folder must not hold a run.
  case never
}

extension Trainer {
  /// Trains with everything that a training program needs: a folder that is created or resumed, checkpoints, metrics, the best model,
  /// progress with the time left, Ctrl-C, and early stopping.
  ///
  /// ```swift
  /// let outcome = try trainer.fit(
  ///   in: RunFolder("runs/first"), configuration: settings, data: Fingerprint(x, y), epochs: 200,
  ///   loss: { model, samples, context in
  ///     let rows = RowIndex(samples, rowCount: 1000)
  ///     return meanSquaredError(model(x.gathered(rows)), y.gathered(rows))
  ///   },
  ///   validate: { model in ["mae": error(of: model)] }, monitor: "mae", patience: 20)
  /// ```
  ///
  /// The run writes `checkpoint.safetensors`, `best.safetensors` (``averaged`` at the best evaluation) and `metrics.jsonl`. A program that
  /// is killed at any moment, even by `kill -9`, and run again leaves the same bytes in these three files as an undisturbed one, provided
  /// that loss and validation depend on their arguments alone. During training, SIGINT and SIGTERM stop it between two updates with
  /// everything saved; afterwards they have their former effect again.
  ///
  /// - Parameters:
  ///   - folder: the folder of the run's files.
  ///   - configuration: everything that decides the run, which is saved with its files. A resumed run must have the same.
  ///   - data: the fingerprint of the training data. A resumed run must have the same, if both state it.
  ///   - epochs: the total number of epochs, including those before a resumption.
  ///   - resuming: whether a run that is in the folder is continued.
  ///   - allowed: settings of the trainer in which a resumed run may differ, as in ``restore(from:allowing:)``.
  ///   - changeable: keys of the configuration in which a resumed run may differ, such as `epochs`, `network.hidden`, or `network` for all of it.
  ///   - loss: the loss of the model on the samples of the given numbers; see ``LossContext``.
  ///   - validate: the figures of a model on validation data, by name. The metrics list them in this order.
  ///   - monitor: the figure that decides which model is the best, when ``ReduceOnPlateau`` acts, and when to stop early: one of
  ///     `validate`, or `train` for the mean loss of the epoch. Nil stands for the first of `validate`, or for `train` if there are none.
  ///   - patience: the run stops at an evaluation that lies this many epochs after the best one; nil for never.
  ///   - evaluateEvery: the number of epochs between evaluations. The last epoch is always evaluated.
  ///   - saveEvery: the number of seconds between checkpoints; 0 saves after every epoch.
  ///   - deadline: the time at which to stop as if Ctrl-C were pressed.
  ///   - isQuiet: whether nothing is printed.
  /// - Returns: how the run ended, with the best figure.
  /// - Throws: a `FileFormatError` if the folder holds a run with another configuration, other data or other settings, which it names, or
  ///   if a file cannot be read or written; ``TrainingFailure`` if the run diverges.
  @discardableResult
  public mutating func fit(
    in folder: RunFolder, configuration: some StoredConfiguration, data: Fingerprint? = nil, epochs: Int,
    resuming: Resumption = .ifPresent, allowing allowed: Set<TrainerSetting> = [], changeable: Set<String> = [],
    loss: (_ model: M, _ samples: [Int], _ context: inout LossContext<M.Scalar>) -> Tensor<M.Scalar>,
    validate: (_ model: M) -> KeyValuePairs<String, Double> = { _ in [:] }, monitor: Monitor? = nil, patience: Int? = nil,
    evaluateEvery: Int = 1, saveEvery: Double = 10, deadline: Date? = nil, isQuiet: Bool = false
  ) throws -> TrainingOutcome {
    try fit(
      in: folder, configuration: configuration, data: data, epochs: epochs, resuming: resuming, allowing: allowed, changeable: changeable,
      epoch: { trainer, interrupted in trainer.runEpoch(loss: loss, interrupted: interrupted) }, validate: validate,
      monitor: monitor, patience: patience, evaluateEvery: evaluateEvery, saveEvery: saveEvery, deadline: deadline, isQuiet: isQuiet)
  }

  /// Trains like `fit` with a loss, but each epoch is a call of `runEpoch` by the caller, such as one with batches in pieces.
  ///
  /// ```swift
  /// epoch: { trainer, interrupted in trainer.runEpoch(pieces: 2, loss: loss, interrupted: interrupted) }
  /// ```
  ///
  /// The other parameters, the result and the errors are the same.
  @discardableResult
  public mutating func fit(
    in folder: RunFolder, configuration: some StoredConfiguration, data: Fingerprint? = nil, epochs: Int,
    resuming: Resumption = .ifPresent, allowing allowed: Set<TrainerSetting> = [], changeable: Set<String> = [],
    epoch: (_ trainer: inout Trainer, _ interrupted: () -> Bool) -> EpochEnd,
    validate: (_ model: M) -> KeyValuePairs<String, Double> = { _ in [:] }, monitor: Monitor? = nil, patience: Int? = nil,
    evaluateEvery: Int = 1, saveEvery: Double = 10, deadline: Date? = nil, isQuiet: Bool = false
  ) throws -> TrainingOutcome {
    if let objection = configuration.objection {
      throw FileFormatError(
        .malformed, path: folder.path, cause: "there is no run of this configuration: \(objection)", cure: "change the configuration")
    }
    let json = configuration.json
    var saved: SafetensorsFile?
    if resuming == .required || (resuming == .ifPresent && folder.hasCheckpoint) {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      try file.checkConfiguration(json, except: changeable)
      if let data { try checkData(data.text, areThose: file.metadata["data"], of: folder.checkpoint) }
      try restore(from: file, allowing: allowed)
      saved = file
    } else {
      try folder.create()
    }
    let session = TrainingSession(
      folder: folder, configuration: json, data: data?.text ?? saved?.metadata["data"], epochs: epochs, evaluateEvery: evaluateEvery,
      saveEvery: saveEvery, deadline: deadline, patience: patience, isQuiet: isQuiet)
    // Whoever watches already goes on watching.
    let watches = !Interruption.isWatching
    if watches { Interruption.watch() }
    defer { if watches { Interruption.stopWatching() } }
    return try session.run(&self, resuming: saved, epoch: epoch, prefersHighest: monitor?.isHighest ?? false) { model, train in
      let figures = validate(model)
      var object = JSONObject()
      for (name, value) in figures {
        require(
          !["epoch", "step", "train", "rate", "skipped"].contains(name) && object[name] == nil,
          "figures with names of their own are expected, received \(figures.map(\.key))")
        object[name] = .number(value)
      }
      let name = monitor?.name ?? figures.first?.key ?? "train"
      let monitored = figures.first { $0.key == name }?.value ?? (name == "train" ? train : nil)
      require(monitored != nil, "the figure \(name) to monitor is expected among \(figures.map(\.key)) and train")
      return (object, name, monitored!)
    }
  }
}

extension SafetensorsFile {
  /// Throws where the configuration that a file carries is another than that of a run, in anything but some keys.
  fileprivate func checkConfiguration(_ own: String, except changeable: Set<String>) throws(FileFormatError) {
    func refusal(_ cause: String, _ cure: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: "__metadata__"), cause: cause, cure: cure)
    }
    guard let text = metadata["configuration"] else {
      throw refusal("there is no configuration of a run in this file", "give another folder")
    }
    let differences = try JSONValue(parsing: text, path: path).differences(from: JSONValue(parsing: own, path: path))
      .filter { difference in !changeable.contains { difference.key == $0 || difference.key.hasPrefix($0 + ".") } }
    guard !differences.isEmpty else { return }
    throw refusal(
      "the run has " + differences.map { "\($0.key) \($0.stored), this one has \($0.own)" }.joined(separator: "; "),
      "give the configuration that the run was begun with, or another folder")
  }
}

extension JSONValue {
  /// The values in which two configurations differ, by their keys with dots between levels.
  fileprivate func differences(from own: JSONValue, _ path: [String] = []) -> [(key: String, stored: String, own: String)] {
    if let a = object, let b = own.object {
      return Set(a.keys + b.keys).sorted().flatMap { key in (a[key] ?? .null).differences(from: b[key] ?? .null, path + [key]) }
    }
    func words(_ value: JSONValue) -> String { value == .null ? "none" : value.description }
    // A number may be written as 1 or as 1.0.
    let areEqual = self == own || (double != nil && double == own.double && unsigned == own.unsigned)
    return areEqual ? [] : [(path.joined(separator: "."), words(self), words(own))]
  }
}
