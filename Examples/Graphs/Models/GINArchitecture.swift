import Equivariant
import ExampleSupport

/// The graph isomorphism network (Xu et al. 2019).
struct GINArchitecture: GINClassifier {
  var hidden = 32
  var layers = 4
  var pooling = GINConfiguration.Pooling.sum
  var dropout = 0.5

  static let name = "gin"
  static let summary = "sums over neighbours, as Xu et al. 2019 classify"

  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    GIN<Scalar>.probe(shape, hasIdentities: false, using: &generator)
  }
}

/// The common part of the forms of GIN that are trained: batch normalisation, and degrees as labels, as published.
protocol GINClassifier: Classifier {
  var hidden: Int { get set }
  var layers: Int { get set }
  var pooling: GINConfiguration.Pooling { get set }
  var dropout: Double { get set }
}

extension GINClassifier {
  static var settings: [Setting<Self>] {
    [
      .init("hidden", \.hidden, in: 1...16_384, "Width of hidden features."),
      .init("layers", \.layers, in: 1...1_000_000, "Layers that pass messages."),
      .init("pooling", \.pooling, "How nodes are joined."), .dropout(\.dropout),
    ]
  }
  static var labelsByDegree: Bool { true }
  static var normalizesBatches: Bool { true }
  var size: String { "width \(hidden), \(counted(layers, "layer"))" }

  static func size(of graph: SimpleGraph) -> Int { 4 * graph.nodeCount }

  func network(for data: DataFacts, using generator: inout RandomSource) -> any ClassifierNetwork {
    var c = GINConfiguration.classifier(features: data.nodeLabels, classes: data.classes, hidden: hidden, dropout: dropout)
    (c.layers, c.pooling) = (layers, pooling)
    if Self.renumbersNodes { c.identities = data.largest }
    return GIN(c, using: &generator)
  }
}

extension Setting {
  /// The dropout of a head.
  static func dropout(_ key: any WritableKeyPath<Root, Double> & Sendable) -> Self {
    Self(
      "dropout", key, "at least 0 and less than 1", where: { $0 >= 0 && $0 < 1 },
      "Probability that an output of a head is dropped in training.")
  }
}

extension GIN: ProbeNetwork {
  /// The network of the frame-averaging paper's tests.
  static func probe(_ shape: ProbeShape, hasIdentities: Bool, using generator: inout RandomSource) -> GIN {
    GIN(
      .init(
        identities: hasIdentities ? shape.nodes : nil, activation: shape.activation, pooling: shape.poolsByMean ? .mean : .sum,
        head: shape.head, outputActivation: .identity), using: &generator)
  }
}

extension GIN<Float>: ClassifierNetwork {
  static var path: String { "gin" }
}

extension GINConfiguration.Pooling: SettingValue {}
