import DifferentiableTensors
import Requirements

extension Tensor {
  /// The tensor with each element set to zero with a probability in 0 ..< 1, and divided by 1 − probability otherwise, as in training
  /// (Srivastava et al. 2014).
  public func dropped(_ probability: Double, using generator: inout some RandomNumberGenerator) -> Tensor {
    require(0 <= probability && probability < 1, "a probability of at least 0 and less than 1 is expected, received \(probability)")
    if probability == 0 { return self }
    let kept = Tensor.uniform(shape, using: &generator) .>= Tensor(Scalar(probability))
    return self * (kept * Scalar(1 / (1 - probability)))
  }
}
