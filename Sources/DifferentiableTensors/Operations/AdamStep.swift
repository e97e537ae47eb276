import CKernels
import Requirements

extension Tensor {
  /// Makes this tensor's memory its own, by copying it where another tensor shares it.
  @inline(__always) mutating func own() {
    if !isKnownUniquelyReferenced(&storage) || node != nil {
      let fresh = Storage<Scalar>(count: count)
      copy(pointer, to: fresh.pointer, count: count)
      self = Tensor(storage: fresh, shape: shape)
    }
  }

  /// One step of Adam on this parameter θ, in place, for the gradient g (times `scale`, plus `l2` θ):
  /// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², θ ← θ - rate (correction1 m / (√(correction2 v) + ε) + decay θ).
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func adamStep(
    gradient: Tensor, mean: inout Tensor, square: inout Tensor, scale: Double, rate: Double, beta1: Double, beta2: Double, epsilon: Double,
    correction1: Double, correction2: Double, decay: Double, l2: Double
  ) {
    require(
      gradient.shape == shape && mean.shape == shape && square.shape == shape,
      "gradient, mean and square of shape \(shape) are expected, received \(gradient.shape), \(mean.shape) and \(square.shape)")
    own()
    mean.own()
    square.own()
    ck_adam(
      Scalar.kernelType, count, pointer, gradient.pointer, mean.pointer, square.pointer, scale, rate, beta1, beta2, epsilon, correction1,
      correction2, decay, l2)
  }
}

extension Tensor {
  /// t ← d t + (1 - d) x, in place: one step of a running average.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func average(with x: Tensor, decay d: Scalar) {
    require(x.shape == shape, "a tensor of shape \(shape) is expected, received \(x.shape)")
    own()
    nonisolated(unsafe) let (average, newest) = (pointer, x.pointer)
    Threads.split(count, grain: 16384) { start, n in
      ck_average(Scalar.kernelType, n, average + start, newest + start, Double(d))
    }
  }
}
