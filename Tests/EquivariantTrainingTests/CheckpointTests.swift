import DifferentiableTensors
import EquivariantTraining
import FileFormats
import Foundation
import NeuralModules
import Testing

@Suite struct CheckpointTests {
  /// Runs to the end of the third epoch; `stop` sees the trainer after each batch that does not end an epoch, and after each epoch.
  private func run<Scalar>(_ trainer: inout Trainer<MLP<Scalar>>, _ task: Regression<Scalar>, stop: (Trainer<MLP<Scalar>>) -> Void) {
    while trainer.epoch < 3 {
      _ = trainer.runEpoch(loss: task.loss, interrupted: { true })
      stop(trainer)
    }
  }

  private func everyStep<Scalar: TensorScalar>(_ task: Regression<Scalar>) throws {
    var undisturbed = task.trainer()
    for _ in 0..<3 { _ = undisturbed.runEpoch(loss: task.loss) }
    let expected = undisturbed.checkpoint().encoded()

    var files: [[UInt8]] = []
    var stepped = task.trainer()
    files.append(stepped.checkpoint().encoded())
    run(&stepped, task) { files.append($0.checkpoint().encoded()) }
    #expect(files.count == 13 && files.last == expected, "interruptions alone change nothing")

    for (step, bytes) in files.enumerated() {
      // Another seed, other weights: all of it must come from the file.
      var resumed = task.trainer(seed: 99)
      _ = resumed.runEpoch(loss: task.loss)
      try resumed.restore(from: SafetensorsFile(bytes: bytes, path: "step \(step)"))
      #expect(resumed.step == step)
      #expect(resumed.checkpoint().encoded() == bytes, "what was restored at step \(step) is what was saved")
      run(&resumed, task) { _ in }
      #expect(resumed.checkpoint().encoded() == expected, "resumed at step \(step)")
      #expect(zip(resumed.averaged.namedTensors, undisturbed.averaged.namedTensors).allSatisfy { $0.tensor == $1.tensor })
    }
  }

  @Test func resumingAtEveryStepInFloat() throws { try everyStep(Regression<Float>()) }
  @Test func resumingAtEveryStepInDouble() throws { try everyStep(Regression<Double>()) }

  @Test func throughAFile() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let task = Regression<Float>()
    var trainer = task.trainer()
    _ = trainer.runEpoch(loss: task.loss)
    try trainer.checkpoint(metadata: ["title": "a run"]).write(to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(file.metadata["title"] == "a run")
    // The model's own names lie at the top, so the file can be loaded as weights; the rest is the trainer's.
    #expect(file.names.prefix(4) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    var other = task.trainer(seed: 5)
    try other.restore(from: file)
    #expect(other.checkpoint().encoded() == trainer.checkpoint().encoded())
  }

  // MARK: files that do not fit

  /// The error that restoring a file throws; the trainer must be as before.
  private func failure(_ trainer: Trainer<MLP<Float>>, _ file: SafetensorsFile) -> FileFormatError? {
    var copy = trainer
    do {
      try copy.restore(from: file)
      return nil
    } catch {
      #expect(copy.checkpoint().encoded() == trainer.checkpoint().encoded(), "a failed restoration changes nothing")
      return error
    }
  }

  private func saved() -> (trainer: Trainer<MLP<Float>>, file: SafetensorsFile) {
    let task = Regression<Float>()
    var trainer = task.trainer()
    _ = trainer.runEpoch(loss: task.loss)
    return (trainer, trainer.checkpoint())
  }

  @Test func truncatedFiles() {
    let bytes = saved().file.encoded()
    for length in [0, 1, 7, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
      let error = #expect(throws: FileFormatError.self) { try SafetensorsFile(bytes: Array(bytes.prefix(length)), path: "cut") }
      #expect(error?.path == "cut")
    }
  }

  /// Any byte of the header changed: a typed error or, where the change is harmless, a restored trainer; never a crash.
  @Test func corruptHeaders() {
    let (trainer, file) = saved()
    let bytes = file.encoded()
    let header = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var failures = 0
    for place in stride(from: 0, to: header, by: 3) {
      var broken = bytes
      broken[place] ^= 1 << UInt8(place % 7)
      guard let opened = try? SafetensorsFile(bytes: broken, path: "broken") else {
        failures += 1
        continue
      }
      if failure(trainer, opened) != nil { failures += 1 }
    }
    #expect(failures > header / 6)
  }

