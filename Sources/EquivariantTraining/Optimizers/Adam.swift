import DifferentiableTensors
import NeuralModules
import Requirements

/// Adam (Kingma and Ba 2015), with decoupled weight decay (AdamW, Loshchilov and Hutter 2019) if ``Settings/weightDecay`` is not 0, or with
/// L2 regularisation added to the gradient, as in PyTorch's `Adam(weight_decay:)`.
///
/// With g the gradient, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// θ ← θ - rate (m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε) + weightDecay θ).
public struct Adam<Scalar: TensorScalar>: Sendable {
  /// Hyperparameters; each parameter may have its own (``Adam/init(for:settings:groups:)``).
  public struct Settings: Sendable, Equatable {
    /// The learning rate.
    public var rate: Double
    /// The decay of the mean gradient, β₁.
    public var beta1: Double
    /// The decay of the mean squared gradient, β₂.
    public var beta2: Double
    /// The number ε that is added to the root.
    public var epsilon: Double
    /// The decoupled weight decay: parameters shrink by the rate times this at each step.
    public var weightDecay: Double
    /// The coupled weight decay: this times the parameter is added to the gradient.
    public var l2: Double
    /// Hyperparameters with PyTorch's defaults.
    public init(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0, l2: Double = 0
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.l2 = l2
    }
  }

  /// The number of updates made.
  public internal(set) var step = 0
  /// The mean gradients m, in the order of the module's parameters.
  public internal(set) var means: [Tensor<Scalar>]
  /// The mean squared gradients v.
  public internal(set) var squares: [Tensor<Scalar>]
  /// The settings of each parameter. A schedule multiplies their rates.
  public let settings: [Settings]

  /// - Parameters:
  ///   - model: the module whose parameters are trained; only their shapes and order matter.
  ///   - settings: the settings of all other parameters.
  ///   - groups: returns the settings of the parameter with a path, or nil for `settings`.
  public init<M: Module>(for model: M, settings: Settings = Settings(), groups: (String) -> Settings? = { _ in nil })
  where M.Scalar == Scalar {
    (means, self.settings) = model.optimizerStart(settings, groups)
    squares = means.map { .zeros($0.shape) }
  }

  /// Makes one update along a gradient. `factor` multiplies every rate (see ``Schedule``) and `scale` the gradient (see
  /// ``GradientClipper``).
  public mutating func update<M: Module>(
    _ model: inout M, along gradient: ParameterGradient<Scalar>, factor: Double = 1, scale: Double = 1
  ) where M.Scalar == Scalar {
    step += 1
    let t = Double(step)
    model.forEachParameter(along: gradient, count: means.count) { i, tensor, g in
      let s = settings[i]
      let (c1, c2) = (1 / (1 - power(s.beta1, t)), 1 / (1 - power(s.beta2, t)))
      tensor.adamStep(
        gradient: g, mean: &means[i], square: &squares[i], scale: scale, rate: s.rate * factor, beta1: s.beta1,
        beta2: s.beta2, epsilon: s.epsilon, correction1: c1, correction2: c2, decay: s.weightDecay, l2: s.l2)
    }
  }
}

/// x^n for a whole number n >= 0, by squaring: no C library, the same bits everywhere.
func power(_ x: Double, _ n: Double) -> Double {
  var (result, base, k) = (1.0, x, Int(n))
  while k > 0 {
    if k & 1 == 1 { result *= base }
    base *= base
    k >>= 1
  }
  return result
}
