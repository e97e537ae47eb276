import Equivariant

extension MoleculeConfiguration {
  /// The version of ``json``. Whoever changes a setting of a model, or adds one, counts it up and adds a step to `upgrade`.
  static let version = 2

  /// As it is saved under the key `configuration` of each file of a run.
  var json: String {
    let object: JSONObject = [
      "version": .integer(Self.version), "model": .string(type(of: model).name), "network": .object(model.json),
      "training": .object(training.json), "data": .object(data.json), "split": .object(split.json),
      "atomic-numbers": .array(atomicNumbers.map { .integer($0) }), "fingerprint": fingerprint.json,
    ]
    return JSONValue.object(object).description
  }

  /// The configuration that a file carries. Throws, naming the key, where there is none or it cannot be.
  init(from file: SafetensorsFile) throws {
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause, cure: "give a file written by `molecules train`")
    }
    guard let text = file.metadata["configuration"] else { throw refusal("there is no configuration of a run on molecules in this file") }
    do {
      try self.init(json: text)
    } catch {
      throw refusal("the configuration is not that of a run on molecules: \(error)")
    }
    if let objection { throw refusal("the configuration is not that of a run: \(objection)") }
  }

  /// Reads what ``json`` or an older version wrote. Values may be out of their ranges.
  init(json text: String) throws(SettingError) {
    let stored = try StoredSettings(text, newest: Self.version, upgrade: Self.upgrade)
    let name: String = try stored.value("model")
    guard let architecture = architectures.first(where: { $0.name == name }) else {
      throw SettingError("the value of the key \"model\" is none that it can have (\(models.names))")
    }
    self.init(architecture)
    try stored.read("network", into: &model)
    try stored.read("training", into: &training)
    try stored.read("data", into: &data)
    try stored.read("split", into: &split)
    guard let numbers = stored.object["atomic-numbers"] else {
      throw SettingError("the key \"\(stored.name("atomic-numbers"))\" is missing")
    }
    guard let list = numbers.array?.map(\.int), !list.contains(nil) else {
      throw SettingError("the value of the key \"\(stored.name("atomic-numbers"))\" is no list of whole numbers")
    }
    atomicNumbers = list.compactMap(\.self)
    fingerprint = try stored.value("fingerprint")
  }

  /// The step from a version to the next one.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    // Version 1 had all settings side by side, those of a grid also for a network without one.
    var moves: [SettingsUpgrade.Move] = [.init("model", "model"), .init("atomicNumbers", "atomic-numbers")]
    for key in ["hidden", "basis", "layers"] { moves.append(.init(key, "network.\(key)")) }
    if object["model"]?.string == "ponita" { moves.append(.init("grid", "network.grid")) }
    for key in ["epochs", "batch", "rate", "average", "clip", "seed"] { moves.append(.init(key, "training.\(key)")) }
    moves += [
      .init("warmUpEpochs", "training.warm-up"), .init("forceWeight", "training.force-weight"),
      .init("evaluateEvery", "training.evaluate-every"), .init("data", "data.data", absent: .null),
      .init("fingerprint", "fingerprint", absent: .null), .init("split.trainCount", "split.train-count", absent: .null),
      .init("split.testCount", "split.test-count", absent: .null), .init("split.seed", "split.split-seed", absent: .null),
      .init("split.trainIndices", "split.train-indices", absent: .null),
      .init("split.testIndices", "split.test-indices", absent: .null),
    ]
    return SettingsUpgrade(moves)
  }
}
