import DifferentiableTensors
import NeuralModules

/// A residual block of a depthwise convolution and an MLP at each point (Liu et al. 2022, "A ConvNet for the 2020s"; Bekkers et al. 2024):
/// x + s ⊙ linear₂(gelu(linear₁(norm(conv(x))))), where s, if present, is a factor for each channel.
public struct ConvNeXtBlock<Scalar: TensorScalar>: Module {
  /// The depthwise convolution.
  public var convolution: PositionOrientationConvolution<Scalar>
  /// The normalisation over the channels.
  public var norm: LayerNorm<Scalar>
  /// The linear layer to `widening` times as many channels.
  public var first: Linear<Scalar>
  /// The linear layer back.
  public var second: Linear<Scalar>
  /// s, [channels].
  public var layerScale: Tensor<Scalar>?

  /// - Parameters:
  ///   - channels: the channels of input and output.
  ///   - basis: the number of functions on pairs of positions.
  ///   - fiberBasis: the number of functions on pairs of orientations; nil for a convolution that is not separable.
  ///   - widening: the factor by which the MLP widens.
  ///   - layerScale: the first value of s; nil for no factor.
  ///   - generator: the source of the initial values.
  public init(
    channels: Int, basis: Int, fiberBasis: Int?, widening: Int = 4, layerScale: Double? = nil,
    using generator: inout some RandomNumberGenerator
  ) {
    convolution = PositionOrientationConvolution(channels: channels, basis: basis, fiberBasis: fiberBasis, using: &generator)
    norm = LayerNorm(channels)
    first = Linear(channels, widening * channels, using: &generator)
    second = Linear(widening * channels, channels, using: &generator)
    self.layerScale = layerScale.map { Tensor(repeating: Scalar($0), shape: [channels]) }
  }

  /// The block's value at x [nodes, n, channels].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    completed(x, convolution(x, kernels), kernels)
  }

  /// The value with the present kernels, which are calibrated afterwards (``PositionOrientationConvolution/calibrate(on:_:)``).
  public mutating func calibrate(on x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    completed(x, convolution.calibrate(on: x, kernels), kernels)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func completed(_ x: Tensor<Scalar>, _ convolved: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    // Scale and shift of the norm, and the factor of the result, as part of the weights.
    let (weight, bias) = (first.weight * norm.weight, Tensor.linear(norm.bias, weight: first.weight, bias: first.bias))
    let (back, shift) = layerScale.map { (second.weight * $0.reshaped(-1, 1), second.bias! * $0) } ?? (second.weight, second.bias!)
    func network(plus x: Tensor<Scalar>?) -> Tensor<Scalar> {
      .feedForward(convolved, weights: (weight, back), biases: (bias, shift), epsilon: norm.epsilon, plus: x)
    }
    guard let projection = kernels.projection else { return network(plus: x) }
    return x + .matmul(projection, network(plus: nil))
  }

  /// Visits conv, norm, linear_1, linear_2 and layer_scale.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("conv", &convolution)
    visitor("norm", &norm)
    visitor("linear_1", &first)
    visitor("linear_2", &second)
    visitor("layer_scale", &layerScale)
  }
}
