import DifferentiableTensors
import NeuralModules

/// Bounds of what an optimizer keeps, by which a step that cannot overflow is known without a look at the tensors: a step in place needs no
/// copy of what was before it.
struct StepBounds {
  private var parameter = Double.infinity
  private var mean = Double.infinity
  private var square = Double.infinity

  /// Whether a step along a gradient of the given norm (after clipping) leaves only finite numbers. False where that is not certain.
  mutating func allows<M: Module>(norm: Double, factor: Double, _ limits: StepLimits, _ model: M, _ optimizer: Optimizer<M.Scalar>) -> Bool
  {
    if advance(norm, factor, limits, M.Scalar.self) { return true }
    // Bounds grow from step to step faster than what they bound.
    parameter = 0
    model.namedTensors.forEach { if $0.role == .parameter { parameter = max(parameter, $0.tensor.bound) } }
    let moments = optimizer.moments.map { $0.tensors.reduce(0) { max($0, $1.bound) } }
    mean = moments.first ?? 0
    square = moments.dropFirst().first ?? 0
    return advance(norm, factor, limits, M.Scalar.self)
  }

  private mutating func advance<Scalar: TensorScalar>(_ norm: Double, _ factor: Double, _ s: StepLimits, _: Scalar.Type) -> Bool {
    let limit = Double(Scalar.greatestFiniteMagnitude)
    let g = norm + s.l2 * parameter
    let rate = s.rate * factor.magnitude
    // Half of what there is, for rounding. Comparisons with NaN are false; a setting beyond the element type is not finite there.
    func isSmall(_ numbers: [Double]) -> Bool { numbers.allSatisfy { $0 < limit / 2 } }
    switch s.rule {
    case .adam(let beta1, let beta2, let epsilon):
      let (m, v) = (max(mean, g), max(square, g * g))
      let (corrected, root) = (m / (1 - beta1), v / (1 - beta2))
      let p = parameter + rate * (corrected / epsilon + s.weightDecay * parameter)
      guard isSmall([corrected, root, p, rate, s.weightDecay, s.l2]), Scalar(epsilon) > 0 else { return false }
      (parameter, mean, square) = (p, m, v)
    case .sgd(let momentum):
      let v = momentum * mean + g
      let p = parameter + rate * (g + max(1, momentum) * v)
      guard isSmall([v, p, rate, s.l2, momentum]) else { return false }
      (parameter, mean) = (p, v)
    }
    return true
  }
}

/// The settings of an optimizer that move parameters the most, over all groups.
struct StepLimits: Sendable {
  /// What is particular to an optimizer.
  enum Rule: Sendable {
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    case sgd(momentum: Double)
  }
  let rule: Rule
  let rate: Double
  let weightDecay: Double
  let l2: Double

  /// - Parameters:
  ///   - settings: those of parameters without a group.
  ///   - groups: all of them count, also those that no parameter belongs to.
  init<Scalar>(_ settings: OptimizerSettings<Scalar>, groups: [ParameterGroup]) {
    let all = [settings] + groups.map(settings.applying)
    /// Not a number where one of them is not.
    func most(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1.magnitude) } }
    rate = most(all.map(\.rate))
    switch settings {
    case .adam(let adam):
      rule = .adam(beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon)
      weightDecay = most(all.map { if case .adam(let s) = $0 { s.weightDecay } else { 0 } })
      l2 = adam.l2.magnitude
    case .sgd(let sgd):
      rule = .sgd(momentum: sgd.momentum.magnitude)
      weightDecay = 0
      l2 = most(all.map { if case .sgd(let s) = $0 { s.weightDecay } else { 0 } })
    }
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
    if bounds.allows(norm: norm * scale, factor: factor, stepLimits, model, optimizer) {
      optimizer.update(&model, along: gradient, factor: factor, scale: scale)
    } else {
      var (moved, moments) = (model, optimizer)
      moments.update(&moved, along: gradient, factor: factor, scale: scale)
      guard
        moved.namedTensors.allSatisfy({ $0.role == .buffer || $0.tensor.isFinite }),
        moments.moments.allSatisfy({ $0.tensors.allSatisfy(\.isFinite) })
      else { return false }
      (model, optimizer) = (moved, moments)
    }
    self.clipper = clipper
    return true
  }
}