  @Test func foreignFiles() throws {
    let (trainer, file) = saved()
    // Weights without a state.
    var weights = SafetensorsFile()
    trainer.model.store(in: &weights)
    #expect(failure(trainer, weights)?.cause == "there is no training state in this file")
    // Another architecture, and a run without an average.
    var wider = Regression<Float>().trainer(width: 7)
    let error = #expect(throws: FileFormatError.self) { try wider.restore(from: file) }
    #expect(error?.place.entry == "0.weight" && error?.kind == .malformed)
    let lean = Regression<Float>().trainer(average: false).checkpoint()
    #expect(failure(trainer, lean)?.cause == "the run of this checkpoint has averageDecay none, this one has 0.9")
    var plain = Regression<Float>().trainer(average: false)
    #expect(throws: Never.self) { try plain.restore(from: lean) }
    // Missing tensors.
    for name in ["2.bias", "average.0.weight", "optimizer.mean.3", "optimizer.square.0"] {
      var part = SafetensorsFile(metadata: file.metadata)
      for e in file.entries where e.name != name { part.append(e.name, dtype: e.dtype, shape: e.shape, data: Array(e.data)) }
      #expect(failure(trainer, part)?.kind == .notFound, "\(name)")
    }
    var more = file
    more.append("3.weight", NumericArray([Float(1)]))
    #expect(failure(trainer, more)?.place.entry == "3.weight")
  }

  // MARK: settings

