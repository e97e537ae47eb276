extension NeighborSearchGrid {
  /// The pairs as a ``NeighborList`` has them.
  struct Pairs {
    var firstEdge: [Int] = [0]
    var neighbors: [Int32] = []
    var images: [SIMD3<Int32>] = []
  }

  /// All pairs, sorted by the atom at the centre, then the neighbour, then the image.
  func pairs(_ positions: [SIMD3<Double>], _ cell: PeriodicCell?) throws(NeighborListError) -> Pairs {
    var result = Pairs()
    result.firstEdge.reserveCapacity(atomCount + 1)
    var found = FoundNeighbors()
    defer { found.deallocate() }
    for center in 0..<atomCount {
      found.count = 0
      try find(center, positions, cell, &found)
      found.sort()
      guard result.neighbors.count + found.count <= NeighborList.pairLimit else {
        throw .tooManyPairs(estimate: Double(result.neighbors.count) / Double(center + 1) * Double(atomCount))
      }
      result.neighbors.append(contentsOf: UnsafeBufferPointer(start: found.sortedAtoms, count: found.count))
      result.images.append(contentsOf: UnsafeBufferPointer(start: found.sortedImages, count: found.count))
      result.firstEdge.append(result.neighbors.count)
    }
    return result
  }

  /// The neighbours of one atom, in the order of the bins.
  private func find(
    _ center: Int, _ positions: [SIMD3<Double>], _ cell: PeriodicCell?, _ found: inout FoundNeighbors
  ) throws(NeighborListError) {
    // The class is asked once: its variables are guarded at every access.
    let (x, y, z, atoms, firstOfBin, images, bins, reach, frame) = (x, y, z, atoms, firstOfBin, images, bins, reach, frame)
    let (repeatsX, repeatsY, repeatsZ) = (frame.isPeriodic[0], frame.isPeriodic[1], frame.isPeriodic[2])
    let own = Int(rank[center])
    let (cx, cy, cz) = (x[own], y[own], z[own])
    let index = Int(bin[center])
    let (bx, by, bz) = (index / (bins.y * bins.z), index / bins.z % bins.y, index % bins.z)
    let lowest = repeatsZ ? bz - reach.z : max(0, bz - reach.z)
    let highest = repeatsZ ? bz + reach.z : min(bins.z - 1, bz + reach.z)
    let (a, b, c) = (frame.vectors[0], frame.vectors[1], frame.vectors[2])
    let (ia, ib, ic) = (frame.combinations[0], frame.combinations[1], frame.combinations[2])
    let most = cutoff * cutoff + slack
    let least = cutoff * cutoff - slack
    let smallest = NeighborList.smallestDistance * NeighborList.smallestDistance
    for px in bx - reach.x...bx + reach.x {
      let sx = Self.floorDivided(px, bins.x)
      if sx != 0 && !repeatsX { continue }
      for py in by - reach.y...by + reach.y {
        let sy = Self.floorDivided(py, bins.y)
        if sy != 0 && !repeatsY { continue }
        let row = ((px - sx * bins.x) * bins.y + py - sy * bins.y) * bins.z
        var pz = lowest
        while pz <= highest {
          // Bins of one image that follow each other.
          let sz = Self.floorDivided(pz, bins.z)
          let last = min(highest, (sz + 1) * bins.z - 1)
          let atomsOfBins = Int(firstOfBin[row + pz - sz * bins.z])..<Int(firstOfBin[row + last - sz * bins.z + 1])
          pz = last + 1
          if atomsOfBins.isEmpty { continue }
          let isHome = sx == 0 && sy == 0 && sz == 0
          let (fx, fy, fz) = (Double(sx), Double(sy), Double(sz))
          let tx = cx - (fx * a.x + fy * b.x + fz * c.x)
          let ty = cy - (fx * a.y + fy * b.y + fz * c.y)
          let tz = cz - (fx * a.z + fy * b.z + fz * c.z)
          let moved = images[own] &+ Int32(sx) &* ia &+ Int32(sy) &* ib &+ Int32(sz) &* ic
          found.reserve(atomsOfBins.count)
          // Without branches: most atoms are no neighbours, and none can tell which.
          let near = found.near
          var count = 0
          for k in atomsOfBins {
            let (dx, dy, dz) = (x[k] - tx, y[k] - ty, z[k] - tz)
            near[count] = Int32(truncatingIfNeeded: k)
            // The sign of the difference, 1 where it is negative.
            count &+= Int(truncatingIfNeeded: (dx * dx + dy * dy + dz * dz - most).bitPattern >> 63)
          }
          for n in 0..<count {
            let k = Int(near[n])
            if isHome && k == own { continue }
            let other = Int(atoms[k])
            let image = moved &- images[k]
            let (dx, dy, dz) = (x[k] - tx, y[k] - ty, z[k] - tz)
            let square = dx * dx + dy * dy + dz * dz
            if square > least || square < smallest {
              let exact = Self.squaredDistance(center, other, image, positions, cell)
              guard exact >= smallest else {
                throw .coincident(first: center, second: other, image: image, distance: exact.squareRoot())
              }
              guard exact < cutoff * cutoff else { continue }
            }
            found.append(Int32(other), image)
          }
        }
      }
    }
  }

  @inline(__always) private static func floorDivided(_ a: Int, _ b: Int) -> Int {
    a >= 0 ? (a < b ? 0 : a / b) : -((b - 1 - a) / b)
  }

  /// From the positions themselves and, so that a pair is found from both of its atoms or from none, in one direction for both.
  static func squaredDistance(
    _ center: Int, _ other: Int, _ image: SIMD3<Int32>, _ positions: [SIMD3<Double>], _ cell: PeriodicCell?
  ) -> Double {
    let isForward = center == other ? NeighborList.precedes(.zero, image) : center < other
    let shift = cell?.translation(isForward ? image : .zero &- image) ?? .zero
    let r = isForward ? positions[other] + shift - positions[center] : positions[center] + shift - positions[other]
    return dot(r, r)
  }
}

