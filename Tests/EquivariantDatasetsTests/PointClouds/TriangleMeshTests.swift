import DifferentiableTensors
import FileFormats
import Testing

@testable import EquivariantDatasets

@Suite struct TriangleMeshTests {
  /// A tetrahedron with right angles at the origin, one triangle without area, and a corner that none uses.
  private let mesh = TriangleMesh(
    vertices: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 3), SIMD3(0.5, 0, 0), SIMD3(9, 9, 9)],
    triangles: [SIMD3(0, 4, 1), SIMD3(0, 2, 1), SIMD3(0, 1, 3), SIMD3(0, 3, 2), SIMD3(1, 2, 3), SIMD3(1, 1, 1)])

  @Test func areasAndPoints() {
    // Half products of the edges, and of the face opposite the origin half the root of the sum of their squares.
    let areas = [1, 1.5, 3, (1 + 2.25 + 9).squareRoot()]
    #expect(abs(mesh.area - areas.reduce(0, +)) < 1e-14)
    var generator = RandomSource(seed: 1)
    let count = 20000
    let cloud = mesh.sampled(count, using: &generator)
    let normals: [SIMD3<Double>] = [SIMD3(0, 0, -1), SIMD3(0, -1, 0), SIMD3(-1, 0, 0), SIMD3(6, 3, 2) / 7]
    var counts = [0, 0, 0, 0]
    var mean = SIMD3<Double>()
    for start in stride(from: 0, to: 3 * count, by: 3) {
      let (x, n) = (cloud.points[start..<start + 3], cloud.normals![start..<start + 3])
      let point = SIMD3(x[start], x[start + 1], x[start + 2])
      let normal = SIMD3(n[start], n[start + 1], n[start + 2])
      let face = normals.firstIndex { expected in
        let difference = expected - normal
        return (difference * difference).sum() < 1e-28
      }
      guard let face else {
        Issue.record("\(n) is no normal of a face")
        return
      }
      counts[face] += 1
      mean += point / Double(count)
      // On its plane, and within the tetrahedron.
      #expect(abs((point * normals[face]).sum() - (face == 3 ? 6.0 / 7 : 0)) < 1e-14 && point.min() > -1e-15)
    }
    for (found, area) in zip(counts, areas) {
      let share = area / mesh.area
      #expect(abs(Double(found) / Double(count) - share) < 4 * (share * (1 - share) / Double(count)).squareRoot())
    }
    // The mean of the points is near the centroid, by four standard errors of coordinates below 1.
    let offset = mean - mesh.center
    #expect(max(offset.max(), -offset.min()) < 4 / Double(count).squareRoot())
    var again = RandomSource(seed: 1)
    #expect(mesh.sampled(count, using: &again) == cloud)
  }

  @Test func normalized() {
    let shift = SIMD3<Double>(100, 0, -5)
    let small = TriangleMesh(
      vertices: mesh.vertices.prefix(4).map { 7 * $0 + shift }, triangles: [SIMD3(0, 2, 1), SIMD3(0, 1, 3), SIMD3(1, 2, 3)])
    let unit = small.normalized
    let radii = unit.vertices.map { ($0 * $0).sum().squareRoot() }
    #expect(abs(radii.max()! - 1) < 1e-14)
    #expect((unit.center * unit.center).sum() < 1e-28)
  }

  @Test func filesThatAreNoSurface() {
    let points = [0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1e308, 0, 0, -1e308, 0] as [Double]
    for (triangles, cause) in [([], "no triangles"), ([0, 1, 2], "is 0"), ([3, 4, 1], "beyond Double")] as [([Int32], String)] {
      let error = #expect(throws: FileFormatError.self) {
        try TriangleMesh(GeometryFile(points: points, triangles: triangles), path: "a.off")
      }
      #expect(error?.path == "a.off" && error?.cause.contains(cause) == true && error?.cure.isEmpty == false)
    }
  }

  /// Triangles of any size have an area and normals; that of the whole may be beyond `Double`.
  @Test(arguments: [1e-300, 1e-170, 1e-150, 1, 1e99, 1e160, 1e300]) func anySize(size: Double) {
    func mesh(_ size: Double) -> TriangleMesh {
      TriangleMesh(
        vertices: [SIMD3(0, 0, 0), SIMD3(3, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 1)].map { $0 * size },
        triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
    }
    let area = mesh(size).area
    if (1e-150...1e150).contains(size) { #expect(abs(area / size / size - 8) < 1e-13) }
    #expect(!area.isNaN)
    var (first, second) = (RandomSource(seed: 1), RandomSource(seed: 1))
    let (plain, scaled) = (mesh(1).sampled(200, using: &first), mesh(size).sampled(200, using: &second))
    #expect(zip(plain.points, scaled.points).allSatisfy { abs($0 - $1 / size) < 1e-13 })
    #expect(zip(plain.normals!, scaled.normals!).allSatisfy { abs($0 - $1) < 1e-15 })
    let normalized = mesh(size).normalized
    #expect(zip(normalized.vertices, mesh(1).normalized.vertices).allSatisfy { (($0 - $1) * ($0 - $1)).sum() < 1e-28 })
  }

  /// A triangle that is nothing beside another one is never drawn.
  @Test func sizesThatDiffer() {
    let mesh = TriangleMesh(
      vertices: [SIMD3(0, 0, 0), SIMD3(1e99, 0, 0), SIMD3(0, 1e99, 0), SIMD3(1e-150, 0, 0), SIMD3(0, 0, 1e-150)],
      triangles: [SIMD3(0, 3, 4), SIMD3(0, 1, 2)])
    var generator = RandomSource(seed: 2)
    #expect(mesh.sampled(100, using: &generator).normals!.enumerated().allSatisfy { $1 == ($0 % 3 == 2 ? 1 : 0) })
  }
}
