import DifferentiableTensors

/// Layer normalisation (x - mean) / √(variance + ε) weight + bias over the innermost axis (Ba et al. 2016), with `weight` and `bias`
/// [width].
public struct LayerNorm<Scalar: TensorScalar>: Layer {
  /// The scale, [width]; initially 1.
  public var weight: Tensor<Scalar>
  /// The shift, [width]; initially 0.
  public var bias: Tensor<Scalar>
  /// The number ε that is added to the variance.
  public let epsilon: Scalar

  /// A normalisation of inputs [..., width].
  public init(_ width: Int, epsilon: Scalar = 1e-5) {
    weight = .ones([width])
    bias = .zeros([width])
    self.epsilon = epsilon
  }
  /// The normalised input.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.standardized(epsilon: epsilon) * weight + bias }
  /// Visits weight and bias.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
  }
}