/// The neighbours of one atom, to be sorted.
private struct FoundNeighbors {
  var count = 0
  private(set) var sortedAtoms: UnsafeMutablePointer<Int32>
  private(set) var sortedImages: UnsafeMutablePointer<SIMD3<Int32>>
  /// Room for the atoms of some bins that are near, as their places by bins.
  private(set) var near: UnsafeMutablePointer<Int32>
  /// The neighbour in the upper half, its place among the images in the lower.
  private var keys: UnsafeMutablePointer<UInt64>
  private var images: UnsafeMutablePointer<SIMD3<Int32>>
  private let capacity: Int

  func deallocate() {
    keys.deallocate()
    images.deallocate()
    sortedAtoms.deallocate()
    sortedImages.deallocate()
    near.deallocate()
  }

  mutating func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    var larger = FoundNeighbors(capacity: max(2 * capacity, count + more))
    larger.keys.update(from: keys, count: count)
    larger.images.update(from: images, count: count)
    larger.count = count
    deallocate()
    self = larger
  }

  init(capacity: Int = 256) {
    self.capacity = capacity
    (keys, images) = (.allocate(capacity: capacity), .allocate(capacity: capacity))
    (sortedAtoms, sortedImages, near) = (.allocate(capacity: capacity), .allocate(capacity: capacity), .allocate(capacity: capacity))
  }

  @inline(__always) mutating func append(_ neighbor: Int32, _ image: SIMD3<Int32>) {
    keys[count] = UInt64(UInt32(bitPattern: neighbor)) << 32 | UInt64(count)
    images[count] = image
    count += 1
  }

  mutating func sort() {
    if count <= 64 {
      for k in stride(from: 1, to: count, by: 1) {
        let key = keys[k]
        var place = k
        while place > 0, keys[place - 1] > key {
          keys[place] = keys[place - 1]
          place -= 1
        }
        keys[place] = key
      }
    } else {
      var all = UnsafeMutableBufferPointer(start: keys, count: count)
      all.sort()
    }
    sortEqual()
    for k in 0..<count {
      sortedAtoms[k] = Int32(bitPattern: UInt32(keys[k] >> 32))
      sortedImages[k] = images[Int(keys[k] & 0xFFFF_FFFF)]
    }
  }

  /// Images of the same neighbour.
  private func sortEqual() {
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
      if end - start > 1 {
        let images = images
        var run = UnsafeMutableBufferPointer(start: keys + start, count: end - start)
        run.sort { (a: UInt64, b: UInt64) -> Bool in
          NeighborList.precedes(images[Int(a & 0xFFFF_FFFF)], images[Int(b & 0xFFFF_FFFF)])
        }
      }
      start = end
    }
  }
}
