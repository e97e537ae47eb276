import Equivariant

/// A model that `pointclouds` trains, with its settings. It is one file in the folder `Models`, and need not be mentioned anywhere else.
///
/// The settings are declared once (`Setting`). Options, help, checks and the JSON of checkpoints come from there.
protocol Architecture: ModelSettings {
  /// A network with initial weights for a task.
  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork
}

/// A model that is averaged over frames of the clouds, and therefore exactly equivariant.
protocol FramedArchitecture: Architecture {
  var preset: CloudPreset { get set }
  /// The number of frames of each cloud in a training step.
  var frames: Int { get set }
  /// Whether frames have no reflections, for SO(3) instead of O(3).
  var rotationsOnly: Bool { get set }
}

/// A network without equivariance under rotations that is averaged over the frames of the cloud.
protocol AveragedArchitecture: FramedArchitecture {
  /// The network that is averaged.
  func backbone(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork
}

extension FramedArchitecture {
  static var settings: [Setting<Self>] {
    [
      .preset(\.preset), .init("frames", \.frames, in: 1...1000, "Frames of each cloud in a step of training."),
      .init("rotations-only", \.rotationsOnly, "Frames without reflections: SO(3) instead of O(3)."),
    ]
  }
}

extension AveragedArchitecture {
  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    FrameAveraging(
      CloudModel(network: backbone(for: task, using: &generator)), over: PCAFrame(rotationsOnly ? .so(3) : .o(3)), input: [.vectors()],
      output: task == .normals ? [.vectors()] : [.scalars(task.labelCount)], trainingElements: frames)
  }
}

/// The widths of the networks.
enum CloudPreset: String, CaseIterable, SettingValue {
  /// Widths with which training takes minutes on one core.
  case small
  /// The widths of Puny et al. 2022.
  case published
}

extension Setting {
  /// The widths of a network.
  static func preset(_ key: any WritableKeyPath<Root, CloudPreset> & Sendable) -> Self {
    Self("preset", key, "Widths of the network: small (minutes on one core) or published.")
  }
}

/// The interface of every model of `pointclouds` to the program, from centred clouds [clouds, n, 3] to the output for its task, [clouds, n,
/// 3], [clouds, n, labels] or [clouds, labels]. In a training pass something may be drawn at random, such as frames.
protocol CloudNetwork: Layer where Scalar == Float, Input == Tensor<Float>, Output == Tensor<Float> {}

extension FrameAveraging: CloudNetwork where Backbone == CloudModel {}

/// A network of any architecture as one type. The paths of its parameters are those of the network.
struct CloudModel: ForwardPassLayer {
  var network: any CloudNetwork

  func callAsFunction(_ x: Tensor<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> { network(x, &pass) }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) { network.visit(&visitor) }
}

/// The models of the program with the settings of all of them.
let models = ModelList(
  architectures,
  sections: [.init("TASK", TaskSettings.self), .init("TRAINING", TrainingSettings.self), .init("DATA", DataSettings.self)],
  reserved: ["output", "resume", "model", "models", "save-every", "minutes", "threads", "help"])
