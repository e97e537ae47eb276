import DifferentiableTensors
import GroupTheory
import NeuralModules

/// What an activation φ is multiplied by.
public enum ActivationNormalization: String, Sendable, CaseIterable {
  /// 1.
  case none
  /// 1/√E[φ(z)²] for standard normal z: features of second moment 1 keep it.
  case secondMoment
  /// e3nn's estimate of the same from 10⁶ random numbers of fixed seed (`normalize2mom`), off by up to 2·10⁻³: for weights made with e3nn.
  case e3nn
  /// e3nn-jax's estimate of the same from 1,000,001 quantiles in double precision (`normalize_function`): for weights made with e3nn-jax.
  case e3nnJAX
}

extension Activation {
  /// Even or odd as a function; nil for neither.
  public var parity: Parity? {
    switch self {
    case .identity, .tanh: .odd
    case .absolute: .even
    case .silu, .gelu, .softplus, .relu, .sigmoid, .elu: nil
    }
  }

  /// What the function is multiplied by.
  public func factor(_ normalization: ActivationNormalization) -> Double {
    let (exact, e3nn, jax): (Double, Double, Double) =
      switch self {
      case .identity, .absolute: (1, 1.001110600838467, 1)
      case .silu: (1.6765324703310912, 1.6791767923989418, 1.6765620560798837)
      case .gelu: (1.5335304411955352, 1.5360642850770578, 1.5335532398224134)
      case .tanh: (1.5925374197228314, 1.5937334472592695, 1.5925386426301729)
      case .softplus: (1.0418668355353017, 1.0426436590527184, 1.041873721831583)
      case .relu: (1.4142135623730951, 1.4163393446331365, 1.4142313369321389)
      case .sigmoid: (1.8462285453386054, 1.8467055342154763, 1.846229176566333)
      case .elu: (1.2451983007007066, 1.2467863885570512, 1.2452107705922928)
      }
    return switch normalization {
    case .none: 1
    case .secondMoment: exact
    case .e3nn: e3nn
    case .e3nnJAX: jax
    }
  }

  /// The function times its factor.
  func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ normalization: ActivationNormalization) -> Tensor<Scalar> {
    let factor = factor(normalization)
    return factor == 1 ? self(x) : self(x) * Scalar(factor)
  }

  /// The parity of φ(x) for x of a parity; traps for an odd x where φ is neither even nor odd.
  func parity(ofValueAt input: Parity) -> Parity {
    if input == .even { return .even }
    guard let parity else { fatalError("expected an even or odd activation for odd features, received \(self)") }
    return parity
  }
}
