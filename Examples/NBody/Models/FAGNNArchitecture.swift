import Equivariant
import ExampleSupport

/// The GNN averaged over frames (Puny et al. 2022).
struct FAGNNArchitecture: Architecture {
  var hidden = 60
  var layers = 4
  var predictsDisplacement = true
  var sampledFrames = 2

  static let name = "fa-gnn"
  static let summary = "the twin, averaged over frames"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of the hidden features, a multiple of 3."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
    .init("displacement", \.predictsDisplacement, "Predict how far bodies move instead of where they end, as is published."),
    .init("sampled-frames", \.sampledFrames, in: 0...1000, "Elements of each frame that a training step draws; 0 for all."),
  ]
  static let published: ModelPreset<Self>? = .init(
    model: .init(predictsDisplacement: false, sampledFrames: 0), training: .published(rate: 1e-3))

  var objection: String? {
    hidden % 3 == 0 ? nil : "--hidden must be a multiple of 3 for fa-gnn, whose features are vectors too, not \(hidden)"
  }
  var size: String { "width \(hidden), \(counted(layers, "layer"))" }
  var introduction: String {
    """
    The network, FA-GNN, knows nothing of rotations itself; but it sees every system from its own principal axes, in all eight \
    ways to point them, and the average of what it says is exactly equivariant: turn, mirror or shift the input and its prediction \
    turns, mirrors or shifts along.
    """
  }

  func network(using generator: inout RandomSource) -> any NBodyNetwork {
    let configuration = FAGNN<Float>.Configuration(hidden: hidden, layers: layers, predictsDisplacement: predictsDisplacement)
    return FAGNNNetwork(
      averaged: FAGNN(configuration, trainingElements: sampledFrames == 0 ? nil : sampledFrames, using: &generator))
  }
}

/// FA-GNN, which takes a few random elements of each frame in a training step.
struct FAGNNNetwork: NBodyNetwork {
  var averaged: FAGNN<Float>
  static let pieces = 4

  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction { .init(positions: averaged(input)) }

  func prediction(_ input: ParticleBatch<Float>, _ pass: inout ForwardPass<Float>) -> NBodyPrediction {
    .init(positions: averaged(input, &pass))
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) { visitor("", &averaged) }
}
