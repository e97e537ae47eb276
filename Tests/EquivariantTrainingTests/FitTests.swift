import DifferentiableTensors
import EquivariantTraining
import FileFormats
import Foundation
import NeuralModules
import Testing

/// The loop of a user's program, on a small regression.
@Suite struct FitTests {
  struct Settings: StoredConfiguration, Equatable {
    struct Network: Codable, Equatable { var width = 6 }
    var network = Network()
    var rate = 0.02
    var note: String?
  }
  typealias Change = (inout Trainer<MLP<Float>>.Settings) -> Void

  private let task = Regression<Float>()

  private func inFolder(_ body: (RunFolder) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fit-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(RunFolder(folder + "/run"))
  }

  private func files(_ folder: RunFolder) throws -> [[UInt8]] {
    try [folder.checkpoint, folder.best, folder.metrics].map { Array(try Data(contentsOf: URL(filePath: $0))) }
  }

  /// A loss that draws, so that the sources are part of what is resumed.
  private func loss(_ model: MLP<Float>, _ samples: [Int], _ context: inout LossContext<Float>) -> Tensor<Float> {
    let rows = RowIndex(samples, rowCount: 24)
    let noise = Tensor<Float>.normal([samples.count, 2], standardDeviation: 0.1, using: &context.random)
    return meanSquaredError(model(task.x.gathered(rows) + noise), task.y.gathered(rows))
  }

  private func error(_ model: MLP<Float>) -> Double {
    Double(withoutRecording { meanAbsoluteError(model(task.x), task.y).item })
  }

  private func fit(
    _ folder: RunFolder, _ settings: Settings = Settings(), data: Fingerprint? = nil, epochs: Int = 6, resuming: Resumption = .ifPresent,
    changeable: Set<String> = [], patience: Int? = nil, evaluateEvery: Int = 1, deadline: Date? = nil, change: Change = { _ in },
    figure: ((MLP<Float>) -> Double)? = nil, monitor: Monitor? = nil
  ) throws -> TrainingOutcome {
    var trainer = task.trainer(width: settings.network.width, change: change)
    return try trainer.fit(
      in: folder, configuration: settings, data: data, epochs: epochs, resuming: resuming, changeable: changeable, loss: loss,
      validate: { ["mae": figure?($0) ?? error($0), "constant": 1] }, monitor: monitor, patience: patience,
      evaluateEvery: evaluateEvery, saveEvery: 0, deadline: deadline, isQuiet: true)
  }

