import Equivariant
import ExampleSupport

/// The E(n)-equivariant network of Satorras et al. 2021.
struct EGNNArchitecture: Architecture {
  var hidden = 64
  var layers = 4
  var predictsVelocities = false
  var clamp = EGNN<Float>.ShiftClamp.norm

  static let name = "egnn"
  static let summary = "equivariant messages between bodies that know their distances"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of the hidden features."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
    .init("velocities", \.predictsVelocities, "Predict velocities too, which `nbody rollout` needs."),
    .init("clamp", \.clamp, "How shifts of an edge beyond 100 are bounded: by their norm, or by each component as in the authors' code."),
  ]
  static let published: ModelPreset<Self>? = .init(training: .published(rate: 5e-4))

  var size: String { "width \(hidden), \(counted(layers, "layer"))" }
  var introduction: String {
    """
    The network, an EGNN, is equivariant: turn, mirror or shift the input and its prediction turns, mirrors or shifts along, exactly \
    and without having to learn it.
    """
  }

  func network(using generator: inout RandomSource) -> any NBodyNetwork {
    EGNN<Float>(.init(hidden: hidden, layers: layers, predictsVelocities: predictsVelocities, clamp: clamp), using: &generator)
  }
}

extension EGNN<Float>.ShiftClamp: SettingValue {}

extension EGNN<Float>: NBodyNetwork {
  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction {
    guard configuration.predictsVelocities else { return .init(positions: self(input.withSpeeds)) }
    let (x, v) = phaseSpace(input.withSpeeds)
    return .init(positions: x, velocities: v)
  }
}
