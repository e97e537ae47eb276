@testable import MessagePassing

/// The pairs of every atom with every image of every atom, without bins: what ``NeighborList`` must find.
struct PlainNeighbors: Equatable {
  var firstEdge = [0]
  var neighbors: [Int32] = []
  var images: [SIMD3<Int32>] = []

  init(_ positions: [SIMD3<Double>], _ cell: PeriodicCell?, cutoff: Double) {
    // The planes of a cell's images are so far apart; atoms outside of the cell need so many more.
    let reach = (0..<3).map { axis -> Int32 in
      guard let cell, cell.isPeriodic[axis] else { return 0 }
      let others = (0..<3).filter { $0 != axis && cell.isPeriodic[$0] }.map { cell.vectors[$0] }
      var normal = cell.vectors[axis]
      // Gram-Schmidt, twice for rounding: the part of the vector across the others.
      var basis: [SIMD3<Double>] = []
      for other in others {
        let w = basis.reduce(other) { $0 - dot($0, $1) * $1 }
        basis.append(w / norm(w))
      }
      for _ in 0..<2 { normal = basis.reduce(normal) { $0 - dot($0, $1) * $1 } }
      let along = positions.map { dot($0, normal) / dot(normal, normal) }
      let spread = (along.max() ?? 0) - (along.min() ?? 0)
      // Where the others are inclined, a position's coordinate differs from this one by what they contribute along the normal: nothing.
      return Int32((cutoff / norm(normal) + spread).rounded(.up)) + 1
    }
    // Plain numbers, which a debug build is fast at.
    let points = positions.map { [$0.x, $0.y, $0.z] }
    let square = cutoff * cutoff
    for (i, center) in points.enumerated() {
      var found: [(Int32, SIMD3<Int32>)] = []
      for a in -reach[0]...reach[0] {
        for b in -reach[1]...reach[1] {
          for c in -reach[2]...reach[2] {
            let t = cell?.translation(SIMD3(a, b, c)) ?? .zero
            let (x, y, z) = (t.x - center[0], t.y - center[1], t.z - center[2])
            for j in points.indices {
              let (dx, dy, dz) = (points[j][0] + x, points[j][1] + y, points[j][2] + z)
              let d = dx * dx + dy * dy + dz * dz
              if d < square && !(i == j && a == 0 && b == 0 && c == 0) { found.append((Int32(j), SIMD3(a, b, c))) }
            }
          }
        }
      }
      // Images come in order; neighbours must be put in theirs.
      let order = found.indices.sorted { (found[$0].0, $0) < (found[$1].0, $1) }
      neighbors += order.map { found[$0].0 }
      images += order.map { found[$0].1 }
      firstEdge.append(neighbors.count)
    }
  }

  init(_ list: NeighborList) { (firstEdge, neighbors, images) = (list.firstEdge, list.neighbors, list.images) }
}