  static let changes: [@Sendable (inout Trainer<MLP<Float>>.Settings) -> Void] = [
    { _ in }, { $0.optimizer = .sgd(.init(rate: 0.05, momentum: 0.9)) },
    {
      $0.reduceOnPlateau = ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.1)
      $0.accumulation = 3
    },
  ]

  /// Stopped after each update and resumed, also with metrics ahead of the checkpoint and a torn last line, the files are those of a run that
  /// was never disturbed.
  @Test(arguments: 0..<3, [1, 4]) func filesOfAnUndisturbedRun(change: Int, evaluateEvery: Int) throws {
    try inFolder { folder in
      let outcome = try fit(folder, evaluateEvery: evaluateEvery, change: Self.changes[change])
      #expect(outcome.end == .completed && outcome.epoch == 6)
      let expected = try files(folder)
      let lines = try readJSONLines(folder.metrics)
      #expect(lines.map { $0["epoch"]?.int } == [1, 2, 3, 4, 5, 6] && lines[5]["mae"]?.double != nil && lines[5]["constant"]?.double == 1)
      #expect(lines.count { $0["mae"] != nil } == (evaluateEvery == 1 ? 6 : 2))
      try inFolder { folder in
        var stops = 0
        while true {
          let outcome = try fit(folder, evaluateEvery: evaluateEvery, deadline: .distantPast, change: Self.changes[change])
          if outcome.end == .completed { break }
          #expect(outcome.end == .interrupted)
          stops += 1
          let handle = try FileHandle(forWritingTo: URL(filePath: folder.metrics))
          try handle.seekToEnd()
          try handle.write(contentsOf: Data("{\"epoch\":\(outcome.epoch + 1),\"step\":0}\n{\"epo".utf8))
          try handle.close()
        }
        #expect(stops >= 11)
        for (name, (a, b)) in zip(["checkpoint", "best", "metrics"], try zip(files(folder), expected)) {
          let isSame = a == b
          #expect(isSame, "\(name)")
        }
      }
      // A finished run is finished, and nothing is changed.
      #expect(try fit(folder, evaluateEvery: evaluateEvery, change: Self.changes[change]).end == .completed)
      #expect(try files(folder) == expected)
    }
  }

  /// An epoch of the caller's making, here of batches in pieces, is stopped and resumed as others are.
  @Test func batchesInPieces() throws {
    func fit(_ folder: RunFolder, deadline: Date?) throws -> TrainingOutcome {
      var trainer = task.trainer()
      return try trainer.fit(
        in: folder, configuration: Settings(), epochs: 2,
        epoch: { [task] trainer, interrupted in
          trainer.runEpoch(pieces: 2, loss: { task.loss($0, $1) }, interrupted: interrupted)
        }, deadline: deadline, isQuiet: true)
    }
    try inFolder { folder in
      // Without any validation it is the loss of the epoch that decides.
      let outcome = try fit(folder, deadline: nil)
      let losses = try readJSONLines(folder.metrics).map { try #require($0["train"]?.double) }
      #expect(outcome.best?.value == losses.min() && losses.count == 2)
      let expected = try files(folder)
      try inFolder { folder in
        while try fit(folder, deadline: .distantPast).end != .completed {}
        let isSame = try files(folder) == expected
        #expect(isSame)
      }
    }
  }

  /// The best model is the one of the lowest figure, or the highest where that is asked for.
  @Test func bestInValidation() throws {
    for (monitor, values, best) in [
      (Monitor?.none, [3.0, 1, 2, 1], 2), (.highest("mae"), [1, 3, 2, 3], 2), ("mae", [.nan, 2, 3, .nan], 2),
      ("constant", [4, 3, 2, 1], 1),
    ] {
      try inFolder { folder in
        var (call, models): (Int, [MLP<Float>]) = (0, [])
        let outcome = try fit(
          folder, epochs: 4,
          figure: {
            models.append($0)
            call += 1
            return values[call - 1]
          }, monitor: monitor)
        #expect(outcome.best?.epoch == best && outcome.best?.value == (monitor == "constant" ? 1 : values[best - 1]))
        var model = models[0]
        try model.load(from: SafetensorsFile(contentsOf: folder.best))
        #expect(zip(model.namedTensors, models[best - 1].namedTensors).allSatisfy { $0.tensor == $1.tensor })
        #expect(try Settings(from: SafetensorsFile(contentsOf: folder.best)) == Settings())
      }
    }
  }

  /// Three epochs after the best one; a run that is resumed then stops at once, one that is given more patience goes on.
  @Test func earlyStopping() throws {
    try inFolder { folder in
      let outcome = try fit(folder, patience: 3, monitor: "constant")
      #expect(outcome.end == .stoppedEarly && outcome.epoch == 4 && outcome.best?.epoch == 1)
      let before = try files(folder)
      let again = try fit(folder, patience: 3, monitor: "constant")
      #expect(again == outcome)
      #expect(try files(folder) == before)
      #expect(try fit(folder, patience: 4, monitor: "constant").epoch == 5)
      #expect(try fit(folder, monitor: "constant").end == .completed)
    }
    // Figures that are no numbers are no improvement either.
    try inFolder { folder in
      let outcome = try fit(folder, patience: 2, figure: { _ in .nan })
      #expect(outcome.end == .stoppedEarly && outcome.epoch == 2 && outcome.best == nil)
    }
  }

  /// Another configuration, other data and other settings are refused by name, and nothing is changed.
  @Test func otherRuns() throws {
    try inFolder { folder in
      let data = Fingerprint(task.x, task.y)
      _ = try fit(folder, data: data, epochs: 2)
      let before = try files(folder)
      func refusal(
        _ settings: Settings = Settings(), data: Fingerprint? = nil, resuming: Resumption = .ifPresent, change: Change = { _ in }
      )
        throws -> String
      {
        let error = #expect(throws: FileFormatError.self) {
          try fit(folder, settings, data: data, resuming: resuming, change: change)
        }
        #expect(try files(folder) == before)
        return error?.cause ?? ""
      }
      var other = Settings()
      (other.network.width, other.rate) = (7, 0.1)
      #expect(try refusal(other) == "the run has network.width 6, this one has 7; rate 0.02, this one has 0.1")
      var noted = Settings()
      noted.note = "more"
      #expect(try refusal(noted) == "the run has note none, this one has \"more\"")
      #expect(try refusal(data: Fingerprint(task.y, task.x)) == "the data differ from those of the run")
      #expect(try refusal(change: { $0.clipping = .none }).contains("clipping adaptive(1.1), this one has none"))
      #expect(try refusal(resuming: .never) == "the folder holds a run already")
      // What may differ, and what goes on.
      #expect(try fit(folder, noted, data: data, epochs: 3, changeable: ["note"]).epoch == 3)
      var wide = noted
      wide.network.width = 7
      // Allowed by the name of a part, it is the weights that do not fit.
      let error = #expect(throws: FileFormatError.self) { try fit(folder, wide, changeable: ["network"]) }
      #expect(error?.place.entry == "0.weight")
      #expect(try fit(folder, noted, epochs: 4, resuming: .required).epoch == 4)
      #expect(try SafetensorsFile(contentsOf: folder.checkpoint).metadata["data"] == data.text)
    }
  }

  @Test func foldersWithoutARun() throws {
    try inFolder { folder in
      #expect(throws: FileFormatError.self) { try fit(folder, resuming: .required) }
      #expect(!FileManager.default.fileExists(atPath: folder.path))
      #expect(try fit(folder, epochs: 1, resuming: .never).end == .completed)
      // A best model without a checkpoint is not written over.
      try FileManager.default.removeItem(atPath: folder.checkpoint)
      let best = try Data(contentsOf: URL(filePath: folder.best))
      let error = #expect(throws: FileFormatError.self) { try fit(folder) }
      #expect(error?.cause == "the folder holds a run already" && folder.holdsRun && !folder.hasCheckpoint)
      #expect(try Data(contentsOf: URL(filePath: folder.best)) == best)
    }
    let file = FileManager.default.temporaryDirectory.appending(path: "fit-\(UUID().uuidString)").path
    try Data().write(to: URL(filePath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let error = #expect(throws: FileFormatError.self) { try fit(RunFolder(file + "/run")) }
    #expect(error?.kind == .unwritable)
  }

  /// What a killed process was writing is removed; what another one writes, or is no such file, stays.
  @Test func leftovers() throws {
    try inFolder { folder in
      _ = try fit(folder, epochs: 1)
      // No process has a number beyond 2²².
      let dead = [".checkpoint.safetensors.4194305.77.tmp", ".metrics.jsonl.4194305.1.tmp"]
      let alive = [
        ".best.safetensors.\(getpid()).5.tmp", ".other.4194305.5.tmp", ".best.safetensors.tmp", "best.safetensors.4194305.5.tmp",
      ]
      for name in dead + alive { try Data().write(to: URL(filePath: folder.path + "/" + name)) }
      _ = try fit(folder, epochs: 2)
      let expected = alive + ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl"]
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == expected.sorted())
    }
  }

  @Test func divergence() throws {
    try inFolder { folder in
      var trainer = task.trainer()
      let error = #expect(throws: TrainingFailure.self) {
        try trainer.fit(
          in: folder, configuration: Settings(), epochs: 2, loss: { model, samples, _ in task.loss(model, samples) * .infinity },
          isQuiet: true)
      }
      #expect(error.map { "\($0)" }?.contains("begin again in another folder with a learning rate below 0.02") == true)
      #expect(folder.hasCheckpoint)
    }
  }

  /// A number is the same setting however a file has it: earlier versions wrote 1 for 1.0.
  @Test func numbersOfEarlierVersions() throws {
    try inFolder { folder in
      var settings = Settings()
      settings.rate = 2
      _ = try fit(folder, settings, epochs: 1)
      var file = try SafetensorsFile(contentsOf: folder.checkpoint)
      let text = try #require(file.metadata["configuration"])
      #expect(text.contains("\"rate\":2.0"))
      file.metadata["configuration"] = text.replacingOccurrences(of: "2.0", with: "2")
      try file.write(to: folder.checkpoint)
      #expect(try fit(folder, settings, epochs: 2).epoch == 2)
      file.metadata["configuration"] = text.replacingOccurrences(of: "2.0", with: "3")
      try file.write(to: folder.checkpoint)
      #expect(throws: FileFormatError.self) { try fit(folder, settings, epochs: 3) }
    }
  }

  /// Settings that are not finite are kept as they are.
  @Test func configurationsThatAreNotFinite() throws {
    struct Extreme: StoredConfiguration {
      var bound = Double.infinity
      var missing = Double.nan
    }
    let file = SafetensorsFile(metadata: ["configuration": Extreme().json])
    let read = try Extreme(from: file)
    #expect(read.bound == .infinity && read.missing.isNaN)
    let other = SafetensorsFile(metadata: ["configuration": "{\"bound\":\"wide\",\"missing\":1}"])
    let error = #expect(throws: FileFormatError.self) { try Extreme(from: other) }
    #expect(error?.cause.contains("the value of the key \"bound\" is no number") == true)
  }

  /// Equal data have equal fingerprints; another number, order or shape another one.
  @Test func fingerprints() {
    let x = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
    #expect(Fingerprint(x) == Fingerprint(Tensor<Float>([1, 2, 3, 4], shape: [2, 2])))
    let others = [
      Fingerprint(), Fingerprint(Tensor<Float>([1, 2, 3, 4])), Fingerprint(Tensor<Float>([2, 1, 3, 4], shape: [2, 2])), Fingerprint(x, x),
      Fingerprint(Tensor<Float>([1, 2, 3, Float(4).nextUp], shape: [2, 2])),
    ]
    #expect(Set(others.map(\.text)).union([Fingerprint(x).text]).count == 6)
    #expect(throws: FileFormatError.self) { try checkData("a", areThose: "b", of: "file") }
    #expect(throws: Never.self) { try checkData("a", areThose: nil, of: "file") }
  }
}
