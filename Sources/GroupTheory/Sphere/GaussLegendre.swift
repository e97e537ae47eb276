import RealModule
import Requirements

/// The Gauss-Legendre rule of n nodes: ∫₋₁¹ f(x) dx = Σ wᵢ f(xᵢ) exactly for polynomials of degree up to 2n − 1.
///
/// Nodes are found as polar angles, xᵢ = cos θᵢ, by Newton's method in θ. Cosines, sines and weights are accurate to a few ulp each,
/// including those next to the ends.
public struct GaussLegendre: Sendable {
  /// The polar angles θᵢ in (0, π), ascending.
  public let angles: [Double]
  /// xᵢ = cos θᵢ, descending.
  public let cosines: [Double]
  /// sin θᵢ.
  public let sines: [Double]
  /// The weights wᵢ; their sum is 2.
  public let weights: [Double]

  /// The rule of `count` nodes.
  public init(count n: Int) {
    require(n >= 1, "expected at least 1 node, received \(n)")
    var angles = [Double](repeating: .pi / 2, count: n)
    var (cosines, sines) = ([Double](repeating: 0, count: n), [Double](repeating: 1, count: n))
    var weights = [Double](repeating: 0, count: n)
    for i in 0..<(n + 1) / 2 {
      let isMiddle = 2 * i + 1 == n
      // Tricomi's estimate, of error O(n⁻⁴).
      let m = Double(n)
      let start = .pi * (4 * Double(i) + 3) / (4 * m + 2)
      var theta = isMiddle ? .pi / 2 : start + 1 / (8 * m * m * Double.tan(start))
      var slope = 0.0
      for step in 0..<10 {
        let half = Double.sin(theta / 2)
        let p = Legendre.polynomials(upTo: n, negative: false, belowOne: -2 * half * half)
        // dP_n/dθ = −n (P_{n−1} − cos θ P_n)/sin θ
        slope = -m * (p[n - 1] - Double.cos(theta) * p[n]) / Double.sin(theta)
        if isMiddle { break }
        let change = p[n] / slope
        theta -= change
        if step > 0 && change.magnitude < 1e-15 { break }
      }
      angles[i] = theta
      angles[n - 1 - i] = .pi - theta
      if !isMiddle {
        cosines[i] = Double.cos(theta)
        cosines[n - 1 - i] = -cosines[i]
        sines[i] = Double.sin(theta)
        sines[n - 1 - i] = sines[i]
      }
      weights[i] = 2 / (slope * slope)
      weights[n - 1 - i] = weights[i]
    }
    (self.angles, self.cosines, self.sines, self.weights) = (angles, cosines, sines, weights)
  }
}
