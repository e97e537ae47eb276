import DifferentiableTensors
import MessagePassing
import NeuralModules

/// A message-passing network that knows nothing of rotations: the twin of ``EGNN``, given positions and velocities as plain features
/// (the baseline "GNN" of Satorras et al. 2021).
///
/// h⁰ = embedding(x, v), m = φe(hᵢ, hⱼ, a, |xᵢ - xⱼ|²), hᵢ ← hᵢ + φh(hᵢ, Σⱼ m), prediction = decoder(h). The network is equivariant under
/// permutations only.
public struct GNN<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = GNNConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var embedding: Linear<Scalar>
  var layers: [GNNLayer<Scalar>]
  var decoder: MLP<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    let hidden = configuration.hidden
    embedding = Linear(6, hidden, using: &generator)
    layers = []
    for _ in 0..<configuration.layers {
      layers.append(GNNLayer(hidden: hidden, edgeFeatures: configuration.edgeFeatures + 1, using: &generator))
    }
    decoder = MLP(widths: [hidden, hidden, 3], using: &generator)
  }

  /// The predicted positions, [nodes, 3].
  public func callAsFunction(_ input: ParticleBatch<Scalar>) -> Tensor<Scalar> {
    let graph = input.graph
    let differences = graph.vectors(input.positions)
    let edges = Tensor.concatenated([input.edgeFeatures, differences.squaredNorm(keepingDimensions: true)])
    var h = embedding(Tensor.concatenated([input.positions, input.velocities]))
    for layer in layers { h = layer(h, edges, graph) }
    return decoder(h)
  }

  /// Visits embedding, gcl_0 and so on, and decoder.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("", &layers, label: { "gcl_\($0)" })
    visitor("decoder", &decoder)
  }
}

/// One layer of ``GNN``.
struct GNNLayer<Scalar: TensorScalar>: Module {
  var edge: EdgeMLP<Scalar>
  var node: MLP<Scalar>

  init(hidden: Int, edgeFeatures: Int, using generator: inout some RandomNumberGenerator) {
    edge = EdgeMLP(nodeFeatures: hidden, edgeFeatures: edgeFeatures, hidden: hidden, using: &generator)
    node = MLP(widths: [2 * hidden, hidden, hidden], using: &generator)
  }
  func callAsFunction(_ h: Tensor<Scalar>, _ edges: Tensor<Scalar>, _ graph: Graph) -> Tensor<Scalar> {
    h + node(Tensor.concatenated([h, edge(h, edges, graph).scatterAdded(graph.receivers)]))
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("edge_mlp", &edge)
    visitor("node_mlp", &node)
  }
}

/// Hyperparameters of ``GNN``, the same for both element types.
public struct GNNConfiguration: Sendable, Codable, Equatable {
  /// The number of features of an edge at the input, without the squared distance.
  public var edgeFeatures: Int
  /// The width of all hidden features.
  public var hidden: Int
  /// The number of layers.
  public var layers: Int
  /// The paper's n-body baseline.
  public init(edgeFeatures: Int = 1, hidden: Int = 64, layers: Int = 4) {
    self.edgeFeatures = edgeFeatures
    self.hidden = hidden
    self.layers = layers
  }
}
