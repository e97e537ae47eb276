import DifferentiableTensors
import NeuralModules

/// Bounds of what Adam keeps, by which a step that cannot overflow is known without a look at the tensors: a step in place needs no copy
/// of what was before it.
struct StepBounds {
  private var parameter = Double.infinity
  private var mean = Double.infinity
  private var square = Double.infinity

  /// Whether a step along a gradient of the given norm (after clipping) leaves only finite numbers. False where that is not certain.
  mutating func allows<M: Module>(
    norm: Double, factor: Double, _ settings: Adam<M.Scalar>.Settings, _ model: M, _ optimizer: Adam<M.Scalar>
  ) -> Bool {
    let largest = Double(M.Scalar.greatestFiniteMagnitude)
    if advance(norm, factor, settings, limit: largest) { return true }
    // Bounds grow from step to step faster than what they bound.
    parameter = 0
    model.namedTensors.forEach { if $0.role == .parameter { parameter = max(parameter, $0.tensor.bound) } }
    mean = optimizer.means.reduce(0) { max($0, $1.bound) }
    square = optimizer.squares.reduce(0) { max($0, $1.bound) }
    return advance(norm, factor, settings, limit: largest)
  }

  private mutating func advance<Scalar>(_ norm: Double, _ factor: Double, _ s: Adam<Scalar>.Settings, limit: Double) -> Bool {
    let g = norm + s.l2.magnitude * parameter
    let (m, v) = (max(mean, g), max(square, g * g))
    let (corrected, root) = (m / (1 - s.beta1), v / (1 - s.beta2))
    let rate = (s.rate * factor).magnitude
    let p = parameter + rate * (corrected / s.epsilon + s.weightDecay.magnitude * parameter)
    // Half of what there is, for rounding. Comparisons with NaN are false; a setting beyond the element type is not finite there.
    let isSmall = [corrected, root, p, rate, s.weightDecay.magnitude, s.l2.magnitude].allSatisfy { $0 < limit / 2 }
    guard isSmall, Scalar(s.epsilon) > 0 else { return false }
    (parameter, mean, square) = (p, m, v)
    return true
  }
}

extension Tensor {
  /// The largest magnitude of an element; infinite where one is not finite.
  fileprivate var bound: Double { Double(largestMagnitude()) }
  fileprivate var isFinite: Bool { largestMagnitude().isFinite }
}

extension Trainer {
  /// One update along a gradient, unless that or what the update gives is not finite: then nothing has changed, and the result is false.
  mutating func update(along gradient: ParameterGradient<M.Scalar>) -> Bool {
    let norm = Double(gradient.norm)
    guard norm.isFinite else { return false }
    var clipper = clipper
    let scale = settings.clipping == .none ? 1 : clipper.factor(forNorm: norm)
    let factor = rateFactor
    if bounds.allows(norm: norm * scale, factor: factor, settings.optimizer, model, optimizer) {
      optimizer.update(&model, along: gradient, factor: factor, scale: scale)
    } else {
      var (moved, moments) = (model, optimizer)
      moments.update(&moved, along: gradient, factor: factor, scale: scale)
      guard
        moved.namedTensors.allSatisfy({ $0.role == .buffer || $0.tensor.isFinite }), moments.means.allSatisfy(\.isFinite),
        moments.squares.allSatisfy(\.isFinite)
      else { return false }
      (model, optimizer) = (moved, moments)
    }
    self.clipper = clipper
    return true
  }
}
