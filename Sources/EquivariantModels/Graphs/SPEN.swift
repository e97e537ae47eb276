import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import NeuralModules
import Requirements

/// The subgraph permutation equivariant network (Mitton and Murray-Smith 2023), for whole graphs. The graph is a bag of subgraphs, within
/// each of which the maps are the general linear ones on nodes and pairs that commute with permutations. Between layers, copies of one pair
/// or node are joined. A map to numbers of each subgraph, their mean, and a head follow.
///
/// It is built from its definition, since the code of the authors puts features on other nodes than those they belong to. With ego
/// networks, time and memory grow with the sum of their squared sizes, near linearly in the nodes of a graph of bounded degree, where a
/// network on all pairs needs n². With other policies and `SubgraphSharing` it is a network of the family of Bevilacqua et al. 2022 with
/// layers of order 2 inside.
public struct SPEN<Scalar: TensorScalar>: ForwardPassLayer {
  /// Hyperparameters.
  public typealias Configuration = SPENConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [SubgraphLayer<Scalar>]
  var readout: SubgraphLinear<Scalar>
  var join: Recombination<Scalar>
  var head: MLP<Scalar>

  /// A network with the initial weights of `PermutationLinear` in equivariant layers and those of PyTorch's linear layers in the head.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(!c.hidden.isEmpty, "at least one layer is expected")
    self.configuration = c
    let classes = max(1, c.sizes.count)
    var inputs = [TupleFeature.order(2, channels: 1 + c.features + (c.policy.marksNodes ? 1 : 0))]
    layers = []
    for channels in c.hidden {
      let layer = SubgraphLayer<Scalar>(
        from: inputs, orders: c.orders, channels: channels, sizeClasses: classes, sharing: c.sharing, recombination: c.recombination,
        normalization: c.normalization, activation: c.activation, normalizes: c.normalizes, using: &generator)
      inputs = layer.outputs
      layers.append(layer)
    }
    let width = c.hidden.last!
    readout = SubgraphLinear(
      from: inputs, to: [.order(0, channels: width)], sizeClasses: classes, normalization: c.normalization, using: &generator)
    join = Recombination(c.readout, channels: width, using: &generator)
    head = MLP(widths: [width] + c.head, activation: .relu, using: &generator)
  }

  /// The outputs, [graphs, outputs], with dropout in a training pass.
  public func callAsFunction(_ input: GraphBatch<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    var x = subgraphFeatures(input)
    guard pass.isTraining else { return head(x) }
    for (k, layer) in head.layers.enumerated() {
      x = layer(x)
      if k + 1 < head.layers.count { x = head.activation(x).dropped(configuration.dropout, using: &pass.random) }
    }
    return x
  }

  /// The joined features of the subgraphs of each graph, [graphs, hidden].
  private func subgraphFeatures(_ input: GraphBatch<Scalar>) -> Tensor<Scalar> {
    let c = configuration
    let space = input.subgraphSpace(c.policy, sizes: c.sizes)
    var x = [input.pairFeatures(on: space, normalizingAdjacency: c.normalizesAdjacency)]
    for layer in layers { x = layer(x, on: space) }
    return join(c.activation(readout(x, on: space)[0]), space.hostRows(order: 0))
  }

  /// Visits layers, readout, join and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("readout", &readout)
    visitor("join", &join)
    visitor("head", &head)
  }
}

/// Hyperparameters of ``SPEN``, the same for both element types.
public struct SPENConfiguration: Sendable, Codable, Equatable {
  /// The number of features of a node at the input.
  public var features = 1
  /// The subgraphs.
  public var policy = SubgraphPolicy.ego(hops: 1)
  /// The sizes of subgraphs that have weights of their own (see `SubgraphSpace`). Without any, all subgraphs share them.
  public var sizes: [Int] = []
  /// The orders of the hidden features.
  public var orders = [2, 1]
  /// The numbers of channels of the hidden features of each order, by layer.
  public var hidden = [32, 32, 32]
  /// What subgraphs learn about each other.
  public var sharing = SubgraphSharing.host
  /// How copies are joined.
  public var recombination = RecombinationRule.mean
  /// What sums over nodes of a subgraph are divided by.
  public var normalization = TupleNormalization.mean
  /// Whether features are normalised by graph, which removes what all nodes, or all pairs, of a graph have in common.
  public var normalizes = true
  /// Whether the adjacency matrix enters as D^(-1/2) A D^(-1/2), as published, or as it is.
  public var normalizesAdjacency = true
  /// The activation after each layer.
  public var activation = Activation.elu
  /// How the numbers of the subgraphs of a graph are joined.
  public var readout = RecombinationRule.mean
  /// The widths of the head after the hidden one, with the number of outputs last.
  public var head = [256, 128, 1]
  /// The probability with which, in training, each hidden feature of the head is dropped.
  public var dropout = 0.0

  /// The defaults: ego networks of one hop with three layers of 32 channels on nodes and pairs.
  public init() {}
}
