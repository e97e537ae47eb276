/// The faces of a file as they are read: triangles, and polygons that are cut into triangles once all points are known.
///
/// A polygon of n corners gives n − 2 triangles: those that share its first corner where they tile it, as they tile a convex one, or else
/// the ears that are cut off it one after the other (Meisters 1975). Points and line segments give none.
struct PolygonFaces {
  let pointCount: Int
  private(set) var triangles: [Int32] = []
  /// Faces of more than three corners: the first of their triangles and where the file has them.
  private var polygons: [(start: Int, corners: Int, place: Int)] = []
  private var corners: (first: Int32, last: Int32, count: Int) = (0, 0, 0)
  private var place = 0

  init(pointCount: Int) { self.pointCount = pointCount }

  mutating func reserveCapacity(_ faces: Int) { triangles.reserveCapacity(3 * faces) }

  /// Begins a face; `place` is the line or the byte that errors name.
  mutating func begin(at place: Int) { (corners, self.place) = ((0, 0, 0), place) }

  /// Takes the next corner; false where there is no such point.
  mutating func add(_ index: Int) -> Bool {
    guard (0..<pointCount).contains(index), let corner = Int32(exactly: index) else { return false }
    corners.count += 1
    if corners.count == 1 {
      corners.first = corner
    } else {
      if corners.count > 2 { triangles += [corners.first, corners.last, corner] }
      if corners.count == 4 { polygons.append((triangles.count - 6, 4, place)) }
      if corners.count > 4 { polygons[polygons.count - 1].corners = corners.count }
      corners.last = corner
    }
    return true
  }

  func rangeCause(_ index: Int) -> String { "a corner is point \(index), but points are numbered from 0 to \(pointCount - 1)" }

  /// Three corners for each triangle. `points` [point][3] are all points of the file, and `failure` makes an error of a place, a cause and
  /// a cure.
  func triangulated(
    _ points: [Double], _ failure: (Int, String, String) -> FileFormatError
  ) throws(FileFormatError) -> [Int32] {
    var result = triangles
    for polygon in polygons {
      let fan = triangles[polygon.start..<polygon.start + 3 * (polygon.corners - 2)]
      if polygon.corners == 4 && Self.isConvex(fan, points) { continue }
      let corners =
        [fan[fan.startIndex]] + stride(from: fan.startIndex, to: fan.endIndex, by: 3).map { fan[$0 + 1] } + [fan[fan.endIndex - 1]]
      let outline = Outline(corners.map { SIMD3(points[3 * Int($0)], points[3 * Int($0) + 1], points[3 * Int($0) + 2]) })
      if outline.isFan { continue }
      guard corners.count <= Outline.limit else {
        throw failure(
          polygon.place, "a face of \(corners.count) corners is not convex, and such are read up to \(Outline.limit) corners",
          "cut it into triangles")
      }
      guard let ears = outline.ears() else {
        throw failure(
          polygon.place, "a face of \(corners.count) corners crosses itself, so that it is no polygon", "cut it into triangles")
      }
      result.replaceSubrange(fan.indices, with: ears.map { corners[$0] })
    }
    return result
  }

  /// Whether the two triangles of a quadrilateral plainly face the same side, which decides nearly all faces quickly.
  private static func isConvex(_ fan: ArraySlice<Int32>, _ points: [Double]) -> Bool {
    func point(_ corner: Int32) -> SIMD3<Double> {
      SIMD3(points[3 * Int(corner)], points[3 * Int(corner) + 1], points[3 * Int(corner) + 2])
    }
    let first = fan.startIndex
    let origin = point(fan[first])
    let (a, b, c) = (point(fan[first + 1]) - origin, point(fan[first + 2]) - origin, point(fan[first + 5]) - origin)
    // (a × b) · (b × c) = (a · b) (b · c) − (a · c) (b · b)
    let (left, right) = ((a * b).sum() * (b * c).sum(), (a * c).sum() * (b * b).sum())
    return left - right > 1e-6 * (left.magnitude + right.magnitude) && (left - right).isFinite
  }
}

/// The outline of a polygon, seen along its normal or, where it is not flat, along the mean of the normals (Newell's).
private struct Outline {
  /// The most corners of a polygon that is not a fan: the time for its ears grows as their square and faster.
  static let limit = 1000

  /// The corners in the plane, counter-clockwise, in units of the extent.
  private let corners: [SIMD2<Double>]
  /// Whether all corners lie on a line, so that there is nothing to see.
  private let isThin: Bool
  /// Rounding of a cross product.
  private static let tolerance = 1e-12

