import DifferentiableTensors

/// Features of each graph with a share of their mean taken off and divided by what remains of their deviation, channel by channel (Cai et
/// al. 2021, "GraphNorm"): y = weight · z / √(mean(z²) + ε) + bias, z = x − shift · mean(x), with means over the rows of the graph.
///
/// With shift 1 it is instance normalisation; the trained share keeps what a graph's mean says, such as its degrees.
public struct GraphNorm<Scalar: TensorScalar>: Module {
  /// Scale, first 1.
  public var weight: Tensor<Scalar>
  /// First 0.
  public var bias: Tensor<Scalar>
  /// The share of the mean that is taken off, first 1.
  public var shift: Tensor<Scalar>
  /// Added to the mean square.
  public let epsilon: Scalar

  /// For features [rows, width].
  public init(_ width: Int, epsilon: Scalar = 1e-5) {
    (weight, bias, shift) = (.ones([width]), .zeros([width]), .ones([width]))
    self.epsilon = epsilon
  }

  /// The normalised features; `graphs` is the graph of each row.
  public func callAsFunction(_ x: Tensor<Scalar>, _ graphs: RowIndex) -> Tensor<Scalar> {
    let z = x - (x.segmentMean(graphs) * shift).gathered(graphs)
    let scale = ((z * z).segmentMean(graphs) + epsilon).power(-0.5) * weight
    return z * scale.gathered(graphs) + bias
  }

  /// weight, bias, shift
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
    visitor("shift", &shift)
  }
}
