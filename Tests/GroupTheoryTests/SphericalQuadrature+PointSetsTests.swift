import RealModule
import Testing

@testable import GroupTheory

@Suite struct SphericalQuadraturePointSetsTests {
  @Test(arguments: SphericalQuadrature.Polyhedron.allCases) func polyhedra(_ polyhedron: SphericalQuadrature.Polyhedron) {
    let rule = SphericalQuadrature.polyhedron(polyhedron)
    let counts = [SphericalQuadrature.Polyhedron.tetrahedron: 4, .octahedron: 6, .cube: 8, .icosahedron: 12, .dodecahedron: 20]
    #expect(rule.points.count == counts[polyhedron] && smallestDistance(rule.points) > 0.5)
    #expect(rule.measuredExactnessDegree(upTo: 8, tolerance: 1e-15) == rule.exactnessDegree)
  }

  @Test(arguments: Array(stride(from: 3, through: 21, by: 2))) func designs(degree: Int) {
    let rule = SphericalQuadrature.design(degree: degree)
    #expect(rule.measuredExactnessDegree(upTo: degree + 2, tolerance: 1e-15) == degree && rule.exactnessDegree == degree)
    #expect(Set(rule.weights).count == 1 && rule.points.count <= (degree * degree + degree + 8) / 2)
    // Well spread: no two points nearer than half of the distance of a triangular lattice of that density.
    #expect(smallestDistance(rule.points) > 0.5 * Double.sqrt(8 * .pi / (Double.sqrt(3) * Double(rule.points.count))))
    #expect(SphericalQuadrature.design(degree: degree - 1).points == rule.points || degree == 3)
  }

  @Test func fibonacci() {
    let rule = SphericalQuadrature.fibonacci(count: 500)
    #expect(rule.measuredExactnessDegree(upTo: 4) == 0)
    // Nearly uniform: the moments of low degrees are small, and no two points are near each other.
    #expect(rule.measuredExactnessDegree(upTo: 30, tolerance: 2e-3) >= 10)
    #expect(smallestDistance(rule.points) > 3 / Double.sqrt(500))
    #expect(SphericalQuadrature.fibonacci(count: 1).points == [SIMD3(0, 0, 1)])
  }

  @Test(arguments: [(13, 7), (6, 5), (1, 9)]) func productRules(polar: Int, azimuthal: Int) {
    let rule = SphericalQuadrature.gaussLegendre(polar: polar, azimuthal: azimuthal)
    #expect(rule.measuredExactnessDegree(upTo: 30, tolerance: 1e-14) == rule.exactnessDegree)
    #expect(rule.points.count == polar * azimuthal)
  }

  @Test(arguments: [0, 1, 2, 9, 24]) func productRulesOfADegree(degree: Int) {
    let rule = SphericalQuadrature.gaussLegendre(degree: degree)
    #expect(rule.exactnessDegree == degree && rule.measuredExactnessDegree(upTo: degree + 1, tolerance: 1e-14) == degree)
  }

  /// Six points become the octahedron and twelve the icosahedron: their designs are found.
  @Test func repulsion() {
    var generator = SplitMix64(seed: 51)
    for (count, degree) in [(6, 3), (12, 5)] {
      let rule = SphericalQuadrature.repulsion(count: count, iterations: 800, using: &generator)
      #expect(rule.measuredExactnessDegree(upTo: 7, tolerance: 1e-5) == degree)
    }
    // The least energy known for 20 charges is 150.881568334 (Thomson's problem); the same seed gives the same points.
    var (a, b) = (SplitMix64(seed: 52), SplitMix64(seed: 52))
    let points = SphericalQuadrature.repulsion(count: 20, iterations: 800, using: &a).points
    #expect(abs(repulsionEnergy(of: points).energy - 150.881568334) < 1e-8)
    #expect(points == SphericalQuadrature.repulsion(count: 20, iterations: 800, using: &b).points)
  }

  /// The gradient of the energy against differences.
  /// The least energies of 12 and of 24 points are those of the icosahedron and of the snub cube, orbits of T and of O.
  @Test func repulsionUnderGroups() {
    var generator = SplitMix64(seed: 58)
    for (group, energy) in [(PointGroup.t, 49.165253058), (.o, 223.347074052)] {
      let elements = group.elements.map { group.orthogonalElement(of: $0) }
      let rule = SphericalQuadrature.repulsion(count: group.order, under: elements, iterations: 800, using: &generator)
      #expect(abs(repulsionEnergy(of: rule.points).energy - energy) < 1e-8, "\(group)")
    }
    let flips = SphericalQuadrature.repulsion(count: 16, under: OrthogonalElement.signFlips, iterations: 3000, using: &generator).points
    for g in OrthogonalElement.signFlips { #expect(flips.allSatisfy { flips.contains(g * $0) }) }
    // A minimum among symmetric sets is a stationary point among all.
    let force = repulsionEnergy(of: flips).gradient.map { ($0 * $0).sum() }.max()!
    #expect(force < 1e-12, "\(force)")
  }

  @Test func geodesicRepulsion() {
    var (a, b) = (SplitMix64(seed: 59), SplitMix64(seed: 59))
    let points = SphericalQuadrature.geodesicRepulsion(count: 16, using: &a).points
    #expect(points == SphericalQuadrature.geodesicRepulsion(count: 16, using: &b).points)
    let start = SphericalQuadrature.repulsion(count: 16, iterations: 0, using: &b).points
    #expect(geodesicEnergy(of: points).energy < 0.8 * geodesicEnergy(of: start).energy)
    let gradient = geodesicEnergy(of: start).gradient
    func energy(_ angle: Double) -> Double {
      geodesicEnergy(of: [Rotation3(axis: SIMD3(1, 2, 3), angle: angle) * start[0]] + start[1...]).energy
    }
    let h = 1e-5
    let velocity = (Rotation3(axis: SIMD3(1, 2, 3), angle: h) * start[0] - Rotation3(axis: SIMD3(1, 2, 3), angle: -h) * start[0]) / (2 * h)
    #expect(abs((energy(h) - energy(-h)) / (2 * h) - (gradient[0] * velocity).sum()) < 1e-6)
  }

  @Test func repulsionGradient() {
    var generator = SplitMix64(seed: 53)
    let points = SphericalQuadrature.repulsion(count: 5, iterations: 0, using: &generator).points
    let gradient = repulsionEnergy(of: points).gradient
    let axis = SIMD3(0.3, 0.4, -0.5)
    func energy(_ angle: Double) -> Double {
      repulsionEnergy(of: [Rotation3(axis: axis, angle: angle) * points[0]] + points[1...]).energy
    }
    let (a, p) = (axis / Double.sqrt(0.5), points[0])
    let velocity = SIMD3(a.y * p.z - a.z * p.y, a.z * p.x - a.x * p.z, a.x * p.y - a.y * p.x)
    let expected = (gradient[0] * velocity).sum()
    #expect(abs((energy(1e-5) - energy(-1e-5)) / 2e-5 - expected) < 1e-6 * abs(expected))
  }

  private func smallestDistance(_ points: [SIMD3<Double>]) -> Double {
    var smallest = Double.infinity
    for i in points.indices {
      for j in 0..<i {
        let difference = points[i] - points[j]
        smallest = min(smallest, (difference * difference).sum())
      }
    }
    return Double.sqrt(smallest)
  }
}
