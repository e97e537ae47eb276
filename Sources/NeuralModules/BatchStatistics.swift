import DifferentiableTensors
import Requirements

/// Means and variances of channels: over one batch, or running over many.
public struct BatchStatistics<Scalar: TensorScalar>: Sendable {
  /// One for each channel that loses its mean.
  public var mean: Tensor<Scalar>
  /// One for each channel.
  public var variance: Tensor<Scalar>

  /// From means and variances.
  public init(mean: Tensor<Scalar>, variance: Tensor<Scalar>) { (self.mean, self.variance) = (mean, variance) }

  /// (1 - momentum) of these and momentum of those of a batch, outside any graph.
  public func moved(towards batch: BatchStatistics, by momentum: Scalar) -> BatchStatistics {
    BatchStatistics(mean: mean.moved(towards: batch.mean, by: momentum), variance: variance.moved(towards: batch.variance, by: momentum))
  }
}

extension Tensor {
  /// A step of a running average, outside any graph.
  fileprivate func moved(towards batch: Tensor, by momentum: Scalar) -> Tensor { detached * (1 - momentum) + batch.detached * momentum }
}

/// One evaluation of a network with batch normalisations: whether they normalise by the batch, and if so what they have seen of it.
///
/// ```swift
/// var pass = BatchNormPass<Float>.training
/// let y = network(x, &pass)          // in the loss
/// network.update(with: pass)         // after the step of the optimizer
/// ```
public struct BatchNormPass<Scalar: TensorScalar>: Sendable {
  /// Whether layers normalise by the batch.
  public let isTraining: Bool
  /// The statistics that each layer has seen and its momentum, in the order of evaluation.
  fileprivate var seen: [(statistics: BatchStatistics<Scalar>, momentum: Scalar)] = []

  /// By the running statistics.
  public static var evaluation: BatchNormPass { BatchNormPass(isTraining: false) }
  /// By the statistics of the batch, which are kept for ``Module/update(with:)``.
  public static var training: BatchNormPass { BatchNormPass(isTraining: true) }

  mutating func note(_ statistics: BatchStatistics<Scalar>, momentum: Scalar) {
    seen.append((BatchStatistics(mean: statistics.mean.detached, variance: statistics.variance.detached), momentum))
  }
}

/// A network on tensors with batch normalisations, each of which it evaluates once, in the order of ``Module/visit(_:)``.
public protocol BatchNormalized: Layer where Input == Tensor<Scalar>, Output == Tensor<Scalar> {
  /// The value, by the batch or by the running statistics.
  func callAsFunction(_ input: Tensor<Scalar>, _ pass: inout BatchNormPass<Scalar>) -> Tensor<Scalar>
}

extension BatchNormalized {
  /// The value by the running statistics.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    var pass = BatchNormPass<Scalar>.evaluation
    return self(input, &pass)
  }
}

extension Module {
  /// Moves the running statistics of every ``BatchNorm`` towards those of a pass in training; a pass of evaluation changes nothing.
  ///
  /// Traps where the pass does not belong to this module.
  public mutating func update(with pass: BatchNormPass<Scalar>) {
    guard pass.isTraining else { return }
    var (means, variances) = (0, 0)
    forEachTensor { path, role, tensor in
      func move(_ number: Int, _ part: KeyPath<BatchStatistics<Scalar>, Tensor<Scalar>>) {
        require(number < pass.seen.count, "statistics of \(path) are expected, the pass has those of \(pass.seen.count) layers")
        let (batch, momentum) = pass.seen[number]
        require(
          batch[keyPath: part].shape == tensor.shape,
          "statistics of shape \(tensor.shape) are expected for \(path), received \(batch[keyPath: part].shape)")
        tensor = tensor.moved(towards: batch[keyPath: part], by: momentum)
      }
      guard role == .buffer else { return }
      switch path.name {
      case "running_mean":
        move(means, \.mean)
        means += 1
      case "running_var":
        move(variances, \.variance)
        variances += 1
      default: break
      }
    }
    require(means == pass.seen.count, "statistics of \(means) layers are expected, the pass has those of \(pass.seen.count)")
  }
}
