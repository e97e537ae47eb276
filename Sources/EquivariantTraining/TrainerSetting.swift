import FileFormats

/// A setting of a run that its checkpoints carry (``Trainer/restore(from:allowing:)``).
public enum TrainerSetting: String, CaseIterable, Sendable {
  /// Samples in a batch.
  case batchSize
  /// Number of training samples.
  case sampleCount
  /// The learning rate.
  case rate
  /// Decay of the mean gradient.
  case beta1
  /// Decay of the mean squared gradient.
  case beta2
  /// What is added to the root.
  case epsilon
  /// Decoupled decay of the parameters.
  case weightDecay
  /// Coupled decay of the parameters.
  case l2
  /// The factor of the learning rate by step.
  case schedule
  /// Clipping of gradients.
  case clipping
  /// Decay of the average of the parameters, or none.
  case averageDecay
  /// The most batches in a row that may be skipped.
  case skippedBatchLimit
}

extension Trainer {
  /// Every setting as text. Swift writes a floating-point number with the fewest digits that stand for it alone: texts are equal where
  /// numbers are, to the last bit.
  var settingTexts: [TrainerSetting: String] {
    let adam = settings.optimizer
    return [
      .batchSize: "\(settings.batchSize)", .sampleCount: "\(sampleCount)", .rate: "\(adam.rate)", .beta1: "\(adam.beta1)",
      .beta2: "\(adam.beta2)", .epsilon: "\(adam.epsilon)", .weightDecay: "\(adam.weightDecay)", .l2: "\(adam.l2)",
      .schedule: settings.schedule.text, .clipping: settings.clipping.text,
      .averageDecay: settings.averageDecay.map { "\($0)" } ?? "none", .skippedBatchLimit: "\(settings.skippedBatchLimit)",
    ]
  }

  /// The settings as a checkpoint carries them, in a fixed order.
  var storedSettings: JSONValue {
    let texts = settingTexts
    var object = JSONObject()
    for setting in TrainerSetting.allCases { object[setting.rawValue] = .string(texts[setting]!) }
    return .object(object)
  }

  /// The settings in which a checkpoint differs from this run; settings that it does not carry are not known.
  func differences(from stored: JSONValue) -> [(setting: TrainerSetting, stored: String, own: String)] {
    let texts = settingTexts
    return TrainerSetting.allCases.compactMap { setting in
      guard let text = stored[setting.rawValue]?.string, text != texts[setting]! else { return nil }
      return (setting, text, texts[setting]!)
    }
  }

  /// Throws where a checkpoint has other settings than this run, in what is not allowed to differ.
  func checkSettings(
    _ stored: JSONValue, hasAverage: Bool, allowing allowed: Set<TrainerSetting>, path: String
  ) throws(FileFormatError) {
    var differences = differences(from: stored)
    if stored == .null, hasAverage, settings.averageDecay == nil { differences.append((.averageDecay, "of unknown size", "none")) }
    differences.removeAll { allowed.contains($0.setting) }
    if differences.isEmpty { return }
    let list = differences.map { "\($0.setting.rawValue) \($0.stored), this one has \($0.own)" }.joined(separator: "; ")
    let names = differences.map { ".\($0.setting.rawValue)" }.joined(separator: ", ")
    throw FileFormatError(
      .malformed, path: path, place: .init(entry: "__metadata__"), cause: "the run of this checkpoint has \(list)",
      cure: "make the trainer with the settings of the checkpoint, or allow the difference: restore(from:allowing: [\(names)])")
  }
}

extension Schedule {
  fileprivate var text: String {
    switch self {
    case .constant: "constant"
    case .cosine(let warmUp, let total, let floor): "cosine(warmUp: \(warmUp), total: \(total), floor: \(floor))"
    case .plateau(let warmUp, let decay, let total, let floor):
      "plateau(warmUp: \(warmUp), decay: \(decay), total: \(total), floor: \(floor))"
    case .step(let every, let factor): "step(every: \(every), factor: \(factor))"
    }
  }
}

extension GradientClipping {
  fileprivate var text: String {
    switch self {
    case .none: "none"
    case .norm(let bound): "norm(\(bound))"
    case .adaptive(let multiple): "adaptive(\(multiple))"
    }
  }
}
