import Equivariant
import ExampleSupport

/// The provably powerful graph network, which multiplies matrices of features of pairs (Maron et al. 2019).
struct PPGNArchitecture: Classifier {
  var hidden = 32
  var layers = 3

  static let name = "ppgn"
  static let summary = "products of matrices of pairs"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of hidden features."),
    .init("layers", \.layers, in: 1...1_000_000, "Number of blocks."),
  ]
  static let training = TrainingSettings.higherOrder
  var size: String { "width \(hidden), \(counted(layers, "block"))" }

  func network(for data: DataFacts, using generator: inout RandomSource) -> any ClassifierNetwork {
    PPGN(.init(features: data.nodeLabels, blocks: layers, hidden: hidden, head: [64, data.classes]), using: &generator)
  }

  static func size(of graph: SimpleGraph) -> Int { graph.nodeCount * graph.nodeCount }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    PPGN<Scalar>(.init(blocks: 4, hidden: 16, activation: shape.activation, head: shape.head), using: &generator).doubled()
  }
}

extension PPGN: ProbeNetwork {}

extension PPGN<Float>: ClassifierNetwork {
  static var path: String { "ppgn" }
}
