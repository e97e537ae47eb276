import DifferentiableTensors
import NeuralModules
import Requirements

/// A running average of a module's parameters: average ← d average + (1 - d) parameters, d = min(decay, (1 + t) / (10 + t)) at step t.
public struct ExponentialMovingAverage<M: Module>: Sendable {
  /// The averaged module.
  public internal(set) var model: M
  /// The limit of the decay.
  public let decay: Double
  /// The number of updates.
  public internal(set) var step: Int

  /// An average that starts from the module's parameters.
  public init(of model: M, decay: Double, step: Int = 0) {
    require(decay >= 0 && decay < 1, "a decay in 0 ..< 1 is expected, received \(decay)")
    self.model = model
    self.decay = decay
    self.step = step
  }

  /// Updates the average with the current parameters, in place. Buffers are copied.
  public mutating func update(with current: M) {
    step += 1
    let d = M.Scalar(min(decay, (1 + Double(step)) / (10 + Double(step))))
    var newest: [Tensor<M.Scalar>] = []
    var copy = current
    copy.forEachTensor { _, _, t in newest.append(t) }
    var i = 0
    model.forEachTensor { _, role, t in
      if role == .parameter { t.average(with: newest[i], decay: d) } else { t = newest[i] }
      i += 1
    }
  }
}
