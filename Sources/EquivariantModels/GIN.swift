import DifferentiableTensors
import MessagePassing
import NeuralModules

/// Graph isomorphism network (Xu et al. 2019, "How Powerful are Graph Neural Networks?", eq. 4.1), for whole graphs.
///
/// hᵢ ← act(φ((1 + ε) hᵢ + Σⱼ hⱼ)) over the neighbours j, with φ an MLP and ε trained; the nodes are pooled, and a head gives the output.
/// A node begins with its features and its degree. With ``Configuration/identities`` it has its number too, one-hot ("GIN+ID"): the network
/// then tells all graphs apart, and depends on the numbering, until a frame is averaged over. Without, it is invariant, and tells no
/// graphs apart that colour refinement (1-WL) does not.
public struct GIN<Scalar: TensorScalar>: Layer {
  /// How the nodes of a graph are joined.
  public enum Pooling: String, Sendable, Codable, CaseIterable {
    /// The sum.
    case sum
    /// The mean; 0 for a graph without nodes.
    case mean
  }

  /// Hyperparameters.
  public struct Configuration: Sendable, Codable, Equatable {
    /// Features of a node at the input.
    public var features = 1
    /// The largest number of nodes, where a node has its number, one-hot of this width; nil without numbers.
    public var identities: Int?
    /// Width of all hidden features.
    public var hidden = 64
    /// Number of layers.
    public var layers = 3
    /// Linear layers of each φ.
    public var depth = 1
    /// After each layer of the network, within φ and within the head.
    public var activation = Activation.tanh
    /// How the nodes are joined.
    public var pooling = Pooling.sum
    /// Widths of the head after the hidden one, the number of outputs last.
    public var head = [10]
    /// After the head.
    public var outputActivation = Activation.tanh
    /// The network of the frame-averaging paper's separation tests, without numbers of nodes.
    public init(
      features: Int = 1, identities: Int? = nil, hidden: Int = 64, layers: Int = 3, depth: Int = 1, activation: Activation = .tanh,
      pooling: Pooling = .sum, head: [Int] = [10], outputActivation: Activation = .tanh
    ) {
      self.features = features
      self.identities = identities
      self.hidden = hidden
      self.layers = layers
      self.depth = depth
      self.activation = activation
      self.pooling = pooling
      self.head = head
      self.outputActivation = outputActivation
    }
  }

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [GINLayer<Scalar>]
  var head: MLP<Scalar>

  /// Linear layers as in PyTorch, ε uniform in [0, 1).
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    layers = []
    for k in 0..<configuration.layers {
      let inputs = k > 0 ? configuration.hidden : configuration.features + 1 + (configuration.identities ?? 0)
      let widths = [inputs] + Array(repeating: configuration.hidden, count: configuration.depth)
      layers.append(
        GINLayer(MLP(widths: widths, activation: configuration.activation, activatesOutput: true, using: &generator), using: &generator))
    }
    head = MLP(widths: [configuration.hidden] + configuration.head, activation: configuration.activation, using: &generator)
  }

  /// The outputs, [graphs, outputs]; traps on a graph of more nodes than there are identities.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ input: GraphBatch<Scalar>) -> Tensor<Scalar> {
    var h = Tensor.concatenated([input.features, input.degrees])
    if let identities = configuration.identities {
      let places = input.padded(to: identities).rows.map { Int($0) % identities }
      h = .concatenated([h, Tensor.identity(identities).gathered(RowIndex(places, rowCount: identities))])
    }
    for layer in layers { h = layer(h, input.graph) }
    let pooled = configuration.pooling == .sum ? h.segmentSum(input.membership) : h.segmentMean(input.membership)
    return configuration.outputActivation(head(pooled))
  }

  /// convs, head
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("convs", &layers)
    visitor("head", &head)
  }
}

/// One layer of ``GIN``.
struct GINLayer<Scalar: TensorScalar>: Module {
  var epsilon: Tensor<Scalar>
  var network: MLP<Scalar>

  init(_ network: MLP<Scalar>, using generator: inout some RandomNumberGenerator) {
    epsilon = .uniform([1], using: &generator)
    self.network = network
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ h: Tensor<Scalar>, _ graph: Graph) -> Tensor<Scalar> {
    network(h * (epsilon + 1) + h.gathered(graph.senders).scatterAdded(graph.receivers))
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("eps", &epsilon)
    visitor("nn", &network)
  }
}
