import Equivariant
import ExampleSupport

/// The invariant graph network (Maron et al. 2019), which has the maps of SPEN on all pairs of nodes of a graph.
struct IGNArchitecture: Classifier {
  var hidden = 32
  var layers = 3

  static let name = "ign"
  static let summary = "linear maps on all pairs of nodes that commute with permutations"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of hidden features."),
    .init("layers", \.layers, in: 1...1_000_000, "Number of layers."),
  ]
  static let training = TrainingSettings.higherOrder
  var size: String { "width \(hidden), \(counted(layers, "layer"))" }

  func network(for data: DataFacts, using generator: inout RandomSource) -> any ClassifierNetwork {
    InvariantGraphNetwork(
      .init(features: data.nodeLabels, orders: Array(repeating: 2, count: layers), hidden: hidden, head: [64, data.classes]),
      using: &generator)
  }

  static func size(of graph: SimpleGraph) -> Int { graph.nodeCount * graph.nodeCount }
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    InvariantGraphNetwork<Scalar>.probe(shape, order: 2, using: &generator)
  }
}

extension InvariantGraphNetwork: ProbeNetwork {
  /// A network with three layers of 16 channels.
  static func probe(_ shape: ProbeShape, order: Int, using generator: inout RandomSource) -> InvariantGraphNetwork {
    InvariantGraphNetwork(
      .init(orders: [order, order, order], hidden: 16, activation: shape.activation, head: shape.head), using: &generator
    ).doubled()
  }
}

extension InvariantGraphNetwork<Float>: ClassifierNetwork {
  static var path: String { "ign" }
}
