import DifferentiableTensors
import Requirements

extension TensorProduct {
  /// Weights [..., weightCount] from e3nn's flat order: instructions in order, each [u, v, w], [u, v], [u, w] or [u].
  public func weights(e3nn weights: Tensor<Scalar>) -> Tensor<Scalar> { turned(weights, fromE3NN: true) }

  /// Weights [..., weightCount] in e3nn's flat order.
  public func e3nnWeights(_ weights: Tensor<Scalar>) -> Tensor<Scalar> { turned(weights, fromE3NN: false) }

  /// The product's own weights in e3nn's flat order (its parameter `weight`).
  public var e3nnWeight: Tensor<Scalar> {
    get { e3nnWeights(weight ?? Tensor([])) }
    set { weight = weights(e3nn: newValue) }
  }

  /// Only "uvu" differs: its weights are [v, u] here, so that those of all channels of the first input lie together.
  private func turned(_ weights: Tensor<Scalar>, fromE3NN: Bool) -> Tensor<Scalar> {
    require(
      weights.rank >= 1 && weights.shape[-1] == weightCount, "weights [..., \(weightCount)] are expected, received \(weights.shape)")
    let outer = weights.shape.dimensions.dropLast()
    let parts = zip(instructions, weightRanges).filter { !$1.isEmpty }.map { instruction, range -> Tensor<Scalar> in
      let part = weights.sliced(axis: -1, range)
      guard instruction.connection == .uvu else { return part }
      let (u, v) = (first.terms[instruction.first].multiplicity, second.terms[instruction.second].multiplicity)
      let shape = fromE3NN ? [u, v] : [v, u]
      return part.reshaped(to: Shape(outer + shape)).transposed().reshaped(to: part.shape)
    }
    return parts.isEmpty ? weights : .concatenated(parts)
  }
}
