import RealModule
import Testing

@testable import GroupTheory

@Suite struct SphericalQuadratureLebedevTests {
  /// Points of each rule, as published.
  static let counts = [
    3: 6, 5: 14, 7: 26, 9: 38, 11: 50, 13: 74, 15: 86, 17: 110, 19: 146, 21: 170, 23: 194, 25: 230, 27: 266, 29: 302, 31: 350, 35: 434,
    41: 590, 47: 770, 53: 974, 59: 1202, 65: 1454, 71: 1730, 77: 2030, 83: 2354, 89: 2702, 95: 3074, 101: 3470, 107: 3890, 113: 4334,
    119: 4802, 125: 5294, 131: 5810,
  ]

  /// Each rule is exact to its degree t, and not to the next even one (odd degrees vanish by symmetry).
  @Test(arguments: SphericalQuadrature.lebedevDegrees) func exactness(degree: Int) {
    let rule = SphericalQuadrature.lebedev(degree: degree)
    #expect(rule.exactnessDegree == degree && rule.points.count == Self.counts[degree])
    #expect(rule.measuredExactnessDegree(upTo: degree + 2, tolerance: 1e-14) == degree)
    #expect(rule.points.allSatisfy { abs(($0 * $0).sum() - 1) < 4e-16 })
    #expect(rule.hasNegativeWeights == [13, 25, 27].contains(degree))
  }

  /// The weights of degree 3 are 1/6; of degree 7 they are 1/21, 4/105, 9/280 (McLaren, 1963).
  @Test func knownWeights() {
    #expect(SphericalQuadrature.lebedev(degree: 0).weights == Array(repeating: 1.0 / 6, count: 6))
    let weights = SphericalQuadrature.lebedev(degree: 7).weights
    for (count, weight) in [(6, 1.0 / 21), (12, 4.0 / 105), (8, 9.0 / 280)] {
      #expect(weights.count { abs($0 - weight) < 1e-16 } == count)
    }
  }

  @Test func degreesInBetweenTakeTheNextRule() {
    #expect(SphericalQuadrature.lebedev(degree: 32).exactnessDegree == 35 && SphericalQuadrature.lebedevDegrees.count == 32)
  }
}
