import Equivariant

/// A model that `nbody` trains, with its settings: one file of the folder `Models`, which needs to be named nowhere else.
///
/// The settings are declared once (`Setting`); options, help, checks, the command that a report prints and the JSON of checkpoints come from
/// there.
protocol Architecture: ModelSettings {
  /// The settings of a run of minutes on one core.
  static var quick: ModelPreset<Self> { get }
  /// The settings that are published with the model; nil where none are.
  static var published: ModelPreset<Self>? { get }
  /// Whether velocities are predicted too, which `nbody rollout` needs.
  var predictsVelocities: Bool { get }
  /// Its size in a few words, after its name, such as "width 64, 4 layers".
  var size: String { get }
  /// What it is, in sentences of a report that a newcomer understands.
  var introduction: String { get }
  /// A network with initial weights.
  func network(using generator: inout RandomSource) -> any NBodyNetwork
}

/// Settings of a model and its training that go together.
struct ModelPreset<Model: Architecture> {
  var model = Model()
  var training = TrainingSettings()
}

extension Architecture {
  static var quick: ModelPreset<Self> { .init() }
  static var published: ModelPreset<Self>? { nil }
  static var remark: String {
    let changes = quick.training.options(beside: TrainingSettings()).joined(separator: " ")
    return (changes.isEmpty ? "" : "; trained with \(changes) where nothing else is given")
      + (published == nil ? "" : "; --preset paper takes the published settings")
  }
  var predictsVelocities: Bool { false }
  var introduction: String { "The network, \(Self.name.uppercased()), is \(Self.summary)." }
}

/// What every model of `nbody` is to the program.
protocol NBodyNetwork: Module<Float> {
  /// Where the bodies end; features are speeds and charges.
  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction
  /// The same in a pass of training, which may draw something, such as a frame or a pose.
  func prediction(_ input: ParticleBatch<Float>, _ pass: inout ForwardPass<Float>) -> NBodyPrediction
  /// The network scaled to data, where that depends on them.
  func calibrated(on input: ParticleBatch<Float>) -> Self
  /// The network averaged over so many random poses of its grid, or for 0 as it is; nil where it has no grid.
  func averaged(overPoses count: Int) -> Self?
  /// Pieces that a batch is cut into, for networks that make a batch larger than the caches.
  static var pieces: Int { get }
}

/// Positions of the bodies, [bodies, 3], and velocities where a model predicts them.
struct NBodyPrediction {
  var positions: Tensor<Float>
  var velocities: Tensor<Float>?
}

extension NBodyNetwork {
  func prediction(_ input: ParticleBatch<Float>, _ pass: inout ForwardPass<Float>) -> NBodyPrediction { prediction(input) }
  func calibrated(on input: ParticleBatch<Float>) -> Self { self }
  func averaged(overPoses count: Int) -> Self? { nil }
  static var pieces: Int { 1 }
}

extension ParticleBatch<Float> {
  /// The bodies with their speeds for features, without their charges.
  var withSpeeds: ParticleBatch<Float> {
    var input = self
    input.features = features.sliced(axis: 1, 0..<1)
    return input
  }
}
