import DifferentiableTensors
import FileFormats

/// A shape made of pieces of smooth surfaces, from which points are drawn uniformly, with exact normals.
///
/// Where a piece bends its parameters, points are uniform to the resolution of a grid of 32 × 32 cells of them; they lie on the surface
/// exactly, and the normals are those of its tangents.
struct ParametricShape: Sendable {
  private static let cells = 32

  let patches: [SurfacePatch]

  /// Independent points, centred and scaled such that the centroid is the origin and the farthest point has distance 1.
  func sampled(_ count: Int, name: String, label: Int, hasParts: Bool, using generator: inout some RandomNumberGenerator) -> PointCloud {
    // The area of each cell of each piece, from its middle.
    var areas = [0.0]
    let n = Self.cells
    for patch in patches {
      for cell in 0..<n * n {
        let normal = patch.point((Double(cell / n) + 0.5) / Double(n), (Double(cell % n) + 0.5) / Double(n)).normal
        areas.append(areas.last! + (normal * normal).sum().squareRoot())
      }
    }
    var (points, normals, parts): ([Double], [Double], [Int]) = ([], [], [])
    for _ in 0..<count {
      let target = generator.uniform() * areas.last!
      var (low, high) = (0, areas.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if areas[middle] <= target { low = middle } else { high = middle }
      }
      let (patch, cell) = (patches[low / (n * n)], low % (n * n))
      // Open intervals: at their ends a piece may have no tangent.
      func parameter(_ cell: Int) -> Double { (Double(cell) + min(max(generator.uniform(), 1e-9), 1 - 1e-9)) / Double(n) }
      let drawn = patch.point(parameter(cell / n), parameter(cell % n))
      for axis in 0..<3 {
        points.append(drawn.point[axis])
        normals.append(drawn.normal[axis])
      }
      parts.append(patch.part)
    }
    var cloud = PointCloud(name: name, GeometryFile(points: points, normals: normals))
    cloud.label = label
    if hasParts { cloud.parts = parts }
    return cloud
  }
}
