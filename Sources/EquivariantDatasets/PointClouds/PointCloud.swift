import DifferentiableTensors
import FileFormats
import Requirements

/// Points on a shape, with what is known about them.
public struct PointCloud: Sendable, Equatable {
  /// What the shape is called.
  public var name: String
  /// Coordinates, [point][3].
  public var points: [Float]
  /// Unit normals, [point][3]; empty where they are not known.
  public var normals: [Float]
  /// The number of the shape's class.
  public var label: Int
  /// The number of the part that each point belongs to; empty where there are no parts.
  public var parts: [Int]

  /// The number of points.
  public var count: Int { points.count / 3 }

  /// Traps unless there are as many normals as points, or none, and as many parts as points, or none.
  public init(name: String, points: [Float], normals: [Float] = [], label: Int = 0, parts: [Int] = []) {
    require(points.count.isMultiple(of: 3), "a multiple of 3 coordinates is expected, received \(points.count)")
    require(
      normals.isEmpty || normals.count == points.count,
      "\(points.count) components of normals are expected, or none, received \(normals.count)")
    require(
      parts.isEmpty || 3 * parts.count == points.count, "\(points.count / 3) parts are expected, or none, received \(parts.count)")
    (self.name, self.points, self.normals, self.label, self.parts) = (name, points, normals, label, parts)
  }

  /// The points and normals of a file, moved and scaled such that their centroid is the origin and the farthest point has distance 1, and
  /// then rounded to single precision, so that coordinates far from the origin lose nothing. Normals of length 0 stay as they are.
  public init(name: String, _ file: GeometryFile) {
    let placement = Placement(file.points)
    let points = stride(from: 0, to: file.points.count, by: 3).flatMap { start in
      let x = placement(SIMD3(file.points[start], file.points[start + 1], file.points[start + 2]))
      return [Float(x.x), Float(x.y), Float(x.z)]
    }
    self.init(name: name, points: points, normals: unitVectors(file.normals ?? []).map { Float($0) })
  }

  /// The points and normals as a file holds them.
  public var file: GeometryFile {
    GeometryFile(points: points.map { Double($0) }, normals: normals.isEmpty ? nil : normals.map { Double($0) })
  }

  /// The points of the given numbers.
  public func selected(_ numbers: [Int]) -> PointCloud {
    func rows(_ values: [Float]) -> [Float] { values.isEmpty ? [] : numbers.flatMap { values[3 * $0..<3 * $0 + 3] } }
    return PointCloud(
      name: name, points: rows(points), normals: rows(normals), label: label, parts: parts.isEmpty ? [] : numbers.map { parts[$0] })
  }
}

/// The shift and scale that bring the centroid of some points to the origin and the farthest of them to distance 1.
struct Placement {
  let center: SIMD3<Double>
  /// 1 where all points coincide.
  let radius: Double

  init(_ points: [Double]) {
    let count = Double(max(1, points.count / 3))
    let starts = stride(from: 0, to: points.count, by: 3)
    // Divided before they are added, and distances measured in units of the largest: nothing overflows.
    let center = starts.reduce(SIMD3<Double>()) { $0 + SIMD3(points[$1], points[$1 + 1], points[$1 + 2]) / count }
    var extent = 0.0
    for start in starts { for axis in 0..<3 { extent = max(extent, (points[start + axis] - center[axis]).magnitude) } }
    var square = 0.0
    for start in starts where extent > 0 {
      let x = (SIMD3(points[start], points[start + 1], points[start + 2]) - center) / extent
      square = max(square, (x * x).sum())
    }
    self.center = center
    radius = extent > 0 ? extent * square.squareRoot() : 1
  }

  func callAsFunction(_ x: SIMD3<Double>) -> SIMD3<Double> { (x - center) / radius }
}

/// Vectors [row][3] divided by their lengths; those of length 0 stay as they are.
func unitVectors(_ vectors: [Double]) -> [Double] {
  stride(from: 0, to: vectors.count, by: 3).flatMap { start in
    let x = SIMD3(vectors[start], vectors[start + 1], vectors[start + 2])
    let largest = max(x.max(), -x.min())
    guard largest > 0 else { return [x.x, x.y, x.z] }
    let scaled = x / largest
    let unit = scaled / (scaled * scaled).sum().squareRoot()
    return [unit.x, unit.y, unit.z]
  }
}
