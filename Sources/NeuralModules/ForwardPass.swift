import DifferentiableTensors
import Requirements

/// One evaluation of a network, and whether it is one of training: what differs then, such as dropout, batch normalisation and frames drawn
/// at random, takes it from here.
///
/// ```swift
/// var pass = ForwardPass<Float>.training(using: source)
/// let y = network(x, &pass)          // in the loss
/// network.update(with: pass)         // after the step of the optimizer
/// ```
/// A trainer does both: its losses are given a pass (`LossContext`). A network as a function of its input alone is in evaluation.
public struct ForwardPass<Scalar: TensorScalar>: Sendable {
  /// Whether layers behave as in training.
  public let isTraining: Bool
  /// What layers draw from in training.
  public var random: RandomSource
  /// What each batch normalisation has seen, with its momentum, by the path of the layer.
  private(set) var statistics: [String: [(batch: BatchStatistics<Scalar>, momentum: Scalar)]] = [:]
  /// Whether a layer without a path has seen something.
  private(set) var hasUnnamed = false

  /// By running statistics, without anything random.
  public static var evaluation: ForwardPass { ForwardPass(isTraining: false, random: RandomSource(seed: 0)) }

  /// By the statistics of the batch, which are kept for ``Module/update(with:)``, with random numbers from a copy of `source`; it has moved
  /// on in ``random`` afterwards.
  public static func training(using source: RandomSource) -> ForwardPass { ForwardPass(isTraining: true, random: source) }

  /// Keeps the statistics of a batch for the running ones of a layer, its buffers `running_mean` and `running_var`.
  ///
  /// - Parameters:
  ///   - batch: what the layer has seen.
  ///   - path: the layer's path, as the last traversal told it (``ParameterVisitor/path``). Nil where there was none; ``Module/update(with:)``
  ///     then traps. Gradients traverse the module, so that only what is evaluated outside of one can be without a path.
  ///   - momentum: the share of the batch in the running statistics.
  public mutating func note(_ batch: BatchStatistics<Scalar>, of path: String?, momentum: Scalar) {
    guard let path else { return hasUnnamed = true }
    statistics[path, default: []].append((BatchStatistics(mean: batch.mean.detached, variance: batch.variance.detached), momentum))
  }
}

/// A layer whose value depends on whether it is trained: it is written once, as a function of its input and a pass.
public protocol ForwardPassLayer: Layer {
  /// The value in a pass.
  func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output
}

extension ForwardPassLayer {
  /// The value in evaluation.
  public func callAsFunction(_ input: Input) -> Output {
    var pass = ForwardPass<Scalar>.evaluation
    return self(input, &pass)
  }
}

extension Module {
  /// Tells every layer its path, as each gradient does on its way: for a pass in training outside of a gradient whose statistics are wanted.
  public mutating func namePaths() { forEachTensor { _, _, _ in } }
}
