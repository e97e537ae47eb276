import Requirements

/// Points on the unit sphere with weights, for means and integrals of functions on it.
///
/// The weights sum to 1: Σ wᵢ f(xᵢ) approximates the mean of f over the sphere, and 4π times it the integral. The rule is exact for all
/// polynomials in (x, y, z) of degree up to ``exactnessDegree``, to rounding.
public struct SphericalQuadrature: Sendable {
  /// The unit vectors xᵢ = (x, y, z).
  public let points: [SIMD3<Double>]
  /// The weights wᵢ, of sum 1; negative ones are possible (see ``hasNegativeWeights``).
  public let weights: [Double]
  /// The largest degree to which the rule is known to be exact; 0 where only constants are.
  public let exactnessDegree: Int

  /// The rule of the given points, which must be unit vectors, and weights. The exactness degree is taken from the caller;
  /// ``measuredExactnessDegree(upTo:tolerance:)`` checks it.
  public init(points: [SIMD3<Double>], weights: [Double], exactnessDegree: Int) {
    require(points.count == weights.count, "expected \(points.count) weights for as many points, received \(weights.count)")
    require(!points.isEmpty, "expected at least 1 point, received none")
    for point in points {
      require(abs((point * point).sum() - 1) < 1e-12, "expected unit vectors, received \(point)")
    }
    (self.points, self.weights, self.exactnessDegree) = (points, weights, exactnessDegree)
  }

  /// Equal weights 1/n.
  init(equallyWeighted points: [SIMD3<Double>], exactnessDegree: Int) {
    let weights = [Double](repeating: 1 / Double(points.count), count: points.count)
    self.init(points: points, weights: weights, exactnessDegree: exactnessDegree)
  }

  /// Whether a weight is negative, so that the mean of a positive function may come out negative and rounding is amplified.
  public var hasNegativeWeights: Bool { weights.contains { $0 < 0 } }

  /// The mean of a function over the sphere, Σ wᵢ f(xᵢ).
  public func mean(of f: (SIMD3<Double>) throws -> Double) rethrows -> Double {
    var sum = 0.0
    for (point, weight) in zip(points, weights) { sum += weight * (try f(point)) }
    return sum
  }

  /// The integral of a function over the sphere, 4π Σ wᵢ f(xᵢ).
  public func integral(of f: (SIMD3<Double>) throws -> Double) rethrows -> Double { try 4 * .pi * mean(of: f) }

  /// The largest t ≤ `limit` for which Σ wᵢ = 1 and the harmonics of all degrees 1 ... t have mean 0 within `tolerance`; −1 where not even
  /// constants are exact.
  ///
  /// For each degree l the moment f(y) = Σ wᵢ P_l(xᵢ·y) is a harmonic of degree l in y, which is zero everywhere exactly if the rule is
  /// exact at that degree. It is evaluated at four directions in general position: the work is that of points · limit, not of points ·
  /// limit².
  public func measuredExactnessDegree(upTo limit: Int, tolerance: Double = 1e-13) -> Int {
    require(limit >= 0, "expected a degree of at least 0, received \(limit)")
    // A generic turn, so that no direction lies on an element of symmetry of the common rules.
    let turn = Rotation3(axis: SIMD3(0.3717, -0.6113, 0.8071), angle: 1.2345)
    var worst = [Double](repeating: 0, count: limit + 1)
    for direction in SphericalQuadrature.fibonacci(count: 4).points.map({ turn * $0 }) {
      var moments = [Double](repeating: 0, count: limit + 1)
      moments[0] = -1
      // Kahan's corrections: the rounding of plain sums over thousands of points would hide the rule's own error.
      var corrections = moments.map { _ in 0.0 }
      for (point, weight) in zip(points, weights) {
        let cosine = min(max((point * direction).sum(), -1), 1)
        for (l, value) in Legendre.polynomials(upTo: limit, at: cosine).enumerated() {
          let term = weight * value - corrections[l]
          let sum = moments[l] + term
          corrections[l] = (sum - moments[l]) - term
          moments[l] = sum
        }
      }
      for l in 0...limit { worst[l] = max(worst[l], moments[l].isNaN ? .infinity : moments[l].magnitude) }
    }
    return (worst.firstIndex { $0 > tolerance } ?? limit + 1) - 1
  }
}
