import DifferentiableTensors

/// Elementwise activation functions, which configurations name.
public enum Activation: String, Sendable, CaseIterable, Codable {
  /// x
  case identity
  /// x / (1 + e^-x)
  case silu
  /// x Φ(x) with the exact normal distribution function Φ, by erf
  case gelu
  /// tanh x
  case tanh
  /// log(1 + e^x)
  case softplus
  /// max(x, 0)
  case relu
  /// 1 / (1 + e^-x)
  case sigmoid
  /// |x|
  case absolute
  /// x for x > 0, and e^x - 1 otherwise
  case elu

  /// The function's value.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .identity: x
    case .silu: x.silu()
    case .gelu: x.gelu()
    case .tanh: x.tanh()
    case .softplus: x.softplus()
    case .relu: x.relu()
    case .sigmoid: x.sigmoid()
    case .absolute: x.absolute()
    case .elu: x.elu()
    }
  }
}
