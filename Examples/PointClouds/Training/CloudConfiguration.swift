import Equivariant
import ExampleSupport

/// Everything that decides a run.
struct CloudConfiguration: ModelConfiguration {
  var model: any Architecture
  var task = TaskSettings()
  var training = TrainingSettings()
  var data = DataSettings()
  /// The number of classes or parts that are told apart.
  var labels = 0
  /// The `PointCloudDataset.fingerprint` of the shapes; nil for runs of older versions.
  var fingerprint: String?

  static let subject = "a run on clouds of points"
  static let cure = "give a file written by `pointclouds train`"
  static let version = 2
  static var models: ModelList { pointclouds.models }
  static let defaultModel = FAPointNetArchitecture.name

  init(modelNamed name: String) throws(SettingError) { model = try architectures[Self.models.index(of: name)].init() }
  var modelName: String { type(of: model).name }

  mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
    try visitor.section("network", &model)
    try visitor.section("task", &task)
    try visitor.section("training", &training)
    try visitor.section("data", &data)
    try visitor.value("labels", &labels)
    try visitor.value("fingerprint", &fingerprint)
  }

  mutating func complete(given names: Set<String>) throws(SettingError) {
    let (unused, reason) =
      task.kind == .normals
      ? (["shapes-per-class", "data-seed"], "come from --data") : (["data"], "are made by the program")
    if let name = unused.first(where: names.contains) {
      throw SettingError("--\(name) has no effect: the shapes of --task \(task.kind.rawValue) \(reason)")
    }
    labels = task.kind.labelCount
  }

  var objection: String? {
    let expected = task.kind.labelCount
    return labels == expected ? nil : "--task \(task.kind.rawValue) has \(expected) labels, not \(labels)"
  }

  func makeModel() -> CloudModel {
    var generator = RandomSource(seed: training.seed)
    return CloudModel(network: model.network(for: task.kind, using: &generator))
  }

  /// Makes an epoch have every shape at least once, unless an option decides otherwise.
  mutating func cover(_ shapes: PointCloudDataset, unlessGiven names: Set<String>) {
    if !names.contains("clouds") { training.clouds = max(training.clouds, shapes.train.count) }
  }

  /// Throws unless the run is possible with these shapes.
  func check(_ shapes: PointCloudDataset) throws(SettingError) {
    if training.batch > training.clouds {
      throw SettingError("--batch \(training.batch) is larger than the \(training.clouds) clouds of an epoch")
    }
    if let small = (shapes.train + shapes.test).first(where: { $0.count < task.points }) {
      throw SettingError("--points \(task.points) is more than the \(small.count) points of \(small.name)")
    }
  }

  /// The step from a version to the next one.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    // Version 1 had all settings side by side, those of frames also for a network without them.
    var moves: [SettingsUpgrade.Move] = [.init("model", "model"), .init("preset", "network.preset")]
    if object["model"]?.string?.hasPrefix("fa-") ?? false {
      moves.append(.init("frames", "network.frames"))
      moves.append(
        object["reflections"]?.bool.map { .constant(.bool(!$0), "network.rotations-only") }
          ?? .init("reflections", "network.rotations-only"))
    }
    for key in ["task", "points", "rotations"] { moves.append(.init(key, "task.\(key)")) }
    for key in ["epochs", "batch", "rate", "seed"] { moves.append(.init(key, "training.\(key)")) }
    moves += [
      .init("patches", "task.patches", absent: false), .init("cloudsPerEpoch", "training.clouds"),
      .init("evaluateEvery", "training.evaluate-every"), .init("data", "data.data", absent: .null),
      .init("shapesPerClass", "data.shapes-per-class", absent: 40), .init("dataSeed", "data.data-seed", absent: 1),
      .init("labels", "labels"), .init("fingerprint", "fingerprint", absent: .null),
    ]
    return SettingsUpgrade(moves)
  }
}

extension PointCloudDataset {
  /// A text that differs if the shapes for training do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    for cloud in train {
      fingerprint.mix([cloud.count, cloud.label])
      fingerprint.mix(cloud.points)
      fingerprint.mix(cloud.normals)
      fingerprint.mix(cloud.parts)
    }
    return fingerprint.text
  }
}