  /// Every setting that a checkpoint carries: a run with another one is refused by its name, with both values, unless that is allowed.
  @Test func otherSettings() throws {
    typealias Settings = Trainer<MLP<Float>>.Settings
    let changes: [(setting: TrainerSetting, values: (String, String), change: (inout Settings) -> Void)] = [
      (.batchSize, ("5", "6"), { $0.batchSize = 6 }), (.rate, ("0.02", "0.020000000000000004"), { $0.optimizer.rate = 0.02.nextUp }),
      (.beta1, ("0.9", "0.8"), { $0.optimizer = .init(rate: 0.02, beta1: 0.8, weightDecay: 1e-3) }),
      (.beta2, ("0.999", "0.99"), { $0.optimizer = .init(rate: 0.02, beta2: 0.99, weightDecay: 1e-3) }),
      (.epsilon, ("1e-08", "1e-09"), { $0.optimizer = .init(rate: 0.02, epsilon: 1e-9, weightDecay: 1e-3) }),
      (.weightDecay, ("0.001", "0.0"), { $0.optimizer = .init(rate: 0.02) }),
      (.l2, ("0.0", "0.1"), { $0.optimizer = .init(rate: 0.02, weightDecay: 1e-3, l2: 0.1) }),
      (.schedule, ("cosine(warmUp: 3, total: 200, floor: 0.01)", "constant"), { $0.schedule = .constant }),
      (.clipping, ("adaptive(1.1)", "norm(1.1)"), { $0.clipping = .norm(1.1) }),
      (.averageDecay, ("0.9", "0.95"), { $0.averageDecay = 0.95 }), (.averageDecay, ("0.9", "none"), { $0.averageDecay = nil }),
      (.skippedBatchLimit, ("10", "3"), { $0.skippedBatchLimit = 3 }),
    ]
    let file = saved().file
    for (setting, values, change) in changes {
      var trainer = Regression<Float>().trainer(change: change)
      let error = failure(trainer, file)
      #expect(error?.cause == "the run of this checkpoint has \(setting.rawValue) \(values.0), this one has \(values.1)")
      #expect(error?.cure.contains("restore(from:allowing: [.\(setting.rawValue)])") == true)
      #expect(throws: FileFormatError.self) {
        try trainer.restore(from: file, allowing: Set(TrainerSetting.allCases).subtracting([setting]))
      }
      try trainer.restore(from: file, allowing: [setting])
      #expect(trainer.step == 4 && trainer.model.layers[0].weight == saved().trainer.model.layers[0].weight)
      #expect(trainer.checkpoint().metadata["trainer"]!.contains("\"\(setting.rawValue)\":\"\(values.1)\""))
    }
    let start = Regression<Float>().trainer()
    var fewer = Trainer(start.model, settings: start.settings, sampleCount: 20, seed: 3)
    #expect(failure(fewer, file)?.cause == "the run of this checkpoint has sampleCount 24, this one has 20")
    try fewer.restore(from: file, allowing: [.sampleCount])
    #expect(fewer.epoch == 1)
    // Two at once are both named.
    let two = failure(Regression<Float>().trainer { ($0.batchSize, $0.clipping) = (4, .none) }, file)
    #expect(two?.cause == "the run of this checkpoint has batchSize 5, this one has 4; clipping adaptive(1.1), this one has none")
    #expect(two?.cure.contains("allowing: [.batchSize, .clipping])") == true)
  }

  /// A run that takes an average up begins it with the parameters of the checkpoint.
  @Test func anAverageTakenUp() throws {
    var plain = Regression<Float>().trainer(average: false)
    _ = plain.runEpoch(loss: Regression<Float>().loss)
    var trainer = Regression<Float>().trainer()
    try trainer.restore(from: plain.checkpoint(), allowing: [.averageDecay])
    #expect(trainer.average?.step == 0)
    #expect(zip(trainer.averaged.namedTensors, plain.model.namedTensors).allSatisfy { $0.tensor == $1.tensor })
  }

  /// Within an epoch, what is done of it has no meaning for batches of another size.
  @Test func otherBatchesWithinAnEpoch() throws {
    let task = Regression<Float>()
    var trainer = task.trainer()
    _ = trainer.runEpoch(loss: task.loss, interrupted: { true })
    var other = task.trainer { $0.batchSize = 6 }
    let error = #expect(throws: FileFormatError.self) { try other.restore(from: trainer.checkpoint(), allowing: [.batchSize]) }
    #expect(error?.cause == "1 batches of an epoch are done with batchSize 5, this run has 6")
    #expect(other.step == 0)
  }

  /// Checkpoints of earlier versions: without settings, without what losses draw from, without skipped batches.
  @Test func earlierCheckpoints() throws {
    let (trainer, file) = saved()
    func earlier(_ file: SafetensorsFile) throws -> SafetensorsFile {
      let state = try JSONValue(parsing: #require(file.metadata["trainer"]), path: "")
      var object = JSONObject()
      for member in state.object!.members where !["settings", "lossRandom", "skippedBatches", "skippedInARow"].contains(member.key) {
        object[member.key] = member.value
      }
      var changed = file
      changed.metadata["trainer"] = JSONValue.object(object).description
      return changed
    }
    let old = try earlier(file)
    var resumed = Regression<Float>().trainer(seed: 9)
    try resumed.restore(from: old)
    var (a, b) = (trainer, resumed)
    for _ in 0..<2 {
      _ = a.runEpoch(loss: Regression<Float>().loss)
      _ = b.runEpoch(loss: Regression<Float>().loss)
    }
    #expect(try earlier(a.checkpoint()).encoded() == earlier(b.checkpoint()).encoded())
    // That it has an average shows without any settings.
    #expect(failure(Regression<Float>().trainer(average: false), old)?.cause.contains("averageDecay of unknown size") == true)
  }

  @Test func skippedBatchesAreSaved() throws {
    let task = Regression<Float>()
    var trainer = task.trainer { $0.skippedBatchLimit = 1 }
    func bad(_ model: MLP<Float>, _ batch: [Int]) -> Tensor<Float> {
      let loss = task.loss(model, batch)
      return Tensor.operation([loss], value: loss.detached) { _, g in [g * .nan] }
    }
    #expect(trainer.runEpoch(loss: bad, interrupted: { true }) == .interrupted)
    var resumed = task.trainer(seed: 8) { $0.skippedBatchLimit = 1 }
    try resumed.restore(from: trainer.checkpoint())
    #expect(resumed.skippedBatches == 1)
    #expect(resumed.runEpoch(loss: bad) == .diverged(step: 0), "the second one in a row")
  }

  @Test func corruptState() throws {
    let (trainer, file) = saved()
    let state = try #require(file.metadata["trainer"])
    func failureWith(_ text: String) -> FileFormatError? {
      var changed = file
      changed.metadata["trainer"] = text
      return failure(trainer, changed)
    }
    #expect(failureWith(state) == nil)
    #expect(failureWith("not JSON")?.kind == .malformed)
    for key in ["epoch", "step", "batchesDone", "lossSum", "averageStep", "random", "epochStart", "clipperMean"] {
      let error = failureWith(state.replacingOccurrences(of: "\"\(key)\"", with: "\"other\""))
      #expect(error?.cause.contains("\"\(key)\"") == true, "\(key): \(String(describing: error))")
    }
    #expect(failureWith(state.replacingOccurrences(of: "\"settings\":{", with: "\"settings\":3,\"more\":{"))?.kind == .malformed)
    #expect(failureWith(state.replacingOccurrences(of: "\"skippedBatches\":0", with: "\"skippedBatches\":-1"))?.kind == .malformed)
    #expect(failureWith(state.replacingOccurrences(of: "\"lossRandom\":[", with: "\"lossRandom\":[\"1\","))?.kind == .malformed)
    #expect(failureWith(state.replacingOccurrences(of: "\"batchesDone\":0", with: "\"batchesDone\":4"))?.cause == "4 batches are done of 4")
    #expect(failureWith(state.replacingOccurrences(of: "\"epoch\":1", with: "\"epoch\":-1")) != nil)
    #expect(failureWith(state.replacingOccurrences(of: "\"epoch\":1", with: "\"epoch\":1.5")) != nil)
    #expect(failureWith(state.replacingOccurrences(of: "\"step\":4", with: "\"step\":\(Int.max)")) != nil)
  }
}
