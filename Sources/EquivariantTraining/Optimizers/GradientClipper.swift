/// How gradients that are too large are shortened.
public enum GradientClipping: Sendable, Equatable {
  /// Gradients are not shortened.
  case none
  /// All gradients are scaled so that their common Euclidean norm is at most this.
  case norm(Double)
  /// Like `norm`, but the bound is this many times a running mean of the norms so far (decay 0.99), which cuts spikes and follows trends.
  case adaptive(Double)
}

/// Clipping with its running mean.
public struct GradientClipper: Sendable, Equatable {
  /// How gradients are shortened.
  public let rule: GradientClipping
  /// The running mean of the clipped norms; nil before the first step.
  public internal(set) var mean: Double?

  /// A clipper with the given rule, and the running mean to continue from, if any.
  public init(_ rule: GradientClipping, mean: Double? = nil) {
    self.rule = rule
    self.mean = mean
  }

  /// The factor for a gradient of the given norm. A norm that is not finite gives 0. The caller must then leave out the update, for 0 times
  /// such a gradient is not 0. A running mean of 0, after gradients that were all 0, sets no bound.
  public mutating func factor(forNorm norm: Double) -> Double {
    guard norm.isFinite else { return 0 }
    switch rule {
    case .none: return 1
    case .norm(let bound): return norm > bound ? bound / norm : 1
    case .adaptive(let multiple):
      let bound = mean.map { $0 > 0 ? multiple * $0 : .infinity } ?? .infinity
      let clipped = min(norm, bound)
      mean = mean.map { 0.99 * $0 + 0.01 * clipped } ?? clipped
      return norm > bound ? bound / norm : 1
    }
  }
}
