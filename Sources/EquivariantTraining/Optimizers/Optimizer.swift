import DifferentiableTensors
import NeuralModules
import Requirements

/// Which optimizer a ``Trainer`` uses, with its hyperparameters.
public enum OptimizerSettings<Scalar: TensorScalar>: Sendable, Equatable {
  /// Adam or AdamW.
  case adam(Adam<Scalar>.Settings)
  /// Stochastic gradient descent, with or without momentum.
  case sgd(SGD<Scalar>.Settings)

  /// Adam with PyTorch's defaults; see ``Adam/Settings``.
  public init(
    rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0, l2: Double = 0
  ) {
    self = .adam(.init(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, l2: l2))
  }

  /// The learning rate.
  public var rate: Double {
    get {
      switch self {
      case .adam(let settings): settings.rate
      case .sgd(let settings): settings.rate
      }
    }
    set {
      switch self {
      case .adam(var settings):
        settings.rate = newValue
        self = .adam(settings)
      case .sgd(var settings):
        settings.rate = newValue
        self = .sgd(settings)
      }
    }
  }

  /// The settings of a group of parameters.
  func applying(_ group: ParameterGroup) -> OptimizerSettings {
    switch self {
    case .adam(var settings):
      settings.rate *= group.rateFactor
      settings.weightDecay = group.weightDecay ?? settings.weightDecay
      return .adam(settings)
    case .sgd(var settings):
      settings.rate *= group.rateFactor
      settings.weightDecay = group.weightDecay ?? settings.weightDecay
      return .sgd(settings)
    }
  }
}

/// One of the optimizers with its state.
public enum Optimizer<Scalar: TensorScalar>: Sendable {
  /// Adam or AdamW.
  case adam(Adam<Scalar>)
  /// Stochastic gradient descent.
  case sgd(SGD<Scalar>)

  /// An optimizer that has not made a step yet.
  ///
  /// - Parameters:
  ///   - model: the module whose parameters are trained; only their shapes and order matter.
  ///   - settings: the settings of every parameter that is in no group.
  ///   - groups: groups of parameters with a rate or decay of their own.
  public init<M: Module>(for model: M, settings: OptimizerSettings<Scalar>, groups: [ParameterGroup] = []) where M.Scalar == Scalar {
    let paths = model.namedTensors.filter { $0.role == .parameter }.map(\.path)
    for group in groups {
      require(paths.contains(where: group.contains), "a group that contains a parameter is expected, received \(group.name), of \(paths)")
    }
    func own(_ path: String) -> OptimizerSettings<Scalar>? { groups.first { $0.contains(path) }.map(settings.applying) }
    switch settings {
    case .adam(let common):
      self = .adam(
        Adam(for: model, settings: common) { path in
          if case .adam(let settings)? = own(path) { settings } else { nil }
        })
    case .sgd(let common):
      self = .sgd(
        SGD(for: model, settings: common) { path in
          if case .sgd(let settings)? = own(path) { settings } else { nil }
        })
    }
  }

  /// The number of updates made.
  public internal(set) var step: Int {
    get {
      switch self {
      case .adam(let adam): adam.step
      case .sgd(let sgd): sgd.step
      }
    }
    set {
      modify {
        $0.step = newValue
      } sgd: {
        $0.step = newValue
      }
    }
  }

  /// Adam with its state; nil for another optimizer.
  public internal(set) var adam: Adam<Scalar>? {
    get { if case .adam(let adam) = self { adam } else { nil } }
    set { if let newValue { self = .adam(newValue) } }
  }

  /// Stochastic gradient descent with its state; nil for another optimizer.
  public internal(set) var sgd: SGD<Scalar>? {
    get { if case .sgd(let sgd) = self { sgd } else { nil } }
    set { if let newValue { self = .sgd(newValue) } }
  }

  /// Makes one update along a gradient. `factor` multiplies every rate (see ``Schedule``) and `scale` the gradient (see
  /// ``GradientClipper``).
  public mutating func update<M: Module>(
    _ model: inout M, along gradient: ParameterGradient<Scalar>, factor: Double = 1, scale: Double = 1
  ) where M.Scalar == Scalar {
    modify {
      $0.update(&model, along: gradient, factor: factor, scale: scale)
    } sgd: {
      $0.update(&model, along: gradient, factor: factor, scale: scale)
    }
  }

  /// What it keeps for each parameter, by the names that checkpoints have for it.
  var moments: [(name: String, tensors: [Tensor<Scalar>])] {
    switch self {
    case .adam(let adam): [("mean", adam.means), ("square", adam.squares)]
    // Without momentum there is nothing to keep.
    case .sgd(let sgd): sgd.settings.contains { $0.momentum != 0 } ? [("velocity", sgd.velocities)] : []
    }
  }

  /// Puts what was kept back, in the order of ``moments``.
  mutating func restore(_ moments: [[Tensor<Scalar>]]) {
    modify {
      ($0.means, $0.squares) = (moments[0], moments[1])
    } sgd: {
      if let velocities = moments.first { $0.velocities = velocities }
    }
  }

  /// Changes what is there in place: while it is changed, this value holds no second reference to its tensors, so that none is copied.
  private mutating func modify(_ change: (inout Adam<Scalar>) -> Void, sgd changeSGD: (inout SGD<Scalar>) -> Void) {
    switch self {
    case .adam(var adam):
      self = .placeholder
      change(&adam)
      self = .adam(adam)
    case .sgd(var sgd):
      self = .placeholder
      changeSGD(&sgd)
      self = .sgd(sgd)
    }
  }

  private static var placeholder: Optimizer { .sgd(SGD()) }
}

extension SGD {
  /// Of no parameters.
  fileprivate init() {
    velocities = []
    settings = []
  }
}
