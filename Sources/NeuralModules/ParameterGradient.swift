import DifferentiableTensors

/// One tensor for each trained tensor of a module, in the order of its traversal: a gradient, or the state of an optimizer.
public struct ParameterGradient<Scalar: TensorScalar>: Sendable {
  /// In the order of the module's traversal.
  public var tensors: [Tensor<Scalar>]
  /// From tensors in traversal order.
  public init(_ tensors: [Tensor<Scalar>]) { self.tensors = tensors }

  /// The Euclidean norm of all entries together.
  public var norm: Scalar {
    tensors.reduce(Scalar(0)) { sum, t in sum + (t.detached * t.detached).sum().item }.squareRoot()
  }
  /// Every entry times a number.
  public func scaled(by factor: Scalar) -> ParameterGradient { ParameterGradient(tensors.map { $0 * factor }) }
}

/// The value of a function of a module, and its gradient with respect to the module's parameters.
///
/// The module that `body` is given has variables for parameters; inputs that `body` captures are constants.
public func valueWithGradient<M: Module>(
  at module: M, _ body: (M) -> Tensor<M.Scalar>
) -> (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>) {
  var tracked = module
  var variables: [Tensor<M.Scalar>] = []
  tracked.forEachTensor { _, role, tensor in
    if role == .parameter {
      tensor = tensor.asVariable()
      variables.append(tensor)
    }
  }
  let value = body(tracked)
  let gradients = gradient(of: value, withRespectTo: variables)
  return (value.detached, ParameterGradient(gradients))
}
