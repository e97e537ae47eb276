import DifferentiableTensors

/// The mean of the squared differences over all elements, as PyTorch's `MSELoss`.
public func meanSquaredError<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Scalar> {
  precondition(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  return (prediction - target).squared().mean()
}

/// The mean of the absolute differences over all elements.
public func meanAbsoluteError<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Scalar> {
  precondition(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  return (prediction - target).absolute().mean()
}

/// The mean of d² / 2 where |d| <= delta and delta (|d| - delta / 2) elsewhere.
public func huberLoss<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, delta: Scalar = 1) -> Tensor<Scalar> {
  precondition(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  let d = prediction - target
  let inner = d.clamped(-delta, delta)
  return (inner * (d - inner * 0.5)).mean()
}
