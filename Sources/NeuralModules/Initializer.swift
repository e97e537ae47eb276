import DifferentiableTensors

/// How the initial values of a weight [out, in] are drawn.
public enum Initializer: Sendable {
  /// All 0.
  case zeros
  /// All equal.
  case constant(Double)
  /// Normal with the given standard deviation.
  case normal(standardDeviation: Double)
  /// Uniform in ±1/√in, as PyTorch initialises the weights and biases of linear layers.
  case torchLinear
  /// Uniform in ±gain √(6 / (in + out)) (Glorot and Bengio 2010).
  case xavierUniform(gain: Double = 1)
  /// Normal with standard deviation gain √(2 / (in + out)).
  case xavierNormal(gain: Double = 1)
  /// Uniform in ±gain √(3 / in) (He et al. 2015); gain √2 for ReLU.
  case kaimingUniform(gain: Double = 1.4142135623730951)
  /// Normal with standard deviation gain / √in.
  case kaimingNormal(gain: Double = 1.4142135623730951)

  /// Initial values of the given shape, whose first dimension counts outputs and whose last dimension counts inputs.
  public func callAsFunction<Scalar: TensorScalar>(
    _ shape: Shape, inputs: Int? = nil, using generator: inout some RandomNumberGenerator
  ) -> Tensor<Scalar> {
    let fanIn = Double(max(1, inputs ?? (shape.rank > 0 ? shape[-1] : 1)))
    let fanOut = Double(max(1, shape.rank > 0 ? shape[0] : 1))
    switch self {
    case .zeros: return .zeros(shape)
    case .constant(let value): return Tensor(repeating: Scalar(value), shape: shape)
    case .normal(let s): return .normal(shape, standardDeviation: s, using: &generator)
    case .torchLinear: return uniform(1 / fanIn.squareRoot())
    case .xavierUniform(let gain): return uniform(gain * (6 / (fanIn + fanOut)).squareRoot())
    case .xavierNormal(let gain): return .normal(shape, standardDeviation: gain * (2 / (fanIn + fanOut)).squareRoot(), using: &generator)
    case .kaimingUniform(let gain): return uniform(gain * (3 / fanIn).squareRoot())
    case .kaimingNormal(let gain): return .normal(shape, standardDeviation: gain / fanIn.squareRoot(), using: &generator)
    }
    func uniform(_ bound: Double) -> Tensor<Scalar> { .uniform(shape, in: -bound..<bound, using: &generator) }
  }
}
