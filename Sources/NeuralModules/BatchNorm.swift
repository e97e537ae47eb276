import DifferentiableTensors
import Requirements

/// (x - mean) / √(variance + ε) weight + bias for each channel, the innermost axis (Ioffe and Szegedy 2015; PyTorch's `BatchNorm1d`).
///
/// In training, the mean and the variance are those of the batch, over all axes but the innermost. In evaluation they are running averages,
/// which are kept as buffers. Since a module is a value, the statistics of a batch are kept in the ``ForwardPass`` until
/// ``Module/update(with:)`` reads them there.
public struct BatchNorm<Scalar: TensorScalar>: ForwardPassLayer {
  /// The scale of each channel, [width]; initially 1.
  public var weight: Tensor<Scalar>
  /// The shift of each channel, [width]; initially 0.
  public var bias: Tensor<Scalar>
  /// The running mean of each channel, [width]; initially 0.
  public var runningMean: Tensor<Scalar>
  /// The running variance of each channel, [width]; initially 1.
  public var runningVariance: Tensor<Scalar>
  /// The number ε that is added to variances.
  public let epsilon: Scalar
  /// The weight of a batch in the running statistics.
  public let momentum: Scalar
  private var path: String?

  /// A normalisation of inputs [..., width].
  public init(_ width: Int, epsilon: Scalar = 1e-5, momentum: Scalar = 0.1) {
    weight = .ones([width])
    bias = .zeros([width])
    runningMean = .zeros([width])
    runningVariance = .ones([width])
    (self.epsilon, self.momentum) = (epsilon, momentum)
  }

  /// The input normalised by the statistics of the batch in training, and by the running statistics in evaluation.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    guard pass.isTraining else {
      check(x)
      let scale = weight * (runningVariance + epsilon).power(-0.5)
      return x * scale + (bias - runningMean * scale)
    }
    let (output, statistics) = training(x)
    pass.note(statistics, of: path, momentum: momentum)
    return output
  }

  /// Normalised by the statistics of the batch, and these: the variance is that of the normalisation times n / (n - 1), as PyTorch keeps it.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  package func training(_ x: Tensor<Scalar>) -> (output: Tensor<Scalar>, statistics: BatchStatistics<Scalar>) {
    check(x)
    let rows = x.count / weight.count
    require(rows > 1, "at least two rows are expected in training, received shape \(x.shape)")
    let (standard, mean, variance) = x.reshaped(rows, weight.count).standardizedOverRows(epsilon: epsilon)
    let unbiased = variance * (Scalar(rows) / Scalar(rows - 1))
    return ((standard * weight + bias).reshaped(to: x.shape), BatchStatistics(mean: mean, variance: unbiased))
  }

  private func check(_ x: Tensor<Scalar>) {
    require(x.rank > 1 && x.shape[-1] == weight.count, "an input [..., \(weight.count)] is expected, received \(x.shape)")
  }

  /// Visits weight, bias, and the buffers running_mean and running_var.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    path = visitor.path
    visitor("weight", &weight)
    visitor("bias", &bias)
    visitor.buffer("running_mean", &runningMean)
    visitor.buffer("running_var", &runningVariance)
  }
}

extension Tensor {
  /// (x - mean) / √(variance + ε) of each column of [rows, width], and mean and variance outside any graph. One operation: the elementary
  /// ones would pass over the batch three times as often in their derivative.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  fileprivate func standardizedOverRows(epsilon: Scalar) -> (value: Tensor, mean: Tensor, variance: Tensor) {
    let (value, inverse, mean, variance) = withoutRecording {
      let mean = self.mean(axis: 0)
      let centred = self - mean
      let variance = centred.squared().mean(axis: 0)
      let inverse = (variance + epsilon).power(-0.5)
      return (centred * inverse, inverse, mean, variance)
    }
    let result = Tensor.operation([self], value: value) { y, g in
      // A derivative of the derivative needs 1 / √(variance + ε) as a function of x.
      let factor = isRecording ? (self.variance(axis: 0) + epsilon).power(-0.5) : inverse
      return [(g - g.mean(axis: 0) - y * (g * y).mean(axis: 0)) * factor]
    }
    return (result, mean, variance)
  }
}
