import DifferentiableTensors
import Requirements

/// The mean of the squared differences over all elements, as PyTorch's `MSELoss`.
public func meanSquaredError<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Scalar> {
  require(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  return (prediction - target).squared().mean()
}

/// The mean of the absolute differences over all elements.
public func meanAbsoluteError<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Scalar> {
  require(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  return (prediction - target).absolute().mean()
}

/// The mean of d² / 2 where |d| <= delta and delta (|d| - delta / 2) elsewhere.
public func huberLoss<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, delta: Scalar = 1) -> Tensor<Scalar> {
  require(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  let d = prediction - target
  let inner = d.clamped(-delta, delta)
  return (inner * (d - inner * 0.5)).mean()
}

/// The mean of 1 − (n · n̂)² over rows [..., d]: the squared sine of the angle between the lines of the prediction and of a unit vector,
/// which does not depend on the orientation of either. A prediction of length 0 counts as perpendicular.
public func unorientedLoss<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Scalar> {
  require(prediction.shape == target.shape, "a target of shape \(prediction.shape) is expected, received \(target.shape)")
  return 1 - Tensor.rowDot(prediction.normalized(), target).squared().mean()
}

/// The mean of −log softmax(logits)[label] over rows [..., classes], with one label for each row, as PyTorch's `CrossEntropyLoss`.
public func crossEntropy<Scalar: TensorScalar>(_ logits: Tensor<Scalar>, _ labels: [Int]) -> Tensor<Scalar> {
  let classes = logits.rank > 0 ? logits.shape[-1] : 0
  require(
    logits.count == labels.count * classes && labels.allSatisfy { 0..<classes ~= $0 },
    "one label in 0 ..< \(classes) for each row of \(logits.shape) is expected, received \(labels.count): \(Set(labels).sorted())")
  var chosen = [Scalar](repeating: 0, count: logits.count)
  for (row, label) in labels.enumerated() { chosen[row * classes + label] = -1 / Scalar(max(1, labels.count)) }
  return (logits.logSoftmax() * Tensor(chosen, shape: logits.shape)).sum()
}
