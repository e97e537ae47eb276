import RealModule
import Testing

@testable import GroupTheory

@Suite struct SphericalQuadratureTests {
  /// Means of monomials, known in closed form: x⁴ has 1/5, x²y² 1/15, x²y²z² 1/105.
  @Test(arguments: [SphericalQuadrature.lebedev(degree: 7), .gaussLegendre(degree: 6), .design(degree: 7)])
  func monomials(rule: SphericalQuadrature) {
    #expect(abs(rule.mean { _ in 1 } - 1) < 1e-15)
    #expect(abs(rule.mean { $0.x * $0.x * $0.x * $0.x } - 1.0 / 5) < 1e-15)
    #expect(abs(rule.mean { $0.x * $0.x * $0.y * $0.y } - 1.0 / 15) < 1e-15)
    #expect(abs(rule.mean { $0.x * $0.x * $0.y * $0.y * $0.z * $0.z } - 1.0 / 105) < 1e-15)
    #expect(abs(rule.mean { $0.x * $0.y * $0.z }) < 1e-15)
    #expect(abs(rule.integral { $0.z * $0.z } - 4 * .pi / 3) < 1e-14)
  }

  /// The measure by a few directions agrees with the moments of all harmonics.
  @Test(arguments: [SphericalQuadrature.lebedev(degree: 17), .gaussLegendre(degree: 8), .design(degree: 9), .polyhedron(.tetrahedron)])
  func measureAgreesWithAllHarmonics(rule: SphericalQuadrature) {
    let limit = rule.exactnessDegree + 2
    let harmonics = SphericalHarmonics(degrees: 0...limit, normalization: .component)
    var moments = [Double](repeating: 0, count: (limit + 1) * (limit + 1))
    for (point, weight) in zip(rule.points, rule.weights) {
      for (i, value) in harmonics(point).enumerated() { moments[i] += weight * value }
    }
    moments[0] -= 1
    let norms = (0...limit).map { l in moments[l * l..<(l + 1) * (l + 1)].reduce(0) { max($0, abs($1)) } }
    #expect(rule.measuredExactnessDegree(upTo: limit) == norms.firstIndex { $0 > 1e-13 }! - 1)
    #expect(norms[...rule.exactnessDegree].max()! < 1e-14)
  }

  /// ∫ of three harmonics by quadrature is the Gaunt coefficient, and the mean of three of component norm the link of CONVENTIONS.
  @Test func gauntByQuadrature() {
    let rule = SphericalQuadrature.gaussLegendre(degree: 12)
    let harmonics = SphericalHarmonics(degrees: 0...4, normalization: .component)
    let values = rule.points.map { harmonics($0) }
    for (l1, l2, l3) in [(1, 1, 2), (2, 2, 2), (3, 4, 3), (4, 4, 4), (1, 2, 2)] {
      let (gaunt, wigner3j) = (CouplingCoefficients.gaunt(l1, l2, l3), CouplingCoefficients.wigner3j(l1, l2, l3))
      let scale =
        Double((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)).squareRoot() * abs(Wigner3j(l1, l2, l3, 0, 0, 0).value)
      for m1 in -l1...l1 {
        for m2 in -l2...l2 {
          for m3 in -l3...l3 {
            let (i, j, k) = (l1 * l1 + l1 + m1, l2 * l2 + l2 + m2, l3 * l3 + l3 + m3)
            var mean = 0.0
            for (y, weight) in zip(values, rule.weights) { mean += weight * y[i] * y[j] * y[k] }
            #expect(abs(mean - scale * wigner3j[m1, m2, m3]) < 2e-14)
            #expect(abs(mean / Double.sqrt(4 * .pi) - gaunt[m1, m2, m3]) < 1e-14)
          }
        }
      }
    }
  }

  /// A rule with one weight or one point changed is not exact any more.
  @Test func brokenRulesAreRejected() {
    let rule = SphericalQuadrature.lebedev(degree: 11)
    var weights = rule.weights
    weights[3] += 1e-9
    #expect(SphericalQuadrature(points: rule.points, weights: weights, exactnessDegree: 11).measuredExactnessDegree(upTo: 11) == -1)
    weights[4] -= 1e-9
    #expect(SphericalQuadrature(points: rule.points, weights: weights, exactnessDegree: 11).measuredExactnessDegree(upTo: 11) == 0)
    var points = rule.points
    points[40] = Rotation3(axis: SIMD3(1, 2, 0), angle: 1e-6) * points[40]
    #expect(SphericalQuadrature(points: points, weights: rule.weights, exactnessDegree: 11).measuredExactnessDegree(upTo: 11) == 0)
    weights[4] = .nan
    #expect(SphericalQuadrature(points: points, weights: weights, exactnessDegree: 11).measuredExactnessDegree(upTo: 11) == -1)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = SphericalQuadrature(points: [], weights: [], exactnessDegree: 0) }
    await #expect(processExitsWith: .failure) {
      _ = SphericalQuadrature(points: [SIMD3(.nan, 0, 0)], weights: [1], exactnessDegree: 0)
    }
    await #expect(processExitsWith: .failure) { _ = SphericalQuadrature.lebedev(degree: 132) }
    await #expect(processExitsWith: .failure) { _ = SphericalQuadrature.design(degree: 22) }
  }
}
