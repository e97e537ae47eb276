import ArgumentParser
import Equivariant
import ExampleSupport

/// Everything that decides a run.
struct RunConfiguration: ModelConfiguration {
  var model: any Architecture
  var training: TrainingSettings
  var data = DataSettings()
  /// The `NBodyDataset.fingerprint` of the file of the data; nil if they are simulated.
  var fingerprint: String?

  /// The frames of a trajectory that are the input and the target.
  static let frames = NBodyFrames.published

  init(_ preset: ModelPreset<some Architecture>) { (model, training) = (preset.model, preset.training) }

  /// The settings of a preset for the architecture with a name. Throws if there are none.
  init(_ preset: Preset, of name: String) throws(SettingError) {
    let architecture = try architectures[Self.models.index(of: name)]
    guard let configuration = Self.preset(preset, architecture) else {
      throw SettingError("\(architecture.name) has no published settings; leave --preset out")
    }
    self = configuration
  }

  private static func preset<A: Architecture>(_ preset: Preset, _ architecture: A.Type) -> RunConfiguration? {
    switch preset {
    case .quick: RunConfiguration(A.quick)
    case .paper: A.published.map { RunConfiguration($0) }
    }
  }

  init(modelNamed name: String) throws(SettingError) { try self.init(.quick, of: name) }

  static let defaultModel = EGNNArchitecture.name
  static var models: ModelList { nbody.models }
  var modelName: String { type(of: model).name }

  mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
    try visitor.section("network", &model)
    try visitor.section("training", &training)
    try visitor.section("data", &data)
    try visitor.value("fingerprint", &fingerprint)
  }

  var objection: String? {
    training.batch > data.trainCount
      ? "--batch \(training.batch) is larger than the \(data.trainCount) training samples" : nil
  }

  /// The options of `nbody train` that give this configuration, from the preset that needs the fewest.
  var trainOptions: [String] {
    func words<A: Architecture>(_ model: A, _ preset: Preset) -> [String]? {
      guard let base = preset == .quick ? A.quick : A.published else { return nil }
      var data = self.data
      // What the file says.
      if data.file != nil { data.bodies = DataSettings().bodies }
      return (A.name == Self.defaultModel ? [] : ["--model", A.name]) + (preset == .quick ? [] : ["--preset", preset.rawValue])
        + model.options(beside: base.model) + training.options(beside: base.training) + data.options(beside: DataSettings())
    }
    return Preset.allCases.compactMap { words(model, $0) }.min { $0.count < $1.count } ?? []
  }

  func makeModel() -> NBodyModel {
    var generator = RandomSource(seed: training.seed)
    return NBodyModel(network: model.network(using: &generator))
  }

  /// Whether the task is that of the published tables. Its stream has 10,000 training trajectories, of which the first are used.
  var usesPublishedStream: Bool { data.file == nil && data.system == .charged && data.bodies == 5 }
}

/// Named configurations.
enum Preset: String, CaseIterable, ExpressibleByArgument {
  /// A run that takes minutes on one core.
  case quick
  /// The settings that are published with the model, if there are any.
  case paper
}
