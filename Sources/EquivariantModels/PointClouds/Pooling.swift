import DifferentiableTensors

/// How the features of the members of a set become one, whatever their order.
public enum Pooling: String, Sendable, Codable, CaseIterable {
  /// The largest of each.
  case max
  /// The mean.
  case mean
  /// The sum.
  case sum

  /// The pool of an axis, which disappears.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, axis: Int) -> Tensor<Scalar> {
    switch self {
    case .max: x.max(axis: axis)
    case .mean: x.mean(axis: axis)
    case .sum: x.sum(axis: axis)
    }
  }
}
