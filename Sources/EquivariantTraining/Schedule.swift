import RealModule

/// The factor of the learning rate, by step.
public enum Schedule: Sendable, Equatable {
  /// Always 1.
  case constant
  /// Rises linearly over `warmUp` steps, then falls along half a cosine to `floor` at `total` steps.
  case cosine(warmUp: Int, total: Int, floor: Double = 0)
  /// Rises linearly over `warmUp` steps, stays, and falls along half a cosine over the last `decay` of `total` steps.
  case plateau(warmUp: Int, decay: Int, total: Int, floor: Double = 0)
  /// Multiplied by `factor` after every `every` steps.
  case step(every: Int, factor: Double)

  /// The factor for the update that follows `step` updates (0 for the first).
  public func callAsFunction(_ step: Int) -> Double {
    switch self {
    case .constant: return 1
    case .cosine(let warmUp, let total, let floor):
      return Schedule.plateau(warmUp: warmUp, decay: max(0, total - warmUp), total: total, floor: floor)(step)
    case .plateau(let warmUp, let decay, let total, let floor):
      if step < warmUp { return Double(step + 1) / Double(warmUp) }
      let left = total - step
      if left >= decay { return 1 }
      let progress = 1 - max(0, Double(left)) / Double(max(1, decay))
      return floor + (1 - floor) * 0.5 * (1 + .cos(.pi * progress))
    case .step(let every, let factor): return power(factor, Double(step / max(1, every)))
    }
  }
}
