import DifferentiableTensors
import Requirements

/// One evaluation of a network, either in training or in evaluation mode. Layers that behave differently in training, such as dropout,
/// batch normalisation and randomly drawn frames, consult it.
///
/// ```swift
/// var pass = ForwardPass<Float>.training(using: source)
/// let y = network(x, &pass)          // in the loss
/// network.update(with: pass)         // after the step of the optimizer
/// ```
/// A trainer does both, and hands a pass to its losses (`LossContext`). A network that is called with its input alone is in evaluation
/// mode.
public struct ForwardPass<Scalar: TensorScalar>: Sendable {
  /// Whether layers behave as in training.
  public let isTraining: Bool
  /// The source of the random numbers that layers draw in training.
  public var random: RandomSource
  /// What each batch normalisation has seen, with its momentum, by the path of the layer.
  private(set) var statistics: [String: [(batch: BatchStatistics<Scalar>, momentum: Scalar)]] = [:]
  /// Whether a layer without a path has seen something.
  private(set) var hasUnnamed = false

  /// A pass with running statistics and without randomness.
  public static var evaluation: ForwardPass { ForwardPass(isTraining: false, random: RandomSource(seed: 0)) }

  /// A pass with the statistics of the batch, which are kept for ``Module/update(with:)``, and random numbers from a copy of `source`. The
  /// state that the copy has reached is ``random``.
  public static func training(using source: RandomSource) -> ForwardPass { ForwardPass(isTraining: true, random: source) }

  /// Keeps the statistics of a batch for the running ones of a layer, its buffers `running_mean` and `running_var`.
  ///
  /// - Parameters:
  ///   - batch: the statistics of what the layer has seen.
  ///   - path: the layer's path as of the last traversal (``ParameterVisitor/path``), or nil if there has been none;
  ///     ``Module/update(with:)`` then traps. Since gradients traverse the module, a layer can only lack a path if it is evaluated outside
  ///     of a gradient.
  ///   - momentum: the weight of the batch in the running statistics.
  public mutating func note(_ batch: BatchStatistics<Scalar>, of path: String?, momentum: Scalar) {
    guard let path else { return hasUnnamed = true }
    statistics[path, default: []].append((BatchStatistics(mean: batch.mean.detached, variance: batch.variance.detached), momentum))
  }
}

/// A layer whose value differs between training and evaluation. It is written once, as a function of its input and a pass.
public protocol ForwardPassLayer: Layer {
  /// The value at `input` in a pass.
  func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output
}

extension ForwardPassLayer {
  /// The value at `input` in evaluation.
  public func callAsFunction(_ input: Input) -> Output {
    var pass = ForwardPass<Scalar>.evaluation
    return self(input, &pass)
  }
}

extension Module {
  /// Tells every layer its path, as every gradient does. A training pass whose statistics are needed outside of a gradient requires it.
  public mutating func namePaths() { forEachTensor { _, _, _ in } }
}
