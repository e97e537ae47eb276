import DifferentiableTensors
import NeuralModules
import Requirements

/// Adam (Kingma and Ba 2015), with decoupled weight decay (AdamW, Loshchilov and Hutter 2019) where ``Settings/weightDecay`` is not 0, or
/// with L2 regularisation added to the gradient as PyTorch's `Adam(weight_decay:)` does.
///
/// With g the gradient, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
/// θ ← θ - rate (m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε) + weightDecay θ).
public struct Adam<Scalar: TensorScalar>: Sendable {
  /// Hyperparameters; each parameter may have its own (``Adam/init(for:settings:groups:)``).
  public struct Settings: Sendable, Equatable {
    /// The learning rate.
    public var rate: Double
    /// Decay of the mean gradient.
    public var beta1: Double
    /// Decay of the mean squared gradient.
    public var beta2: Double
    /// Added to the root.
    public var epsilon: Double
    /// Decoupled: parameters shrink by rate times this at each step.
    public var weightDecay: Double
    /// Coupled: this times the parameter is added to the gradient.
    public var l2: Double
    /// PyTorch's defaults.
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

  /// Number of updates made.
  public internal(set) var step = 0
  /// Mean gradients, in the order of the module's parameters.
  public internal(set) var means: [Tensor<Scalar>]
  /// Mean squared gradients.
  public internal(set) var squares: [Tensor<Scalar>]
  /// The settings of each parameter; a schedule multiplies their rates.
  public let settings: [Settings]

  /// - Parameters:
  ///   - model: fixes shapes and order of the parameters.
  ///   - settings: for every parameter.
  ///   - groups: gives some parameters, by path, settings of their own.
  public init<M: Module>(for model: M, settings: Settings = Settings(), groups: (String) -> Settings? = { _ in nil })
  where M.Scalar == Scalar {
    (means, self.settings) = model.optimizerStart(settings, groups)
    squares = means.map { .zeros($0.shape) }
  }

  /// One update along a gradient. `factor` multiplies every rate (see ``Schedule``), `scale` the gradient (see clipping).
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
