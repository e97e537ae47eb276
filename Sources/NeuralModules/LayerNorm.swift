import DifferentiableTensors

/// (x - mean) / √(variance + ε) weight + bias over the innermost axis (Ba et al. 2016); `weight`, `bias` [width].
public struct LayerNorm<Scalar: TensorScalar>: Layer {
  /// Scale, first 1.
  public var weight: Tensor<Scalar>
  /// Shift, first 0.
  public var bias: Tensor<Scalar>
  /// Added to the variance.
  public let epsilon: Scalar

  /// For inputs [..., width].
  public init(_ width: Int, epsilon: Scalar = 1e-5) {
    weight = .ones([width])
    bias = .zeros([width])
    self.epsilon = epsilon
  }
  /// The normalised input.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.standardized(epsilon: epsilon) * weight + bias }
  /// weight, bias
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
  }
}
