import DifferentiableTensors
import NeuralModules

/// How the copies of a node or pair, one in each subgraph that has it, become one of the host.
public enum RecombinationRule: String, Sendable, Codable, CaseIterable {
  /// Their mean.
  case mean
  /// Their sum, which shows how many there are.
  case sum
  /// The largest, channel by channel.
  case max
  /// A mean with weights, the softmax of a trained linear function of each copy.
  case attention
}

/// Copies of rows joined; see ``RecombinationRule``.
public struct Recombination<Scalar: TensorScalar>: Module {
  /// How copies are joined.
  public let rule: RecombinationRule
  /// The linear function behind the weights of attention.
  var score: Linear<Scalar>?

  /// A rule for rows of some channels.
  public init(_ rule: RecombinationRule, channels: Int, using generator: inout some RandomNumberGenerator) {
    self.rule = rule
    score = rule == .attention ? Linear(channels, 1, bias: false, using: &generator) : nil
  }

  /// The rows [originals, channels] of the copies [copies, channels].
  public func callAsFunction(_ copies: Tensor<Scalar>, _ originals: RowIndex) -> Tensor<Scalar> {
    switch rule {
    case .mean: copies.segmentMean(originals)
    case .sum: copies.scatterAdded(originals)
    case .max: copies.segmentMax(originals)
    case .attention: (copies * score!(copies).segmentSoftmax(originals)).scatterAdded(originals)
    }
  }

  /// Visits score.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("score", &score) }
}
