import DifferentiableTensors
import FileFormats
import GroupTheory
import Requirements

/// A surface of triangles, from which points are drawn uniformly.
public struct TriangleMesh: Sendable {
  /// The corners.
  public let vertices: [SIMD3<Double>]
  /// Three corners for each triangle, counter-clockwise where seen from outside.
  public let triangles: [SIMD3<Int32>]
  /// The area of the triangles before the one of each place, and at the end that of all, in units of a power of two for lengths, in which
  /// squares neither over- nor underflow.
  private let (cumulativeAreas, unit): ([Double], Double)

  /// The area of the surface; infinite, or 0, where it is beyond `Double`.
  public var area: Double { cumulativeAreas.last! * unit * unit }

  /// Traps unless every corner exists and is finite and some triangle has an area.
  public init(vertices: [SIMD3<Double>], triangles: [SIMD3<Int32>]) {
    for triangle in triangles {
      require(
        triangle.min() >= 0 && triangle.max() < vertices.count, "corners in 0 ..< \(vertices.count) are expected, received \(triangle)")
    }
    let (areas, unit) = Self.cumulativeAreas(vertices, triangles)
    require(areas.last! > 0 && areas.last!.isFinite, "a positive area is expected, received \(areas.last!)")
    (self.vertices, self.triangles, cumulativeAreas, self.unit) = (vertices, triangles, areas, unit)
  }

  /// The surface that a file holds.
  /// - Throws: an error of kind `malformed` for a file without triangles, one without an area, or one whose sides are beyond `Double`; the
  ///   error names the file `path`.
  public init(_ file: GeometryFile, path: String) throws(FileFormatError) {
    guard !file.triangles.isEmpty else {
      throw FileFormatError(
        .malformed, path: path, cause: "there are \(file.count) points and no triangles", cure: "give a mesh, in a file .off or .ply")
    }
    let vertices = stride(from: 0, to: file.points.count, by: 3).map { SIMD3(file.points[$0], file.points[$0 + 1], file.points[$0 + 2]) }
    let triangles = stride(from: 0, to: file.triangles.count, by: 3).map {
      SIMD3(file.triangles[$0], file.triangles[$0 + 1], file.triangles[$0 + 2])
    }
    let area = Self.cumulativeAreas(vertices, triangles).areas.last!
    guard area > 0, area.isFinite else {
      throw FileFormatError(
        .malformed, path: path, cause: area == 0 ? "the area of the triangles is 0" : "sides of triangles are beyond Double",
        cure: area == 0 ? "give triangles whose corners do not lie on a line" : "measure lengths in another unit")
    }
    self.init(vertices: vertices, triangles: triangles)
  }

  /// The surface with its centroid at the origin and the farthest corner at distance 1.
  public var normalized: TriangleMesh {
    let center = self.center
    let radius = vertices.reduce(0) { max($0, euclideanNorm($1 - center)) }
    return TriangleMesh(vertices: vertices.map { ($0 - center) / radius }, triangles: triangles)
  }

  /// The centroid of the surface: the mean of its points.
  public var center: SIMD3<Double> {
    var sum = SIMD3<Double>()
    for (place, triangle) in triangles.enumerated() {
      let (a, b, c) = corners(triangle)
      let share: Double = (cumulativeAreas[place + 1] - cumulativeAreas[place]) / cumulativeAreas.last!
      let corners: SIMD3<Double> = a + b + c
      sum += share * corners / 3
    }
    return sum
  }

  /// Independent points, uniform on the surface, with the unit normals of their triangles.
  public func sampled(_ count: Int, using generator: inout some RandomNumberGenerator) -> GeometryFile {
    var points: [Double] = []
    var normals: [Double] = []
    points.reserveCapacity(3 * count)
    normals.reserveCapacity(3 * count)
    for _ in 0..<count {
      let (a, b, c) = corners(triangles[drawn(using: &generator)])
      // Uniform in the triangle (Osada et al. 2002).
      let (r, s) = (generator.uniform().squareRoot(), generator.uniform())
      let point = (1 - r) * a + r * (1 - s) * b + r * s * c
      let cross = scaledCross(a, b, c).cross
      let normal = cross / (cross * cross).sum().squareRoot()
      for axis in 0..<3 {
        points.append(point[axis])
        normals.append(normal[axis])
      }
    }
    return GeometryFile(points: points, normals: normals)
  }

  /// A triangle, with a probability proportional to its area; never one without area.
  private func drawn(using generator: inout some RandomNumberGenerator) -> Int {
    let target = generator.uniform() * cumulativeAreas.last!
    var (low, high) = (0, triangles.count)
    // The first place behind which more area lies than the target: the invariant is cumulativeAreas[low] <= target < cumulativeAreas[high],
    // up to the rounding of the product, for which the last triangle with an area stands.
    while high - low > 1 {
      let middle = (low + high) / 2
      if cumulativeAreas[middle] <= target { low = middle } else { high = middle }
    }
    while low > 0 && cumulativeAreas[low] == cumulativeAreas[low + 1] { low -= 1 }
    return low
  }

  private func corners(_ triangle: SIMD3<Int32>) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (vertices[Int(triangle.x)], vertices[Int(triangle.y)], vertices[Int(triangle.z)])
  }

  private static func cumulativeAreas(
    _ vertices: [SIMD3<Double>], _ triangles: [SIMD3<Int32>]
  ) -> (areas: [Double], unit: Double) {
    let crosses = triangles.map { scaledCross(vertices[Int($0.x)], vertices[Int($0.y)], vertices[Int($0.z)]) }
    let unit = crosses.reduce(powerOfTwo(nextTo: 0)) { max($0, $1.unit) }
    var sums = [0.0]
    sums.reserveCapacity(triangles.count + 1)
    for (cross, own) in crosses {
      let share = own / unit
      sums.append(sums.last! + (cross * cross).sum().squareRoot() / 2 * share * share)
    }
    return (sums, unit)
  }
}

/// The cross product of two sides of a triangle in units of a power of two next to the largest of their components.
private func scaledCross(
  _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
) -> (cross: SIMD3<Double>, unit: Double) {
  let (u, v) = (b - a, c - a)
  let unit = powerOfTwo(nextTo: max(u.max(), -u.min(), v.max(), -v.min()))
  return (crossProduct(u / unit, v / unit), unit)
}

/// a × b.
func crossProduct(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
