import DifferentiableTensors
import NeuralModules
import Requirements

/// Stochastic gradient descent with momentum, as PyTorch's `SGD` without dampening.
///
/// With g the gradient, g ← g + weightDecay θ, v ← momentum v + g, θ ← θ - rate v; with Nesterov's momentum the step is
/// θ ← θ - rate (g + momentum v). Without momentum v is g, and nothing is kept between steps.
public struct SGD<Scalar: TensorScalar>: Sendable {
  /// Hyperparameters; each parameter may have its own (``SGD/init(for:settings:groups:)``).
  public struct Settings: Sendable, Equatable {
    /// The learning rate.
    public var rate: Double
    /// Decay of the velocity, in 0 ..< 1; 0 for none.
    public var momentum: Double
    /// Whether the step looks ahead along the velocity, as Nesterov's does.
    public var isNesterov: Bool
    /// This times the parameter is added to the gradient, as PyTorch's `weight_decay`.
    public var weightDecay: Double
    /// A rate of 0.01, without momentum or decay.
    public init(rate: Double = 1e-2, momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0) {
      self.rate = rate
      self.momentum = momentum
      self.isNesterov = isNesterov
      self.weightDecay = weightDecay
    }
  }

  /// Number of updates made.
  public internal(set) var step = 0
  /// The velocities v, in the order of the module's parameters; zeros before the first step.
  public internal(set) var velocities: [Tensor<Scalar>]
  /// The settings of each parameter; a schedule multiplies their rates.
  public let settings: [Settings]

  /// - Parameters:
  ///   - model: fixes shapes and order of the parameters.
  ///   - settings: for every parameter.
  ///   - groups: gives some parameters, by path, settings of their own.
  public init<M: Module>(for model: M, settings: Settings = Settings(), groups: (String) -> Settings? = { _ in nil })
  where M.Scalar == Scalar {
    (velocities, self.settings) = model.optimizerStart(settings, groups)
  }

  /// One update along a gradient. `factor` multiplies every rate (see ``Schedule``), `scale` the gradient (see clipping).
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
