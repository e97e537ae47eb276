import Equivariant

/// Hotelling's statistic T² = q D̄ᵀ (S + ε 1)⁻¹ D̄ of q differences [q, d], with S their covariance (with q − 1): how far their mean is from 0.
///
/// The differences of two exactly invariant outputs do not scatter: S = 0, and ε (1e-7 in BREC's code for such networks) keeps T² finite.
func hotelling(_ x: Tensor<Double>, epsilon: Double = 1e-7) -> Double {
  let (q, d) = (x.shape[0], x.shape[1])
  let mean = x.mean(axis: 0, keepingDimensions: true)
  let centered = x - mean
  let covariance = Tensor.matmul(centered, centered, transposingFirst: true) * (1 / Double(q - 1))
  let (values, vectors) = covariance.symmetricEigen()
  let coordinates = Tensor.matmul(mean, vectors).elements
  return (0..<d).reduce(0) { $0 + Double(q) * coordinates[$1] * coordinates[$1] / (max(values[$1], 0) + epsilon) }
}
