import DifferentiableTensors
import MessagePassing
import NeuralModules

/// The graph isomorphism network (Xu et al. 2019, "How Powerful are Graph Neural Networks?", eq. 4.1), for whole graphs.
///
/// hᵢ ← act(φ((1 + ε) hᵢ + Σⱼ hⱼ)) over the neighbours j, where φ is an MLP and ε is trained; then the nodes are pooled, and a head gives
/// the output. A node begins with its features and, unless ``GINConfiguration/degrees`` is false, its degree. With
/// ``GINConfiguration/identities`` it also has its number, one-hot ("GIN+ID"): the network then tells all graphs apart, and depends on the
/// numbering until it is averaged over a frame. Without them it is invariant, and tells no graphs apart that colour refinement (1-WL) does
/// not.
///
/// With ``GINConfiguration/normalizes`` each linear layer of φ is followed by batch normalisation; with ``GINConfiguration/jumps`` the
/// features of every layer are pooled, beginning with the input's, each has a head of its own, and the outputs of the heads are added (eq.
/// 4.2 there).
public struct GIN<Scalar: TensorScalar>: ForwardPassLayer {
  /// How the nodes of a graph are joined.
  public typealias Pooling = GINConfiguration.Pooling

  /// Hyperparameters.
  public typealias Configuration = GINConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [GINLayer<Scalar>]
  /// The heads, one for each layer that is read out.
  var heads: [MLP<Scalar>]

  /// Linear layers as in PyTorch, ε uniform in [0, 1).
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    let (activation, hidden) = (configuration.activation, configuration.hidden)
    let inputs = configuration.features + (configuration.degrees ? 1 : 0) + (configuration.identities ?? 0)
    layers = []
    for k in 0..<configuration.layers {
      let widths = [k > 0 ? hidden : inputs] + Array(repeating: hidden, count: configuration.depth)
      layers.append(
        GINLayer(
          MLP(widths: widths, activation: activation, activatesOutput: true, using: &generator), normalizes: configuration.normalizes,
          using: &generator))
    }
    heads = []
    for width in (configuration.jumps ? [inputs] + layers.map { _ in hidden } : [hidden]) {
      heads.append(MLP(widths: [width] + configuration.head, activation: activation, using: &generator))
    }
  }

  /// The outputs, [graphs, outputs]: in a training pass by the statistics of the batch and with dropout, otherwise by running statistics
  /// and without dropout. Traps on a graph of more nodes than there are identities.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ input: GraphBatch<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    var h = configuration.degrees ? Tensor.concatenated([input.features, input.degrees]) : input.features
    if let identities = configuration.identities {
      let places = input.padded(to: identities).rows.map { Int($0) % identities }
      h = .concatenated([h, Tensor.identity(identities).gathered(RowIndex(places, rowCount: identities))])
    }
    var states = [h]
    for layer in layers { states.append(layer(states.last!, input.graph, &pass)) }
    var output: Tensor<Scalar>?
    for (head, h) in zip(heads, states.suffix(heads.count)) {
      let pooled = configuration.pooling == .sum ? h.segmentSum(input.membership) : h.segmentMean(input.membership)
      var scores = head(pooled)
      if pass.isTraining { scores = scores.dropped(configuration.dropout, using: &pass.random) }
      output = output.map { $0 + scores } ?? scores
    }
    return configuration.outputActivation(output!)
  }

  /// Visits convs and head, or with jumps convs and heads.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("convs", &layers)
    if configuration.jumps { visitor("heads", &heads) } else { visitor("head", &heads[0]) }
  }
}

/// One layer of ``GIN``.
struct GINLayer<Scalar: TensorScalar>: Module {
  var epsilon: Tensor<Scalar>
  var network: MLP<Scalar>
  /// The normalisations after each linear layer, or none.
  var norms: [BatchNorm<Scalar>]

  init(_ network: MLP<Scalar>, normalizes: Bool, using generator: inout some RandomNumberGenerator) {
    epsilon = .uniform([1], using: &generator)
    self.network = network
    norms = normalizes ? network.layers.map { BatchNorm($0.weight.shape[0]) } : []
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ h: Tensor<Scalar>, _ graph: Graph, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    var x = h * (epsilon + 1) + h.gathered(graph.senders).scatterAdded(graph.receivers)
    if norms.isEmpty { return network(x) }
    for (layer, norm) in zip(network.layers, norms) { x = network.activation(norm(layer(x), &pass)) }
    return x
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("eps", &epsilon)
    visitor("nn", &network)
    visitor("norms", &norms)
  }
}

/// Hyperparameters of ``GIN``, the same for both element types.
public struct GINConfiguration: Sendable, Codable, Equatable {
  /// How the nodes of a graph are joined.
  public enum Pooling: String, Sendable, Codable, CaseIterable {
    /// The sum.
    case sum
    /// The mean; 0 for a graph without nodes.
    case mean
  }

  /// The number of features of a node at the input.
  public var features: Int
  /// Whether a node begins with its degree too.
  public var degrees = true
  /// The largest number of nodes, where a node has its number as one-hot features of this width; nil without numbers.
  public var identities: Int?
  /// The width of all hidden features.
  public var hidden: Int
  /// The number of layers.
  public var layers: Int
  /// The number of linear layers of each φ.
  public var depth: Int
  /// The activation after each layer of the network, within φ and within the head.
  public var activation: Activation
  /// How the nodes are joined.
  public var pooling: Pooling
  /// The widths of the head after the hidden one, with the number of outputs last.
  public var head: [Int]
  /// The activation after the head.
  public var outputActivation: Activation
  /// Whether linear layers of φ are followed by batch normalisation before the activation.
  public var normalizes = false
  /// Whether the features of all layers are read out, instead of those of the last one alone ("jumping knowledge").
  public var jumps = false
  /// The probability with which, in training, each output of a head is dropped.
  public var dropout = 0.0
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

  /// The network that Xu et al. 2019 classify graphs with, by their section 7: features of five layers (the input's and those of four that
  /// pass messages) are read out; there are MLPs of two layers with batch normalisation, sums and linear heads, and no degrees beside the
  /// features.
  public static func classifier(features: Int, classes: Int, hidden: Int = 32, dropout: Double = 0.5) -> GINConfiguration {
    var c = GINConfiguration(
      features: features, hidden: hidden, layers: 4, depth: 2, activation: .relu, head: [classes], outputActivation: .identity)
    (c.degrees, c.normalizes, c.jumps, c.dropout) = (false, true, true, dropout)
    return c
  }
}
