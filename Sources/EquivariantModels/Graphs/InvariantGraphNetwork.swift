import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import NeuralModules
import Requirements

/// The invariant graph network (Maron et al. 2019, "Invariant and Equivariant Graph Networks"), for whole graphs: the general linear layers
/// on features of all pairs of nodes, activations between them, a map to numbers of the graph, and a head.
///
/// It starts from the adjacency matrix with the features of the nodes on the diagonal. With hidden features of order 2 it tells graphs
/// apart as colour refinement (1-WL) does; with order 3 it does so as 3-WL (2-FWL) does, with memory that grows as n³. Time and memory grow
/// as n² with order 2.
public struct InvariantGraphNetwork<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = InvariantGraphNetworkConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [PermutationLayer<Scalar>]
  var readout: PermutationLayer<Scalar>
  var head: MLP<Scalar>

  /// A network with the initial weights of `PermutationLinear` in equivariant layers and those of PyTorch's linear layers in the head.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(!c.orders.isEmpty && c.orders.allSatisfy { 1...3 ~= $0 }, "orders from 1 to 3 are expected, received \(c.orders)")
    self.configuration = c
    var from = TupleFeature.order(2, channels: 1 + c.features)
    layers = []
    for order in c.orders {
      let to = TupleFeature.order(order, channels: c.hidden)
      layers.append(
        PermutationLayer(from: [from], to: [to], normalization: c.normalization, activation: c.activation, using: &generator))
      from = to
    }
    readout = PermutationLayer(
      from: [from], to: [.order(0, channels: c.hidden)], normalization: c.normalization, activation: c.activation, using: &generator)
    head = MLP(widths: [c.hidden] + c.head, activation: c.activation, using: &generator)
  }

  /// The outputs, [graphs, outputs].
  public func callAsFunction(_ input: GraphBatch<Scalar>) -> Tensor<Scalar> {
    let space = input.pairSpace
    var x = [input.pairFeatures(on: space)]
    for layer in layers { x = layer(x, on: space) }
    return head(readout(x, on: space)[0])
  }

  /// Visits layers, readout and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("readout", &readout)
    visitor("head", &head)
  }
}

/// Hyperparameters of ``InvariantGraphNetwork``, the same for both element types.
public struct InvariantGraphNetworkConfiguration: Sendable, Codable, Equatable {
  /// The number of features of a node at the input.
  public var features: Int
  /// The order of the features after each equivariant layer, 1 to 3.
  public var orders: [Int]
  /// The number of channels of all hidden features.
  public var hidden: Int
  /// What sums over nodes are divided by; with means, several copies of a graph beside each other are less easily told from one.
  public var normalization: TupleNormalization
  /// The activation after each layer and within the head.
  public var activation: Activation
  /// The widths of the head after the hidden one, with the number of outputs last.
  public var head: [Int]
  /// A configuration, by default with two layers of order 2 and 32 channels.
  public init(
    features: Int = 1, orders: [Int] = [2, 2], hidden: Int = 32, normalization: TupleNormalization = .mean,
    activation: Activation = .relu, head: [Int] = [64, 1]
  ) {
    (self.features, self.orders, self.hidden, self.normalization) = (features, orders, hidden, normalization)
    (self.activation, self.head) = (activation, head)
  }
}
