import Equivariant

/// A network that `graphs` compares: one file of the folder `Models`, which needs to be named nowhere else. One that is trained to classify
/// graphs is a ``Classifier`` too, with settings.
protocol Architecture: ModelSettings {
  /// What outputs are averaged over.
  static var averaging: Averaging { get }
  /// How many numbers sixteen channels have on a graph in sixteens, about: nodes, or pairs or triples of nodes.
  static func size(of graph: SimpleGraph) -> Int
  /// A network with random weights, whose power to tell graphs apart is measured.
  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar>
}

/// What the outputs of a network are averaged over.
enum Averaging { case nothing, frame, group }

extension Architecture {
  /// None: probes have none.
  static var settings: [Setting<Self>] { [] }
  static var averaging: Averaging { .nothing }
}

/// What a network that is measured must fit.
struct ProbeShape {
  /// The largest number of nodes of a graph, each of which has one feature.
  let nodes: Int
  /// Widths after the hidden layers, the number of outputs last.
  let head: [Int]
  /// Between the layers.
  let activation: Activation
  /// Whether nodes are joined by their mean, where they are, or else by their sum.
  let poolsByMean: Bool
}

/// What every network is to the measurements: from graphs to outputs [graphs, outputs].
protocol ProbeNetwork<Scalar>: Layer where Input == GraphBatch<Scalar>, Output == Tensor<Scalar> {}

extension Module {
  /// Weights twice as large: further from linear maps, near which different graphs have nearly equal outputs.
  func doubled() -> Self {
    var copy = self
    copy.forEachTensor { _, _, tensor in tensor = tensor * 2 }
    return copy
  }
}

/// A network of any architecture, as one type.
struct GraphNetwork<Scalar: TensorScalar>: Layer {
  var network: any ProbeNetwork<Scalar>
  /// After the last layer.
  private let output: Activation

  init(_ architecture: any Architecture.Type, _ shape: ProbeShape, output: Activation, using generator: inout RandomSource) {
    network = architecture.probe(shape, using: &generator)
    self.output = output
  }

  func callAsFunction(_ x: GraphBatch<Scalar>) -> Tensor<Scalar> { output(network(x)) }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { network.visit(&visitor) }
}
