import DifferentiableTensors
import FileFormats
import NeuralModules

/// A checkpoint is a safetensors file: the model's tensors under their own paths (so that other programs can read them), `average.*`,
/// `optimizer.mean.N` and `optimizer.square.N` (or `optimizer.velocity.N`, see ``SGD``), and under the key `trainer` of its metadata the counters, the state of the random sources and
/// the settings of the run.
extension Trainer {
  private static var reserved: [String] { ["average.", "optimizer."] }

  /// The whole state of the run as a file, with the given additional metadata.
  public func checkpoint(metadata: [String: String] = [:]) -> SafetensorsFile {
    var file = SafetensorsFile(metadata: metadata)
    model.store(in: &file)
    average?.model.store(in: &file, prefix: "average.")
    for moment in optimizer.moments {
      for (i, t) in moment.tensors.enumerated() { file.append("optimizer.\(moment.name).\(i)", t.numericArray) }
    }
    func words(_ source: RandomSource) -> JSONValue { .array(source.state.map { .string(String($0, radix: 16)) }) }
    // Floating-point numbers by their bits: the restored state is the same to the last one.
    func bits(_ x: Double) -> JSONValue { .string(String(x.bitPattern, radix: 16)) }
    var state: JSONObject = [
      "epoch": .integer(epoch), "step": .integer(optimizer.step), "batchesDone": .integer(batchesDone), "lossSum": bits(lossSum),
      "clipperMean": clipper.mean.map(bits) ?? .null, "averageStep": .integer(average?.step ?? 0), "random": words(random),
      "epochStart": words(epochStart), "lossRandom": words(lossRandom), "skippedBatches": .integer(skippedBatches),
      "skippedInARow": .integer(skippedInARow), "settings": storedSettings,
    ]
    if batchesDone > 0 { state["epochStep"] = .integer(epochStep) }
    if let plateau {
      state["plateau"] = [
        "best": bits(plateau.best), "badCount": .integer(plateau.badCount), "cooldownLeft": .integer(plateau.cooldownLeft),
        "factor": bits(plateau.factor),
      ]
    }
    file.metadata["trainer"] = JSONValue.object(state).description
    file.metadata["format"] = "swift-equivariant checkpoint 1"
    return file
  }

