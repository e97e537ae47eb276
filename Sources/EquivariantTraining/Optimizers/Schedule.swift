import RealModule

/// The factor of the learning rate, by step.
public enum Schedule: Sendable, Equatable {
  /// The factor is always 1.
  case constant
  /// The factor rises linearly over `warmUp` steps, then falls along half a cosine to `floor` at `total` steps.
  case cosine(warmUp: Int, total: Int, floor: Double = 0)
  /// The factor rises linearly over `warmUp` steps, stays at 1, and falls along half a cosine to `floor` over the last `decay` of `total`
  /// steps.
  case plateau(warmUp: Int, decay: Int, total: Int, floor: Double = 0)
  /// The factor is multiplied by `factor` after every `every` steps.
  case step(every: Int, factor: Double)
  /// The factor is a function of the step. Since functions cannot be compared, two schedules of one name are taken to be equal; a name that
  /// states the function's parameters, such as "inverse root, 400", lets checkpoints tell them apart.
  case custom(_ name: String, _ factor: @Sendable (_ step: Int) -> Double)

  /// Whether two schedules are of the same kind and have the same numbers or the same name.
  public static func == (a: Schedule, b: Schedule) -> Bool { a.text == b.text }

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
    case .custom(_, let factor): return factor(step)
    }
  }
}

extension Schedule {
  /// Everything that it is known by, for checkpoints.
  var text: String {
    switch self {
    case .constant: "constant"
    case .cosine(let warmUp, let total, let floor): "cosine(warmUp: \(warmUp), total: \(total), floor: \(floor))"
    case .plateau(let warmUp, let decay, let total, let floor):
      "plateau(warmUp: \(warmUp), decay: \(decay), total: \(total), floor: \(floor))"
    case .step(let every, let factor): "step(every: \(every), factor: \(factor))"
    case .custom(let name, _): "custom(\(name))"
    }
  }
}
