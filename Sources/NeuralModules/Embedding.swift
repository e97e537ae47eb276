import DifferentiableTensors

/// A trained vector for each of a number of classes: `weight` [classes, width], initially standard normal as in PyTorch.
public struct Embedding<Scalar: TensorScalar>: Layer {
  /// The vector of each class, [classes, width].
  public var weight: Tensor<Scalar>

  /// An embedding of the class numbers 0 ..< classes.
  public init(_ classes: Int, _ width: Int, using generator: inout some RandomNumberGenerator) {
    weight = .normal([classes, width], using: &generator)
  }
  /// The vectors of the given classes: [count, width].
  public func callAsFunction(_ classes: RowIndex) -> Tensor<Scalar> { weight.gathered(classes) }
  /// Visits weight.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weight", &weight) }
}
