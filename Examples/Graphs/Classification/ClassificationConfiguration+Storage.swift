import Equivariant

extension ClassificationConfiguration {
  static let version = 2

  /// The step from a version to the next one.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    // Version 1 had all settings side by side, those of all networks in every file.
    let name = object["model"]?.string ?? ""
    let labelsByDegree = classifiers.first { $0.name == name }?.labelsByDegree ?? false
    var moves: [SettingsUpgrade.Move] = [
      .init("model", "model"), .init("hidden", "network.hidden"), .init("layers", "network.layers"),
    ]
    if ["gin", "gin-id", "spen"].contains(name) { moves.append(.init("dropout", "network.dropout")) }
    if ["gin", "gin-id"].contains(name) { moves.append(.init("pooling", "network.pooling")) }
    if name == "spen" { moves += subgraphMoves(object) }
    for key in ["epochs", "batch", "rate", "decay", "seed"] { moves.append(.init(key, "training.\(key)")) }
    moves += [
      .init("halveEvery", "training.halve-every"), .init("data", "data.data"),
      .init("degreeLabels", "data.degree-labels", absent: .bool(labelsByDegree)), .init("folds", "data.folds"),
      .init("foldSeed", "data.fold-seed", absent: .null), .init("validationParts", "data.validation-parts", absent: 0),
      .init("graphs", "graphs"), .init("classes", "classes"), .init("nodeLabels", "node-labels"), .init("largest", "largest"),
      name == "spen" ? .init("subgraphs.sizes", "sizes") : .constant([], "sizes"), .init("fingerprint", "fingerprint"),
      .init("fold", "fold"),
    ]
    return SettingsUpgrade(moves)
  }

  /// The moves of what version 1 had in an object of its own, with the policy as an object of one key.
  private static func subgraphMoves(_ object: JSONObject) -> [SettingsUpgrade.Move] {
    let policies = [
      "ego": "ego", "egoWithIdentity": "ego-identity", "nodeDeleted": "node-deleted", "nodeMarked": "node-marked",
      "edgeDeleted": "edge-deleted",
    ]
    let stored = object["subgraphs"]?["policy"]?.object?.keys.first ?? ""
    return [
      policies[stored].map { .constant(.string($0), "network.policy") } ?? .init("subgraphs.policy", "network.policy"),
      stored.hasPrefix("ego") ? .init("subgraphs.policy.\(stored).hops", "network.hops") : .constant(1, "network.hops"),
      .init("subgraphs.orders", "network.orders"), .init("subgraphs.sharing", "network.sharing"),
      .init("subgraphs.recombination", "network.join"), .init("subgraphs.readout", "network.readout"),
      .init("subgraphs.normalization", "network.sums"), .init("subgraphs.normalizes", "network.graph-norm"),
      .init("sizeShare", "network.size-share", absent: 0.02),
    ]
  }
}