  /// Puts this run, made with the same model configuration and settings, into the state of a checkpoint. Throws, and changes nothing, if
  /// the file does not fit or if the run that it was saved from had other settings.
  ///
  /// Checkpoints of earlier versions carry no settings; they are taken to have those of this run.
  ///
  /// - Parameters:
  ///   - file: a file made by ``checkpoint(metadata:)``.
  ///   - allowed: settings in which this run may differ. Batch size and number of samples may change only at the end of an epoch. An
  ///     average that the file lacks starts from the file's parameters.
  public mutating func restore(from file: SafetensorsFile, allowing allowed: Set<TrainerSetting> = []) throws(FileFormatError) {
    func wrong(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause,
        cure: "resume from a checkpoint that this program wrote for training (a file of weights alone can be evaluated, not resumed)")
    }
    guard let text = file.metadata["trainer"] else { throw wrong("there is no training state in this file") }
    let state = try JSONValue(parsing: text, path: file.path)
    func number(_ key: String) throws(FileFormatError) -> Int {
      guard let n = state[key]?.int, (0..<1 << 53).contains(n) else { throw wrong("the training state has no count \"\(key)\"") }
      return n
    }
    func double(_ value: JSONValue?) -> Double? { value?.string.flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) } }
    func source(_ key: String) throws(FileFormatError) -> RandomSource {
      guard let words = state[key]?.array?.compactMap({ $0.string.flatMap { UInt64($0, radix: 16) } }), let s = RandomSource(state: words)
      else {
        throw wrong("the training state has no random source \"\(key)\"")
      }
      return s
    }
    let hasAverage = file.names.contains { $0.hasPrefix("average.") }
    let stored = state["settings"] ?? .null
    guard stored == .null || stored.object != nil else { throw wrong("the training state has no settings") }
    try checkSettings(stored, hasAverage: hasAverage, allowing: allowed, path: file.path)
    var copy = self
    copy.bounds = StepBounds()
    var parameters = SafetensorsFile(path: file.path, like: file) { name in !Self.reserved.contains { name.hasPrefix($0) } }
    parameters.metadata = file.metadata
    try copy.model.load(from: parameters)
    if let decay = settings.averageDecay {
      copy.average = ExponentialMovingAverage(of: copy.model, decay: decay)
      if hasAverage || !allowed.contains(.averageDecay) { try copy.average!.model.load(from: file, prefix: "average.") }
    }
    var moments: [[Tensor<M.Scalar>]] = []
    for moment in optimizer.moments {
      var tensors: [Tensor<M.Scalar>] = []
      // A run that takes momentum up begins without a velocity.
      let begins = moment.name == "velocity" && allowed.contains(.momentum) && !file.contains("optimizer.velocity.0")
      for (i, t) in moment.tensors.enumerated() {
        tensors.append(begins ? .zeros(t.shape) : try Tensor(from: file, "optimizer.\(moment.name).\(i)", shape: t.shape))
      }
      moments.append(tensors)
    }
    copy.optimizer.restore(moments)
    copy.epoch = try number("epoch")
    copy.optimizer.step = try number("step")
    copy.batchesDone = try number("batchesDone")
    if copy.batchesDone > 0,
      let other = self.differences(from: stored).first(where: { [.batchSize, .sampleCount].contains($0.setting) })
    {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"),
        cause: "\(copy.batchesDone) batches of an epoch are done with \(other.setting.rawValue) \(other.stored), this run has \(other.own)",
        cure: "change it from a checkpoint that was saved at the end of an epoch")
    }
    // Earlier versions did not tell it; it is this where no batch was skipped.
    copy.epochStep = state["epochStep"] == nil ? max(0, copy.step - copy.batchesDone) : try number("epochStep")
    guard copy.batchesDone < max(1, batchesPerEpoch) else { throw wrong("\(copy.batchesDone) batches are done of \(batchesPerEpoch)") }
    guard let sum = double(state["lossSum"]) else { throw wrong("the training state has no \"lossSum\"") }
    copy.lossSum = sum
    let clipperMean = double(state["clipperMean"])
    guard clipperMean != nil || state["clipperMean"] == .null else { throw wrong("the training state has no \"clipperMean\"") }
    copy.clipper = GradientClipper(settings.clipping, mean: clipperMean)
    copy.plateau = settings.reduceOnPlateau.map { _ in PlateauState() }
    if copy.plateau != nil, let saved = state["plateau"] {
      guard let best = double(saved["best"]), !best.isNaN, let bad = saved["badCount"]?.int, let cooldown = saved["cooldownLeft"]?.int,
        let factor = double(saved["factor"]),
        bad >= 0, cooldown >= 0, (0...1).contains(factor)
      else { throw wrong("the training state has no \"plateau\"") }
      copy.plateau = PlateauState(best: best, badCount: bad, cooldownLeft: cooldown, factor: factor)
    } else if copy.plateau != nil, !allowed.contains(.reduceOnPlateau) {
      throw wrong("the training state has no \"plateau\"")
    }
    copy.average?.step = try number("averageStep")
    copy.random = try source("random")
    copy.epochStart = try source("epochStart")
    // Earlier versions had no source for losses: it begins where the order of the samples stands.
    copy.lossRandom = state["lossRandom"] == nil ? Self.lossSource(seed: copy.epochStart.state[0]) : try source("lossRandom")
    copy.skippedBatches = state["skippedBatches"] == nil ? 0 : try number("skippedBatches")
    copy.skippedInARow = state["skippedInARow"] == nil ? 0 : try number("skippedInARow")
    self = copy
  }
}

extension SafetensorsFile {
  /// The entries of another file whose names pass.
  init(path: String, like file: SafetensorsFile, where passes: (String) -> Bool) {
    self.init(metadata: file.metadata)
    for e in file.entries where passes(e.name) { append(e.name, dtype: e.dtype, shape: e.shape, data: Array(e.data)) }
  }
}
