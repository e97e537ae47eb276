import Equivariant

/// A network that `graphs` compares. It is one file in the folder `Models`, and need not be mentioned anywhere else. A network that is
/// trained to classify graphs is also a ``Classifier``, with settings.
protocol Architecture: ModelSettings {
  /// What the outputs are averaged over.
  static var averaging: Averaging { get }
  /// The approximate number of features in one channel for a graph: the number of nodes, or of pairs or triples of nodes.
  static func size(of graph: SimpleGraph) -> Int
  /// A network with random weights, whose ability to tell graphs apart is measured.
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar>
}

/// What the outputs of a network are averaged over.
enum Averaging { case nothing, frame, group }

extension Architecture {
  /// No settings, which is right for networks that are only measured.
  static var settings: [Setting<Self>] { [] }
  static var averaging: Averaging { .nothing }
}

/// The shape of a network that is measured.
struct ProbeShape {
  /// The largest number of nodes of a graph, each of which has one feature.
  let nodes: Int
  /// The widths of the layers after the hidden ones, the last of which is the number of outputs.
  let head: [Int]
  /// The activation between the layers.
  let activation: Activation
  /// Whether nodes are pooled by their mean, if they are pooled, instead of their sum.
  let poolsByMean: Bool
}

/// The interface of every network to the measurements, from graphs to outputs [graphs, outputs].
protocol ProbeNetwork<Scalar>: Layer where Input == GraphBatch<Scalar>, Output == Tensor<Scalar> {}

extension Module {
  /// The network with weights twice as large. It is further from a linear map, near which different graphs have nearly equal outputs.
  func doubled() -> Self {
    var copy = self
    copy.forEachTensor { _, _, tensor in tensor = tensor * 2 }
    return copy
  }
}

/// A network of any architecture as one type.
struct GraphNetwork<Scalar: TensorScalar>: Layer {
  var network: any ProbeNetwork<Scalar>
  /// The activation after the last layer.
  private let output: Activation

  init(_ architecture: any Architecture.Type, _ shape: ProbeShape, output: Activation, using generator: inout RandomSource) {
    network = architecture.probe(shape, using: &generator)
    self.output = output
  }

  func callAsFunction(_ x: GraphBatch<Scalar>) -> Tensor<Scalar> { output(network(x)) }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { network.visit(&visitor) }
}
