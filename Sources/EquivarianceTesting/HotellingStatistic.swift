import DifferentiableTensors
import Requirements

/// Hotelling's statistic T² = q D̄ᵀ (S + ε 1)⁻¹ D̄ of q paired differences [q, d] with mean D̄ and covariance S, which has the divisor q − 1: how
/// far the mean is from 0, measured by the scatter of the differences (Hotelling 1931).
///
/// It tells whether a network has different outputs for two objects of which each is given in q ways, such as two graphs under q numberings of
/// their nodes. If the outputs are exactly invariant, the differences do not scatter and S = 0: ε keeps T² finite then. BREC's code takes
/// 1e-7 for such networks (Wang and Zhang 2024). Directions in which S is negative by rounding count as S = 0.
///
/// Traps unless `differences` is [q, d] with q at least 2.
public func hotellingStatistic(_ differences: Tensor<Double>, epsilon: Double = 1e-7) -> Double {
  require(
    differences.rank == 2 && differences.shape[0] > 1, "at least 2 differences [q, d] are expected, received \(differences.shape)")
  let (q, d) = (differences.shape[0], differences.shape[1])
  let mean = differences.mean(axis: 0, keepingDimensions: true)
  let centered = differences - mean
  let covariance = Tensor.matmul(centered, centered, transposingFirst: true) * (1 / Double(q - 1))
  let (values, vectors) = covariance.symmetricEigen()
  let coordinates = Tensor.matmul(mean, vectors).elements
  return (0..<d).reduce(0) { $0 + Double(q) * coordinates[$1] * coordinates[$1] / (max(values[$1], 0) + epsilon) }
}
