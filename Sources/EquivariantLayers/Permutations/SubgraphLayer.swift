import DifferentiableTensors
import NeuralModules
import Requirements

/// What a subgraph learns about the others between two layers.
public enum SubgraphSharing: String, Sendable, Codable, CaseIterable {
  /// Nothing: each subgraph goes its own way until the readout (DS-GNN of Bevilacqua et al. 2022).
  case none
  /// Copies of a node or pair are joined, and all subgraphs go on from what they are in the host (SPEN).
  case host
  /// Each subgraph goes on from its own features and those of the host beside them (DSS-GNN).
  case both
}

/// A layer of a subgraph-permutation-equivariant network (Mitton and Murray-Smith 2023, "Subgraph Permutation Equivariant Networks"):
/// within each subgraph a linear map between features of orders 0 to 2 that commutes with permutations of its nodes, with weights that
/// belong to its size (``SubgraphSpace``); then copies of one node or pair are joined; an activation and a normalisation by graph follow;
/// and the results go back into the subgraphs.
///
/// The published layer has maps from orders (2, 1) to (2, 1) whose two parts are concatenated; that is this layer with some weights 0.
public struct SubgraphLayer<Scalar: TensorScalar>: Module {
  /// The features of the subgraphs at the input.
  public let inputs: [TupleFeature]
  /// The features of the subgraphs at the output; with ``SubgraphSharing/both`` they have twice as many channels as the maps.
  public let outputs: [TupleFeature]
  /// What subgraphs learn about each other.
  public let sharing: SubgraphSharing
  /// The activation after the maps.
  public let activation: Activation
  /// The linear map within the subgraphs.
  public var map: SubgraphLinear<Scalar>
  /// How copies are joined, by output.
  var joins: [Recombination<Scalar>]
  /// The normalisations, by output; none where features are not normalised.
  var norms: [GraphNorm<Scalar>]

  /// A layer that gives features of the requested orders, with `channels` channels each, for subgraphs of `sizeClasses` classes of size.
  public init(
    from inputs: [TupleFeature], orders: [Int], channels: Int, sizeClasses: Int = 1, sharing: SubgraphSharing = .host,
    recombination: RecombinationRule = .mean, normalization: TupleNormalization = .mean, activation: Activation = .elu,
    normalizes: Bool = true, using generator: inout some RandomNumberGenerator
  ) {
    require(
      !orders.isEmpty && Set(orders).count == orders.count && orders.allSatisfy { (0...2).contains($0) },
      "different orders from 0 to 2 are expected, received \(orders)")
    (self.inputs, self.sharing, self.activation) = (inputs, sharing, activation)
    outputs = orders.map { .order($0, channels: sharing == .both ? 2 * channels : channels) }
    map = SubgraphLinear(
      from: inputs, to: orders.map { .order($0, channels: channels) }, sizeClasses: sizeClasses, normalization: normalization,
      using: &generator)
    joins = sharing == .none ? [] : orders.map { _ in Recombination(recombination, channels: channels, using: &generator) }
    norms = normalizes ? outputs.map { GraphNorm($0.channels) } : []
  }

  /// Features of the subgraphs [rows, channels], in the order of ``outputs``, from those in the order of ``inputs``.
  public func callAsFunction(_ features: [Tensor<Scalar>], on space: SubgraphSpace) -> [Tensor<Scalar>] {
    let own = map(features, on: space)
    return outputs.indices.map { k in
      let order = outputs[k].axes.count
      let rows = space.hostRows(order: order)
      func finished(_ x: Tensor<Scalar>, _ graphs: RowIndex) -> Tensor<Scalar> {
        let y = activation(x)
        return norms.isEmpty ? y : norms[k](y, graphs)
      }
      switch sharing {
      case .none: return finished(own[k], space.graphsOfSubgraphs(order: order))
      case .host: return finished(joins[k](own[k], rows), space.graphsOfHost(order: order)).gathered(rows)
      case .both:
        return finished(.concatenated([own[k], joins[k](own[k], rows).gathered(rows)]), space.graphsOfSubgraphs(order: order))
      }
    }
  }

  /// Visits map, joins and norms.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("map", &map)
    visitor("joins", &joins)
    visitor("norms", &norms)
  }
}
