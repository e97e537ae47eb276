import DifferentiableTensors
import NeuralModules
import Requirements

/// A depthwise convolution on positions and orientations (Bekkers et al. 2024, section 3.2).
///
/// On n orientations that all nodes share it is separable, first over positions and then over orientations,
///
/// x₁[i, o, c] = Σ_{j ∈ N(i)} (W b(r_ij, o))_c x[j, o, c],  y[i, p, c] = Σ_o w_o (W′ b′(p, o))_c x₁[i, o, c] + bias_c,
///
/// with quadrature weights w_o of sum 1. On nodes that each have one position (and orientation) it is not separable and consists of the
/// first step alone; its basis may then depend on both orientations of a pair.
public struct PositionOrientationConvolution<Scalar: TensorScalar>: Module {
  /// W, [channels, basis].
  public var kernel: Linear<Scalar>
  /// W′, [channels, basis′]; nil where the convolution is not separable.
  public var fiberKernel: Linear<Scalar>?
  /// The bias, [channels].
  public var bias: Tensor<Scalar>

  /// - Parameters:
  ///   - channels: the number of channels c.
  ///   - basis: the number of functions on pairs of positions.
  ///   - fiberBasis: the number of functions on pairs of orientations; nil for a convolution that is not separable.
  ///   - generator: the source of the initial values, as in PyTorch's linear layers; the bias is 0.
  public init(channels: Int, basis: Int, fiberBasis: Int?, using generator: inout some RandomNumberGenerator) {
    kernel = Linear(basis, channels, bias: false, using: &generator)
    fiberKernel = fiberBasis.map { Linear($0, channels, bias: false, using: &generator) }
    bias = .zeros([channels])
  }

  /// The convolution of x [nodes, n, channels], of the same shape.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    fiber(spatial(x, kernels), kernels) + bias
  }

  /// The convolution, whose kernels are afterwards scaled as the authors scale them at the first batch: W by std(x)/std(x₁) and W′ by
  /// std(x₁)/std(x₂), with x₂ before the bias. A kernel stays as it is where its ratio is 0, infinite or not a number, as for features that
  /// do not vary. The value is that of the kernels before scaling, as in their code.
  public mutating func calibrate(on x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    let first = spatial(x, kernels)
    let second = fiber(first, kernels)
    let result = second + bias
    func deviation(_ t: Tensor<Scalar>) -> Scalar { t.detached.reshaped(t.count).variance(axis: 0).item.squareRoot() }
    let deviations = [x, first, second].map(deviation)
    let ratios = [deviations[0] / deviations[1], deviations[1] / deviations[2]].map { $0 > 0 && $0.isFinite ? $0 : 1 }
    kernel.weight = kernel.weight * ratios[0]
    fiberKernel?.weight *= Tensor(ratios[1])
    return result
  }

  /// x₁. The edge of a node to itself has one row of basis functions for all nodes and orientations.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func spatial(_ x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    require(
      x.rank == 3 && x.shape[1] == kernels.weights.count && x.shape[2] == bias.count,
      "features [nodes, \(kernels.weights.count), \(bias.count)] are expected, received \(x.shape)")
    return .orientationConvolution(
      basis: kernels.spatial, weight: kernel.weight, features: x, pairs: kernels.pairs, loop: kernels.loop.map { kernel($0) },
      keepsKernel: kernels.keepsKernels)
  }

  /// x₂
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func fiber(_ x: Tensor<Scalar>, _ kernels: OrientationKernels<Scalar>) -> Tensor<Scalar> {
    guard let fiberKernel, let basis = kernels.fiber else { return x }
    return .fiberConvolution(kernel: fiberKernel(basis * kernels.weights.reshaped(1, -1, 1)), features: x)
  }

  /// Visits kernel, fiber_kernel and bias.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("kernel", &kernel)
    visitor("fiber_kernel", &fiberKernel)
    visitor("bias", &bias)
  }
}
