import FileFormats

/// A setting of a run that its checkpoints carry (``Trainer/restore(from:allowing:)``).
public enum TrainerSetting: String, CaseIterable, Sendable {
  /// The number of samples in a batch.
  case batchSize
  /// The number of training samples.
  case sampleCount
  /// The number of batches in an update.
  case accumulation
  /// The learning rate.
  case rate
  /// The decay of the mean gradient, β₁.
  case beta1
  /// The decay of the mean squared gradient, β₂.
  case beta2
  /// The number ε that is added to the root in Adam.
  case epsilon
  /// The decoupled decay of the parameters.
  case weightDecay
  /// The coupled decay of the parameters.
  case l2
  /// The decay of the velocity in SGD.
  case momentum
  /// Whether the momentum is that of Nesterov.
  case nesterov
  /// The groups of parameters with a rate or decay of their own.
  case groups
  /// The factor of the learning rate, by step.
  case schedule
  /// The reduction of the learning rate on plateaus.
  case reduceOnPlateau
  /// How gradients are clipped.
  case clipping
  /// The decay of the running average of the parameters, or none.
  case averageDecay
  /// The largest number of consecutive updates that may be skipped.
  case skippedBatchLimit
}

extension Trainer {
  /// Every setting that this run has as text. Swift writes a floating-point number with the fewest digits that stand for it alone: texts
  /// are equal where numbers are, to the last bit. A setting that earlier versions did not have appears only if it differs from what they
  /// did.
  var settingTexts: [TrainerSetting: String] {
    var texts: [TrainerSetting: String] = [
      .batchSize: "\(settings.batchSize)", .sampleCount: "\(sampleCount)", .schedule: settings.schedule.text,
      .clipping: settings.clipping.text, .averageDecay: settings.averageDecay.map { "\($0)" } ?? "none",
      .skippedBatchLimit: "\(settings.skippedBatchLimit)",
    ]
    switch settings.optimizer {
    case .adam(let adam):
      texts[.rate] = "\(adam.rate)"
      texts[.beta1] = "\(adam.beta1)"
      texts[.beta2] = "\(adam.beta2)"
      texts[.epsilon] = "\(adam.epsilon)"
      texts[.weightDecay] = "\(adam.weightDecay)"
      texts[.l2] = "\(adam.l2)"
    case .sgd(let sgd):
      texts[.rate] = "\(sgd.rate)"
      texts[.momentum] = "\(sgd.momentum)"
      texts[.nesterov] = "\(sgd.isNesterov)"
      texts[.weightDecay] = "\(sgd.weightDecay)"
    }
    if settings.accumulation != 1 { texts[.accumulation] = "\(settings.accumulation)" }
    if !settings.groups.isEmpty {
      let paths = model.namedTensors.filter { $0.role == .parameter }.map(\.path)
      let members = Dictionary(grouping: paths) { path in settings.groups.firstIndex { $0.contains(path) } }
      texts[.groups] = settings.groups.enumerated().map { $1.text(paths: members[$0] ?? []) }.joined(separator: ", ")
    }
    if let rule = settings.reduceOnPlateau {
      texts[.reduceOnPlateau] =
        "(factor: \(rule.factor), patience: \(rule.patience), threshold: \(rule.threshold), cooldown: \(rule.cooldown), "
        + "minimumFactor: \(rule.minimumFactor))"
    }
    return texts
  }

  /// The name of the optimizer; checkpoints of Adam do not tell it.
  private var optimizerName: String { if case .adam = settings.optimizer { "adam" } else { "sgd" } }

  /// The settings as a checkpoint carries them, in a fixed order.
  var storedSettings: JSONValue {
    let texts = settingTexts
    var object = JSONObject()
    if optimizerName != "adam" { object["optimizer"] = .string(optimizerName) }
    for setting in TrainerSetting.allCases { object[setting.rawValue] = texts[setting].map { .string($0) } }
    return .object(object)
  }

  /// The value of a setting that neither a checkpoint nor a run states; nil if it is not known.
  private static func silent(_ setting: TrainerSetting) -> String? {
    switch setting {
    case .accumulation: "1"
    case .groups, .reduceOnPlateau: "none"
    default: nil
    }
  }

  /// The settings in which a checkpoint differs from this run; settings that it does not carry are not known.
  func differences(from stored: JSONValue) -> [(setting: TrainerSetting, stored: String, own: String)] {
    guard stored != .null else { return [] }
    let texts = settingTexts
    return TrainerSetting.allCases.compactMap { setting in
      let silent = Self.silent(setting)
      guard let text = stored[setting.rawValue]?.string ?? silent, let own = texts[setting] ?? silent, text != own else { return nil }
      return (setting, text, own)
    }
  }

  /// Throws if a checkpoint differs from this run in a setting that is not allowed to differ.
  func checkSettings(
    _ stored: JSONValue, hasAverage: Bool, allowing allowed: Set<TrainerSetting>, path: String
  ) throws(FileFormatError) {
    let optimizer = stored["optimizer"]?.string ?? "adam"
    if stored != .null, optimizer != optimizerName {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: "__metadata__"),
        cause: "the run of this checkpoint has the optimizer \(optimizer), this one has \(optimizerName)",
        cure: "make the trainer with the optimizer of the checkpoint, or begin a new run with the weights of its model")
    }
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

extension GradientClipping {
  fileprivate var text: String {
    switch self {
    case .none: "none"
    case .norm(let bound): "norm(\(bound))"
    case .adaptive(let multiple): "adaptive(\(multiple))"
    }
  }
}
