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

extension Module {
  /// Moves the running statistics of every ``BatchNorm`` that a pass in training has evaluated towards those of the batch; a pass of
  /// evaluation changes nothing.
  ///
  /// Layers are found by their paths: it matters neither in which order they were evaluated nor whether all of them were. The statistics of
  /// a layer that was evaluated several times are taken one after the other, as PyTorch does. Traps where the pass has statistics of a layer
  /// that this module does not have.
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
