import DifferentiableTensors
import Requirements

/// Means and variances of channels, either of one batch or averaged over many.
public struct BatchStatistics<Scalar: TensorScalar>: Sendable {
  /// The mean of each channel from which the mean is subtracted.
  public var mean: Tensor<Scalar>
  /// The variance of each channel.
  public var variance: Tensor<Scalar>

  /// Statistics with the given means and variances.
  public init(mean: Tensor<Scalar>, variance: Tensor<Scalar>) { (self.mean, self.variance) = (mean, variance) }

  /// The running average after one more batch: (1 - momentum) · self + momentum · batch. Nothing is recorded for gradients.
  public func moved(towards batch: BatchStatistics, by momentum: Scalar) -> BatchStatistics {
    BatchStatistics(mean: mean.moved(towards: batch.mean, by: momentum), variance: variance.moved(towards: batch.variance, by: momentum))
  }
}

extension Tensor {
  /// A step of a running average, outside any graph.
  fileprivate func moved(towards batch: Tensor, by momentum: Scalar) -> Tensor { detached * (1 - momentum) + batch.detached * momentum }
}

extension Module {
  /// Moves the running statistics of every ``BatchNorm`` that was evaluated in a training pass towards those of the batch. An evaluation
  /// pass changes nothing.
  ///
  /// Layers are found by their paths, so the order in which they were evaluated does not matter, nor whether all of them were. If a layer
  /// was evaluated several times, its statistics are taken in one after the other, as in PyTorch. Traps if the pass has statistics of a
  /// layer that this module does not have.
  public mutating func update(with pass: ForwardPass<Scalar>) {
    require(
      !pass.hasUnnamed, "statistics of layers with a path are expected: evaluate in `valueWithGradient`, or call `namePaths()` before")
    guard !pass.statistics.isEmpty else { return }
    var found = Set<String>()
    forEachTensor { path, role, tensor in
      guard role == .buffer, let layer = pass.statistics[path.parent] else { return }
      let part: KeyPath<BatchStatistics<Scalar>, Tensor<Scalar>>
      switch path.name {
      case "running_mean": part = \.mean
      case "running_var": part = \.variance
      default: return
      }
      found.insert(path.parent)
      for (batch, momentum) in layer {
        require(
          batch[keyPath: part].shape == tensor.shape,
          "statistics of shape \(tensor.shape) are expected for \(path), received \(batch[keyPath: part].shape)")
        tensor = tensor.moved(towards: batch[keyPath: part], by: momentum)
      }
    }
    let missing = pass.statistics.keys.filter { !found.contains($0) }.sorted()
    require(missing.isEmpty, "a module with the layers of the pass is expected, it has none at \(missing.joined(separator: ", "))")
  }
}
