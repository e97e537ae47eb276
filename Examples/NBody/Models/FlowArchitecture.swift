import Equivariant
import ExampleSupport

/// A flow, which makes learned steps in phase space.
struct FlowArchitecture: Architecture {
  var hidden = 64
  var layers = 5
  var depth = 3
  var nodeFeatures = 16
  var sharesWeights = false

  static let name = "flow"
  static let summary = "learned steps of phase space"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of the network of a pair."),
    .init("layers", \.layers, in: 1...1000, "Number of steps."),
    .init("depth", \.depth, in: 1...1000, "Linear layers of the network of a pair."),
    .init("node-features", \.nodeFeatures, in: 0...16_384, "Features of a body."),
    .init("shared-weights", \.sharesWeights, "Give all steps the same weights."),
  ]
  static let quick = ModelPreset<Self>(training: .init(epochs: 100, rate: 5e-3, clipNorm: 0.02))

  var size: String { "width \(hidden), \(counted(layers, "layer"))" }
  var introduction: String {
    """
    The network goes \(inWords(layers)) steps through time. At each it looks at the bodies two by two and moves and kicks them by \
    what it has learned, in the same way from whichever side one looks and however fast one passes by: it is equivariant under the \
    Galilei group. The law of the forces it had to find itself.
    """
  }

  func network(using generator: inout RandomSource) -> any NBodyNetwork {
    GalileanFlow<Float>(
      .init(hidden: hidden, depth: depth, nodeFeatures: nodeFeatures, steps: layers, sharesWeights: sharesWeights), using: &generator)
  }
}

extension GalileanFlow<Float>: NBodyNetwork {
  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction { .init(positions: self(input.withSpeeds)) }
}
