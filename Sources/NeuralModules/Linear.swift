import DifferentiableTensors

/// y = x Wᵀ + b over the innermost axis: x [..., in] to y [..., out]; `weight` [out, in], `bias` [out]. Layout and names as in PyTorch.
public struct Linear<Scalar: TensorScalar>: Layer {
  /// [out, in]
  public var weight: Tensor<Scalar>
  /// [out], or none
  public var bias: Tensor<Scalar>?

  /// Weights and biases uniform in ±1/√in unless `initializer` says otherwise for the weights.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .torchLinear,
    using generator: inout some RandomNumberGenerator
  ) {
    weight = initializer([outputs, inputs], using: &generator)
    self.bias = bias ? Initializer.torchLinear([outputs], inputs: inputs, using: &generator) : nil
  }

  /// The affine map.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { Tensor.linear(x, weight: weight, bias: bias) }
  /// weight, bias
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
  }
}
