import Equivariant

extension RunConfiguration {
  /// The version of ``json``. Whoever changes a setting of a model, or adds one, counts it up and adds a step to `upgrade`.
  static let version = 2

  /// As it is saved under the key `configuration` of each file of a run.
  var json: String {
    let object: JSONObject = [
      "version": .integer(Self.version), "model": .string(type(of: model).name), "network": .object(model.json),
      "training": .object(training.json), "data": .object(data.json), "fingerprint": fingerprint.json,
    ]
    return JSONValue.object(object).description
  }

  /// The configuration that a file carries. Throws, naming the key, where there is none or it cannot be.
  init(from file: SafetensorsFile) throws {
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause, cure: "give a checkpoint written by `nbody train`")
    }
    guard let text = file.metadata["configuration"] else { throw refusal("there is no configuration of an n-body run in this file") }
    do {
      try self.init(json: text)
    } catch {
      throw refusal("the configuration is not that of an n-body run: \(error)")
    }
    if let objection { throw refusal("the configuration is not that of a run: \(objection)") }
  }

  /// Reads what ``json`` or an older version wrote. Values may be out of their ranges.
  init(json text: String) throws(SettingError) {
    let stored = try StoredSettings(text, newest: Self.version, upgrade: Self.upgrade)
    let name: String = try stored.value("model")
    guard let architecture = architectures.first(where: { $0.name == name }) else {
      throw SettingError(
        "the value of the key \"model\" is none that it can have (\(models.names))")
    }
    try self.init(.quick, of: architecture)
    try stored.read("network", into: &model)
    try stored.read("training", into: &training)
    try stored.read("data", into: &data)
    fingerprint = try stored.value("fingerprint")
  }

  /// The step from a version to the next one.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    // Version 1 had all settings side by side, those of all models in every file, and more of them from one release to the next.
    let name = object["model"]?.string
    func isAbsent(_ key: String) -> Bool { object[key] == nil || object[key] == .null }
    /// A setting of a model in an object of its own; a file without the object has the defaults of that time.
    func own(_ old: String, _ new: String, _ standard: JSONValue, isOptional: Bool = false) -> SettingsUpgrade.Move {
      let absent: JSONValue? = isOptional ? .null : isAbsent(name ?? "") ? standard : Optional.none
      return .init("\(name ?? "").\(old)", "network.\(new)", absent: absent)
    }
    var moves: [SettingsUpgrade.Move] = [
      .init("model", "model"), .init("hidden", "network.hidden"), .init("layers", "network.layers"),
    ]
    switch name {
    case "egnn":
      moves += [.init("predictsVelocities", "network.velocities"), .init("clamp", "network.clamp", absent: "component")]
    case "fa-gnn":
      moves += [
        .init("predictsDisplacement", "network.displacement", absent: false),
        .init("sampledFrames", "network.sampled-frames", absent: 0),
      ]
    case "ponita":
      moves += [
        own("basis", "basis", 64), own("orientations", "orientations", 16), own("grid", "grid", "sign-symmetric"),
        own("pose", "pose", "principalAxes"), own("layerScale", "layer-scale", nil, isOptional: true),
        own("bandLimit", "band-limit", nil, isOptional: true), own("turns", "turns", false),
      ]
    case "flow":
      moves += [own("depth", "depth", 3), own("nodeFeatures", "node-features", 16), own("sharesWeights", "shared-weights", false)]
    default: break
    }
    for key in ["epochs", "batch", "rate", "l2", "cosine", "clip", "average", "seed"] { moves.append(.init(key, "training.\(key)")) }
    moves += [
      .init("warmUpEpochs", "training.warm-up"), .init("clipNorm", "training.clip-norm", absent: 0),
      .init("evaluateEvery", "training.evaluate-every"), .init("data", "data.data", absent: .null),
      .init("trainCount", "data.train-count"), .init("dataSeed", "data.data-seed"), .init("system", "data.system"),
      .init("bodies", "data.bodies"), .init("fingerprint", "fingerprint", absent: .null),
    ]
    return SettingsUpgrade(moves)
  }
}
