import Equivariant

extension MoleculeConfiguration {
  static let subject = "a run on molecules"
  static let cure = "give a file written by `molecules train`"
  static let version = 2

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
