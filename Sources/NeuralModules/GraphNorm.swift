import DifferentiableTensors

/// Normalisation of the features of each graph, channel by channel: a share of their mean is subtracted, and the rest is divided by its
/// root mean square (Cai et al. 2021, "GraphNorm"): y = weight · z / √(mean(z²) + ε) + bias, z = x − shift · mean(x), with means over the
/// rows of the graph.
///
/// With shift 1 this is instance normalisation. The trained share preserves what the mean says about a graph, such as its degrees.
public struct GraphNorm<Scalar: TensorScalar>: Module {
  /// The scale of each channel, [width]; initially 1.
  public var weight: Tensor<Scalar>
  /// The bias of each channel, [width]; initially 0.
  public var bias: Tensor<Scalar>
  /// The share of the mean that is subtracted, [width]; initially 1.
  public var shift: Tensor<Scalar>
  /// The number ε that is added to the mean square.
  public let epsilon: Scalar

  /// A normalisation of features [rows, width].
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

  /// Visits weight, bias and shift.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
    visitor("shift", &shift)
  }
}
