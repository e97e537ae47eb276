import Equivariant
import ExampleSupport

/// The counterpart of EGNN without equivariance under rotations.
struct GNNArchitecture: Architecture {
  var hidden = 64
  var layers = 4

  static let name = "gnn"
  static let summary = "the twin of egnn that is not equivariant"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of the hidden features."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
  ]
  static let published: ModelPreset<Self>? = .init(training: .published(rate: 1e-3))

  var size: String { "width \(hidden), \(counted(layers, "layer"))" }
  var introduction: String {
    """
    The network is a plain message-passing network that is given coordinates as numbers like any others: it does not know that \
    the laws of physics look the same from every side.
    """
  }

  func network(using generator: inout RandomSource) -> any NBodyNetwork {
    GNN<Float>(.init(hidden: hidden, layers: layers), using: &generator)
  }
}

extension GNN<Float>: NBodyNetwork {
  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction { .init(positions: self(input.withSpeeds)) }
}
