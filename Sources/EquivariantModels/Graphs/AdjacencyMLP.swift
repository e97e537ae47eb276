import DifferentiableTensors
import MessagePassing
import NeuralModules

/// An MLP on the adjacency matrix and the features of the nodes, flattened and padded to a largest number of nodes: a backbone that knows
/// nothing of graphs and depends on the order of nodes (the MLP of Puny et al. 2022).
public struct AdjacencyMLP<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = AdjacencyMLPConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var network: MLP<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    network = MLP(
      widths: [configuration.inputCount] + configuration.hidden + [configuration.outputs], activation: configuration.activation,
      using: &generator)
  }

  /// The outputs, [graphs, outputs]; traps on a graph of too many nodes.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ input: GraphBatch<Scalar>) -> Tensor<Scalar> {
    let (n, graphs) = (configuration.nodes, input.graphs.count)
    let places = input.padded(to: n)
    let adjacency = Tensor<Scalar>(shape: [graphs, n * n]) { out in
      out.initialize(repeating: 0)
      for (k, graph) in input.graphs.enumerated() {
        for (i, row) in graph.neighbors.enumerated() {
          for j in row { out[(k * n + i) * n + j] = 1 }
        }
      }
    }
    guard configuration.features != nil else { return configuration.outputActivation(network(adjacency)) }
    let features = Tensor.concatenated([input.features, input.degrees])
    let padded = features.scatterAdded(places).reshaped(graphs, n * features.shape[1])
    return configuration.outputActivation(network(.concatenated([adjacency, padded])))
  }

  /// Visits layers.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("layers", &network) }
}

/// Hyperparameters; the defaults are the paper's for GRAPH8c.
public struct AdjacencyMLPConfiguration: Sendable, Codable, Equatable {
  /// The largest number of nodes.
  public var nodes: Int
  /// The number of features of a node, besides which its degree is taken; nil for the adjacency matrix alone.
  public var features: Int?
  /// The widths of the hidden layers.
  public var hidden: [Int]
  /// The number of outputs.
  public var outputs: Int
  /// The activation between the layers.
  public var activation: Activation
  /// The activation after the last layer.
  public var outputActivation: Activation
  /// A configuration from its parts.
  public init(
    nodes: Int = 8, features: Int? = nil, hidden: [Int] = [128, 64], outputs: Int = 10, activation: Activation = .tanh,
    outputActivation: Activation = .tanh
  ) {
    self.nodes = nodes
    self.features = features
    self.hidden = hidden
    self.outputs = outputs
    self.activation = activation
    self.outputActivation = outputActivation
  }

  /// The number of numbers that describe a graph.
  public var inputCount: Int { nodes * nodes + (features.map { nodes * ($0 + 1) } ?? 0) }
}
