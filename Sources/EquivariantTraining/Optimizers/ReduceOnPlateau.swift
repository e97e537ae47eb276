import Requirements

/// Lowers the learning rate when a validation figure has stopped falling, as PyTorch's `ReduceLROnPlateau` does.
///
/// The figure is reported by ``Trainer/observe(_:)`` after each evaluation. It is an improvement if it lies below best - threshold |best|,
/// where best is the last figure that was an improvement. After more than `patience` consecutive evaluations without an improvement the
/// rate is multiplied by `factor`, but the product of these factors never falls below `minimumFactor`. The next `cooldown` evaluations do
/// not count. A figure that is not finite is no improvement.
public struct ReduceOnPlateau: Sendable, Equatable {
  /// The factor that the rate is multiplied by, in 0 ..< 1.
  public var factor: Double
  /// The largest number of consecutive evaluations without an improvement that change nothing.
  public var patience: Int
  /// The smallest improvement that counts, relative to the best figure.
  public var threshold: Double
  /// The number of evaluations after a reduction that do not count.
  public var cooldown: Int
  /// The lower bound of the product of all factors.
  public var minimumFactor: Double

  /// A rule with PyTorch's defaults.
  public init(factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0, minimumFactor: Double = 0) {
    require(factor >= 0 && factor < 1, "a factor in 0 ..< 1 is expected, received \(factor)")
    require(patience >= 0 && cooldown >= 0, "patience and cooldown of at least 0 are expected, received \(patience) and \(cooldown)")
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimumFactor = minimumFactor
  }
}

/// Where the rule stands: part of the state of a trainer.
struct PlateauState: Sendable, Equatable {
  /// The lowest figure that was an improvement; infinite before the first.
  var best = Double.infinity
  /// Evaluations in a row without an improvement.
  var badCount = 0
  /// Evaluations that will not count.
  var cooldownLeft = 0
  /// The product of the factors so far.
  var factor = 1.0

  mutating func observe(_ figure: Double, _ rule: ReduceOnPlateau) {
    if figure < (best.isFinite ? best - rule.threshold * best.magnitude : best) {
      best = figure
      badCount = 0
    } else {
      badCount += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badCount = 0
    }
    if badCount > rule.patience {
      factor = max(factor * rule.factor, min(factor, rule.minimumFactor))
      cooldownLeft = rule.cooldown
      badCount = 0
    }
  }
}
