import DifferentiableTensors
import RealModule
import Testing

@testable import EquivariantDatasets

@Suite struct ShapeTests {
  /// A cloud's rows as vectors.
  private func rows(_ values: [Float]) -> [SIMD3<Double>] {
    stride(from: 0, to: values.count, by: 3).map { SIMD3(Double(values[$0]), Double(values[$0 + 1]), Double(values[$0 + 2])) }
  }

  /// The tangents by differences: normals are across them, and as long as the area they span.
  @Test func normalsAreAcrossTheTangents() {
    var generator = RandomSource(seed: 1)
    for kind in PrimitiveShape.allCases {
      for patch in kind.patches(using: &generator) {
        for _ in 0..<5 {
          let (u, v, h) = (0.05 + 0.9 * generator.uniform(), 0.05 + 0.9 * generator.uniform(), 1e-5)
          let along = (patch.point(u + h, v).point - patch.point(u - h, v).point) / (2 * h)
          let across = (patch.point(u, v + h).point - patch.point(u, v - h).point) / (2 * h)
          let difference = crossProduct(along, across) - patch.point(u, v).normal
          #expect((difference * difference).sum().squareRoot() < 1e-6, "\(kind)")
        }
      }
    }
  }

  /// Of a closed surface the mean of x · n is three times the volume over the area: positive where normals point outwards.
  @Test func normalsPointOutwards() {
    var generator = RandomSource(seed: 2)
    for kind in PrimitiveShape.allCases where kind != .bowl && kind != .moebius {
      let cloud = kind.sampled(600, using: &generator)
      let mean = zip(rows(cloud.points), rows(cloud.normals)).reduce(0) { $0 + ($1.0 * $1.1).sum() / 600 }
      #expect(mean > 0.05, "\(kind)")
      // Solids that are convex: every normal.
      if [.sphere, .ellipsoid, .cylinder, .cone, .box, .pyramid, .tetrahedron, .capsule].contains(kind) {
        let center = rows(cloud.points).reduce(SIMD3<Double>()) { $0 + $1 / 600 }
        #expect(zip(rows(cloud.points), rows(cloud.normals)).allSatisfy { (($0 - center) * $1).sum() > 0 }, "\(kind)")
      }
    }
  }

  @Test func cloudsAreCentredUnitAndReproducible() {
    for (label, kind) in PrimitiveShape.allCases.enumerated() {
      var (one, two) = (RandomSource(seed: 3), RandomSource(seed: 3))
      let cloud = kind.sampled(200, using: &one)
      #expect(kind.sampled(200, using: &two) == cloud)
      #expect(cloud.label == label && cloud.name == kind.rawValue && cloud.parts.isEmpty)
      let sum = rows(cloud.points).reduce(SIMD3<Double>(), +)
      #expect((sum * sum).sum() < 1e-8)
      #expect(abs(rows(cloud.points).map { ($0 * $0).sum() }.max()! - 1) < 1e-6)
      #expect(rows(cloud.normals).allSatisfy { abs(($0 * $0).sum() - 1) < 1e-6 })
    }
  }

  /// Uniform on the surface: on a sphere the squares of coordinates are 1/3 in the mean; of a torus's points a share of 1/2 + r / (π R) lies
  /// on the outside; and of a cone's the base has its share of the area.
  @Test func pointsAreUniform() {
    var generator = RandomSource(seed: 4)
    let n = 4000
    func share(_ patches: [SurfacePatch], where isCounted: (SIMD3<Double>, SIMD3<Double>) -> Bool) -> Double {
      let cloud = ParametricShape(patches: patches).sampled(n, name: "", label: 0, hasParts: false, using: &generator)
      return Double(zip(rows(cloud.points), rows(cloud.normals)).count { isCounted($0, $1) }) / Double(n)
    }
    let error = 4 * (0.25 / Double(n)).squareRoot()
    #expect(abs(share([.ellipsoid(1, 1, 1)]) { _, normal in normal.z.magnitude > 0.5 } - 0.5) < error)
    // The ring lies in the plane of x and z.
    let outer = share([.tube(ring: 1, radius: 0.5)]) { point, normal in point.x * normal.x + point.z * normal.z > 0 }
    #expect(abs(outer - (0.5 + 0.5 / .pi)) < error)
    let base = share([.mantle(radii: (1, 0), heights: (0, 2)), .disc(radius: 1, height: 0, up: false)]) { _, normal in normal.z < -0.9 }
    #expect(abs(base - 1 / (1 + 5.squareRoot())) < error)
    // A grid of parameters alone is not: near the poles of an ellipsoid it would put too many points.
    #expect(abs(0.5 - (0.5 + 0.5 / .pi)) > error)
  }

  @Test func partsOfThings() {
    var generator = RandomSource(seed: 5)
    #expect(Set(CompositeShape.allParts).count == CompositeShape.allParts.count)
    for (label, kind) in CompositeShape.allCases.enumerated() {
      for _ in 0..<3 {
        let thing = kind.sampled(1500, using: &generator)
        #expect(thing.label == label && thing.normals.count == 4500)
        #expect(Set(thing.parts.map { CompositeShape.allParts[$0] }) == Set(kind.parts))
      }
    }
    // The legs are below the top.
    let table = CompositeShape.table.sampled(1500, using: &generator)
    let heights = zip(rows(table.points), table.parts).map { (CompositeShape.allParts[$1], $0.z) }
    #expect(heights.filter { $0.0 == "table legs" }.map(\.1).max()! <= heights.filter { $0.0 == "table top" }.map(\.1).min()! + 1e-6)
  }
}
