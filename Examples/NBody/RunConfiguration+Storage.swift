import Equivariant

extension RunConfiguration {
  static let subject = "an n-body run"
  static let cure = "give a checkpoint written by `nbody train`"
  static let version = 2

  /// The step from a version to the next one.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    // Version 1 had all settings side by side, those of all models in every file, and more of them from one release to the next.
    let name = object["model"]?.string
    func isAbsent(_ key: String) -> Bool { object[key] == nil || object[key] == .null }
    /// The move of a setting of a model that was in an object of its own. A file without the object has the defaults of that time.
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
