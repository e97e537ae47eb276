import DifferentiableTensors
import NeuralModules
import Requirements

/// Stochastic gradient descent with momentum, as PyTorch's `SGD` without dampening.
///
/// With g the gradient, g ← g + weightDecay θ, v ← momentum v + g, θ ← θ - rate v; with Nesterov's momentum the step is θ ← θ - rate (g +
/// momentum v). Without momentum v equals g, and nothing is kept between steps.
public struct SGD<Scalar: TensorScalar>: Sendable {
  /// Hyperparameters; each parameter may have its own (``SGD/init(for:settings:groups:)``).
  public struct Settings: Sendable, Equatable {
    /// The learning rate.
    public var rate: Double
    /// The decay of the velocity, in 0 ..< 1; 0 for no momentum.
    public var momentum: Double
    /// Whether the step looks ahead along the velocity, as in Nesterov's method.
    public var isNesterov: Bool
    /// The coupled weight decay: this times the parameter is added to the gradient, as with PyTorch's `weight_decay`.
    public var weightDecay: Double
    /// Hyperparameters, by default a rate of 0.01 without momentum or decay.
    public init(rate: Double = 1e-2, momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0) {
      self.rate = rate
      self.momentum = momentum
      self.isNesterov = isNesterov
      self.weightDecay = weightDecay
    }
  }

  /// The number of updates made.
  public internal(set) var step = 0
  /// The velocities v, in the order of the module's parameters; zeros before the first step.
  public internal(set) var velocities: [Tensor<Scalar>]
  /// The settings of each parameter. A schedule multiplies their rates.
  public let settings: [Settings]

  /// - Parameters:
  ///   - model: the module whose parameters are trained; only their shapes and order matter.
  ///   - settings: the settings of all other parameters.
  ///   - groups: returns the settings of the parameter with a path, or nil for `settings`.
  public init<M: Module>(for model: M, settings: Settings = Settings(), groups: (String) -> Settings? = { _ in nil })
  where M.Scalar == Scalar {
    (velocities, self.settings) = model.optimizerStart(settings, groups)
  }

  /// Makes one update along a gradient. `factor` multiplies every rate (see ``Schedule``) and `scale` the gradient (see
  /// ``GradientClipper``).
  public mutating func update<M: Module>(
    _ model: inout M, along gradient: ParameterGradient<Scalar>, factor: Double = 1, scale: Double = 1
  ) where M.Scalar == Scalar {
    step += 1
    model.forEachParameter(along: gradient, count: velocities.count) { i, tensor, slope in
      let s = settings[i]
      var g = slope.detached
      if scale != 1 { g = g * Scalar(scale) }
      if s.weightDecay != 0 { g = g + tensor.detached * Scalar(s.weightDecay) }
      var direction = g
      if s.momentum != 0 {
        let velocity = velocities[i] * Scalar(s.momentum) + g
        velocities[i] = velocity
        direction = s.isNesterov ? g + velocity * Scalar(s.momentum) : velocity
      }
      tensor = tensor.detached - direction * Scalar(s.rate * factor)
    }
  }
}
