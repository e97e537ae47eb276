import DifferentiableTensors
import NeuralModules
import Requirements

/// The weights of multilayer perceptrons as features: numbering the neurons of a hidden layer differently permutes the rows of one weight,
/// the columns of the next and a bias, and leaves the function as it is (Zhou et al. 2024, "Universal Neural Functionals").
///
/// Each layer of neurons is a kind of points of a ``TupleSpace``, and each network is a set. A weight from layer l − 1 to layer l has the
/// axes [l, l − 1], and a bias has the axis [l]. Input and output neurons have meanings: they are not axes but channels, unless their order
/// is free too. A ``PermutationLayer`` between ``features(channels:)`` is a neural-functional layer; one to an order-0 feature is a readout
/// of the function.
///
/// ```swift
/// let weights = WeightSpace(widths: [2, 16, 16, 1])
/// let layer = PermutationLayer<Float>(from: weights.features(channels: 1), to: weights.features(channels: 8), using: &generator)
/// let y = layer(weights.values(of: networks), on: weights.space(networks: networks.count))
/// ```
public struct WeightSpace: Sendable, Hashable, Codable {
  /// The numbers of neurons, input first.
  public let widths: [Int]
  /// Whether input and output neurons may be renumbered too.
  public let permutesEnds: Bool

  /// The space of networks with these numbers of neurons, which include at least one hidden layer.
  public init(widths: [Int], permutesEnds: Bool = false) {
    require(widths.count > 2 && widths.allSatisfy { $0 > 0 }, "widths with a hidden layer are expected, received \(widths)")
    (self.widths, self.permutesEnds) = (widths, permutesEnds)
  }

  /// The kind of points that a layer of neurons is; nil for one with fixed neurons.
  private func kind(ofLayer layer: Int) -> Int? {
    permutesEnds ? layer : layer > 0 && layer < widths.count - 1 ? layer - 1 : nil
  }

  /// The features of weights and biases, in turn, with `channels` numbers for each weight or bias. Fixed neurons multiply the channels.
  public func features(channels: Int) -> [TupleFeature] {
    (1..<widths.count).flatMap { layer in
      [[layer, layer - 1], [layer]].map { axes in
        TupleFeature(
          axes: axes.compactMap(kind(ofLayer:)),
          channels: axes.reduce(channels) { kind(ofLayer: $1) == nil ? $0 * widths[$1] : $0 })
      }
    }
  }

  /// The tuples of neurons of a batch of networks.
  public func space(networks: Int) -> TupleSpace {
    let permuted = widths.indices.filter { kind(ofLayer: $0) != nil }
    return TupleSpace(sizesByKind: permuted.map { Array(repeating: widths[$0], count: networks) })
  }

  /// Weights and biases of networks as features of one channel (times that of fixed neurons), network by network.
  public func values<Scalar: TensorScalar>(of networks: [MLP<Scalar>]) -> [Tensor<Scalar>] {
    let all = features(channels: 1)
    let parts = networks.map { network -> [Tensor<Scalar>] in
      require(
        network.layers.map(\.weight.shape) == zip(widths, widths.dropFirst()).map { [$1, $0] }
          && network.layers.allSatisfy { $0.bias != nil },
        "networks with biases and of widths \(widths) are expected, received weights \(network.layers.map(\.weight.shape))")
      return network.layers.enumerated().flatMap { k, layer in
        [hasColumns(k) ? layer.weight.transposed() : layer.weight, layer.bias!]
      }
    }
    return all.indices.map { k in
      .concatenated(parts.map { $0[k].reshaped(-1, all[k].channels) }, axis: 0)
    }
  }

  /// The network whose weights are these features of one channel, the inverse of ``values(of:)`` for one network.
  public func network<Scalar: TensorScalar>(_ values: [Tensor<Scalar>], like network: MLP<Scalar>) -> MLP<Scalar> {
    var result = network
    for k in result.layers.indices {
      let (rows, columns) = (widths[k + 1], widths[k])
      result.layers[k].weight =
        hasColumns(k) ? values[2 * k].reshaped(columns, rows).transposed() : values[2 * k].reshaped(rows, columns)
      result.layers[k].bias = values[2 * k + 1].reshaped(rows)
    }
    return result
  }

  /// Whether the rows of the feature are the columns of the weight, as in the last one where output neurons are fixed.
  private func hasColumns(_ layer: Int) -> Bool { !permutesEnds && layer == widths.count - 2 }
}
