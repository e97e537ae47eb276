import Equivariant

/// A model that `nbody` trains, with its settings. It is one file in the folder `Models`, and need not be mentioned anywhere else.
///
/// The settings are declared once (`Setting`). Options, help, checks, the command that a report prints and the JSON of checkpoints come
/// from there.
protocol Architecture: ModelSettings {
  /// The settings of a run that takes minutes on one core.
  static var quick: ModelPreset<Self> { get }
  /// The settings that are published with the model; nil if there are none.
  static var published: ModelPreset<Self>? { get }
  /// Whether velocities are predicted too, as `nbody rollout` needs.
  var predictsVelocities: Bool { get }
  /// The size of the model in a few words, such as "width 64, 4 layers".
  var size: String { get }
  /// A description of the model for a report, in sentences that a newcomer understands.
  var introduction: String { get }
  /// A network with initial weights.
  func network(using generator: inout RandomSource) -> any NBodyNetwork
}

/// Matching settings of a model and its training.
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

/// The interface of every model of `nbody` to the program.
protocol NBodyNetwork: Module<Float> {
  /// The predicted final state of the bodies. Their features are speeds and charges.
  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction
  /// The prediction in a training pass, in which something may be drawn at random, such as a frame or a pose.
  func prediction(_ input: ParticleBatch<Float>, _ pass: inout ForwardPass<Float>) -> NBodyPrediction
  /// The network, scaled to data if it depends on their scale.
  func calibrated(on input: ParticleBatch<Float>) -> Self
  /// The network averaged over a number of random poses of its grid, or unchanged for 0; nil if it has no grid.
  func averaged(overPoses count: Int) -> Self?
  /// The number of pieces that a batch is cut into, for networks whose features of a batch are larger than the caches.
  static var pieces: Int { get }
}

/// The positions of the bodies, [bodies, 3], and the velocities if the model predicts them.
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
  /// The bodies with their speeds as features, without their charges.
  var withSpeeds: ParticleBatch<Float> {
    var input = self
    input.features = features.sliced(axis: 1, 0..<1)
    return input
  }
}
