import DifferentiableTensors

/// The affine map y = x Wᵀ + b over the innermost axis, from x [..., in] to y [..., out], with `weight` [out, in] and `bias` [out]. Layout
/// and names are those of PyTorch.
public struct Linear<Scalar: TensorScalar>: Layer {
  /// The matrix W, [out, in].
  public var weight: Tensor<Scalar>
  /// The vector b, [out]; nil for a linear map.
  public var bias: Tensor<Scalar>?

  /// A map with initial weights from `initializer`, by default uniform in ±1/√in, and biases uniform in ±1/√in.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .torchLinear,
    using generator: inout some RandomNumberGenerator
  ) {
    weight = initializer([outputs, inputs], using: &generator)
    self.bias = bias ? Initializer.torchLinear([outputs], inputs: inputs, using: &generator) : nil
  }

  /// The value of the affine map at x [..., in].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { Tensor.linear(x, weight: weight, bias: bias) }
  /// Visits weight and bias.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
  }
}