  init(_ points: [SIMD3<Double>]) {
    let extent = points.reduce(0.0) { largest, point in
      let d = point - points[0]
      return max(largest, d.max(), -d.min())
    }
    let scaled = points.map { extent > 0 ? ($0 - points[0]) / extent : .zero }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    var normal = SIMD3<Double>()
    for (k, point) in scaled.enumerated() { normal += cross(point, scaled[(k + 1) % scaled.count]) }
    let length = (normal * normal).sum().squareRoot()
    guard length > Self.tolerance else {
      // No area is left: of corners on a line, or of a face that crosses itself.
      let farthest = scaled.max { ($0 * $0).sum() < ($1 * $1).sum() }!
      isThin = scaled.allSatisfy { (cross(farthest, $0) * cross(farthest, $0)).sum().squareRoot() <= Self.tolerance }
      corners = []
      return
    }
    isThin = false
    let up = normal / length
    // Any direction across the normal: along the axis that it leans to least.
    let axis = (0..<3).min { up[$0].magnitude < up[$1].magnitude }!
    var unit = SIMD3<Double>()
    unit[axis] = 1
    let side = cross(up, unit)
    let right = side / (side * side).sum().squareRoot()
    let ahead = cross(up, right)
    corners = scaled.map { SIMD2(($0 * right).sum(), ($0 * ahead).sum()) }
  }

  private static func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }

  /// Twice the area of a triangle, positive if it is counter-clockwise; 0 within rounding.
  private func area(_ i: Int, _ j: Int, _ k: Int) -> Double {
    let area = Self.cross(corners[j] - corners[i], corners[k] - corners[i])
    return area.magnitude <= Self.tolerance ? 0 : area
  }

  /// Whether the triangles that share the first corner tile the polygon: seen from it, the other corners come in order, within less than
  /// one turn.
  var isFan: Bool {
    guard !isThin else { return true }
    guard !corners.isEmpty else { return false }
    // Two half planes are told apart by the sign of the product; the sum of less than a turn never comes back to its beginning.
    var isPastHalf = false
    for k in 1..<corners.count - 1 {
      guard corners[k] != corners[0], corners[k + 1] != corners[0], area(0, k, k + 1) >= 0 else { return false }
      // Along a line through the first corner, on its other side, lies no fan.
      let (a, b) = (corners[k] - corners[0], corners[k + 1] - corners[0])
      if area(0, k, k + 1) == 0, (a * b).sum() < 0 { return false }
      let side = area(0, 1, k + 1)
      if isPastHalf && side >= 0 { return false }
      if side < 0 { isPastHalf = true }
    }
    return true
  }

  /// Three corners of each triangle; nil for a polygon that crosses itself.
  func ears() -> [Int]? {
    guard corners.count > 3, !hasCrossings, turnsOnce else { return nil }
    var left = Array(corners.indices)
    var triangles: [Int] = []
    var (place, tries) = (0, 0)
    while left.count > 3 {
      let (i, j, k) = (left[(place + left.count - 1) % left.count], left[place], left[(place + 1) % left.count])
      if isEar(i, j, k, of: left) {
        triangles += [i, j, k]
        left.remove(at: place)
        (place, tries) = ((place + left.count - 1) % left.count, 0)
      } else {
        (place, tries) = ((place + 1) % left.count, tries + 1)
        if tries > left.count { return nil }
      }
    }
    guard area(left[0], left[1], left[2]) >= 0 else { return nil }
    return triangles + left
  }

  /// Whether corner j can be cut off: the triangle is not clockwise, and no other corner lies in it.
  private func isEar(_ i: Int, _ j: Int, _ k: Int, of left: [Int]) -> Bool {
    let size = area(i, j, k)
    guard size > 0 else {
      // Corners on a line are cut off where the line goes on, or comes back as it does between an outline and a hole in it.
      return size == 0
    }
    return !left.contains { p in
      guard ![i, j, k].contains(p), ![corners[i], corners[j], corners[k]].contains(corners[p]) else { return false }
      return area(i, j, p) >= 0 && area(j, k, p) >= 0 && area(k, i, p) >= 0
    }
  }

  /// Whether two edges cross at an inner point of both.
  private var hasCrossings: Bool {
    let n = corners.count
    for a in 0..<n {
      for c in a + 1..<n {
        let (b, d) = ((a + 1) % n, (c + 1) % n)
        if area(a, b, c) * area(a, b, d) < 0, area(c, d, a) * area(c, d, b) < 0 { return true }
      }
    }
    return false
  }

  /// Whether the direction of the edges turns exactly once, as it does along the outline of a polygon.
  private var turnsOnce: Bool {
    let distinct = corners.indices.filter { corners[$0] != corners[($0 + 1) % corners.count] }.map { corners[$0] }
    var windings = 0
    // Turns past the direction of the x axis, counted with their signs.
    for k in distinct.indices {
      let a = distinct[(k + 1) % distinct.count] - distinct[k]
      let b = distinct[(k + 2) % distinct.count] - distinct[(k + 1) % distinct.count]
      let (wasBelow, isBelow) = (a.y < 0, b.y < 0)
      if wasBelow != isBelow {
        let turn = Self.cross(a, b)
        // Downwards to upwards counter-clockwise passes the positive axis; upwards to downwards clockwise passes it backwards.
        if wasBelow && turn > 0 { windings += 1 }
        if !wasBelow && turn < 0 { windings -= 1 }
      }
    }
    return windings == 1
  }
}
