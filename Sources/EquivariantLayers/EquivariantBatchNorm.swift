import DifferentiableTensors
import GroupTheory
import NeuralModules

/// Batch normalisation of irreps: each channel is divided by the root of the mean of its squared norm over the batch. From channels of 0e
/// the mean is subtracted first, and a bias is added afterwards (e3nn's `BatchNorm`).
///
/// In a training pass the statistics are those of the batch, which `Module.update(with:)` takes from the pass. In evaluation they are the
/// running statistics.
public struct EquivariantBatchNorm<Scalar: TensorScalar>: ForwardPassLayer {
  /// The definition of the variance of a channel.
  public enum Normalization: Sendable {
    /// The mean of |x|² / (2l + 1).
    case component
    /// The mean of |x|².
    case norm
  }
  /// The means of the channels of 0e, and the variances of all channels.
  public typealias Statistics = BatchStatistics<Scalar>

  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// The definition of the variance of a channel.
  public let normalization: Normalization
  /// The number ε that is added to variances.
  public let epsilon: Scalar
  /// The weight of a batch in the running statistics.
  public let momentum: Scalar
  /// The factor of each channel of all terms; initially 1. Nil for a layer without parameters.
  public var weight: Tensor<Scalar>?
  /// The bias of each channel of 0e; initially 0. Nil for a layer without parameters.
  public var bias: Tensor<Scalar>?
  /// The running means of the channels of 0e; initially 0.
  public var runningMean: Tensor<Scalar>
  /// The running variances of all channels; initially 1.
  public var runningVariance: Tensor<Scalar>
  private var path: String?

  /// A batch normalisation of irreps.
  public init(
    _ irreps: Irreps<O3>, affine: Bool = true, normalization: Normalization = .component, epsilon: Scalar = 1e-5, momentum: Scalar = 0.1
  ) {
    (self.irreps, self.normalization, self.epsilon, self.momentum) = (irreps, normalization, epsilon, momentum)
    let scalars = irreps.multiplicity(of: .scalar)
    weight = affine ? .ones([irreps.irrepCount]) : nil
    bias = affine ? .zeros([scalars]) : nil
    runningMean = .zeros([scalars])
    runningVariance = .ones([irreps.irrepCount])
  }

  /// The features normalised by the statistics of the batch in a training pass, and by the running statistics otherwise. Traps unless the
  /// features have the ``irreps`` of the layer.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> IrrepsTensor<Scalar> {
    guard pass.isTraining else { return normalized(x, Statistics(mean: runningMean, variance: runningVariance)) }
    let (output, statistics) = training(x)
    pass.note(statistics, of: path, momentum: momentum)
    return output
  }

  /// Normalised by the statistics of the batch, over all axes outside of the irreps, and these statistics.
  package func training(_ x: IrrepsTensor<Scalar>) -> (output: IrrepsTensor<Scalar>, statistics: Statistics) {
    x.check(irreps: irreps)
    var means: [Tensor<Scalar>] = []
    let outer = Array(x.outerShape.indices)
    let variances = zip(x.parts, irreps.terms).map { part, term in
      var centred = part
      if term.irrep == .scalar {
        let mean = part.mean(axes: outer + [outer.count])
        means.append(mean)
        centred = part - mean
      }
      let square = centred.squared().sum(axis: -2).mean(axes: outer)
      return normalization == .norm ? square : square * (1 / Scalar(term.irrep.dimension))
    }
    let statistics = Statistics(mean: .joined(means, outerShape: []), variance: .joined(variances, outerShape: []))
    return (normalized(x, statistics), statistics)
  }

  private func normalized(_ x: IrrepsTensor<Scalar>, _ statistics: Statistics) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    let inverse = (statistics.variance + epsilon).power(-0.5)
    let scale = weight.map { inverse * $0 } ?? inverse
    var (channel, scalar) = (0, 0)
    let parts = zip(x.parts, irreps.terms).map { part, term in
      let factor = scale.sliced(axis: 0, channel..<channel + term.multiplicity)
      channel += term.multiplicity
      guard term.irrep == .scalar else { return part * factor }
      let range = scalar..<scalar + term.multiplicity
      scalar = range.upperBound
      let result = (part - statistics.mean.sliced(axis: 0, range)) * factor
      return bias.map { result + $0.sliced(axis: 0, range) } ?? result
    }
    return IrrepsTensor(parts: parts, irreps: irreps, outerShape: x.outerShape)
  }

  /// Visits weight, bias, and the buffers running_mean and running_var, which are named as in e3nn.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    path = visitor.path
    visitor("weight", &weight)
    visitor("bias", &bias)
    visitor.buffer("running_mean", &runningMean)
    visitor.buffer("running_var", &runningVariance)
  }
}
