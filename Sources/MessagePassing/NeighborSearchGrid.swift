/// Atoms sorted into bins at least a cut-off wide, where there is room for such, so that the neighbours of an atom lie in the bins around
/// it.
///
/// A small cell has a single bin, narrower than the cut-off: then it is looked at in several images.
final class NeighborSearchGrid {
  let frame: SearchFrame
  let cutoff: Double
  let atomCount: Int
  /// Squared distances this near to that of the cut-off are taken anew, from the positions themselves.
  let slack: Double
  /// The number of bins along each vector of the frame, and how many are looked at on either side.
  private(set) var bins = SIMD3(1, 1, 1)
  private(set) var reach = SIMD3(0, 0, 0)
  /// The place where the atoms of each bin begin in the arrays below, and their number at the end.
  private(set) var firstOfBin: UnsafeMutablePointer<Int32>
  /// Of the atoms by bins: number, place in the cell, and the image of the cell, counted in its own vectors, from which they were brought
  /// there.
  let atoms: UnsafeMutablePointer<Int32>
  let x, y, z: UnsafeMutablePointer<Double>
  let images: UnsafeMutablePointer<SIMD3<Int32>>
  /// Of the atoms in their own order: the bin, and the place among those by bins.
  let bin, rank: UnsafeMutablePointer<Int32>

  init(_ positions: [SIMD3<Double>], _ cell: PeriodicCell?, cutoff: Double) throws(NeighborListError) {
    guard cutoff > 0, cutoff < 1e12 else { throw .cutoff(cutoff) }
    let count = positions.count
    var largest = 0.0
    for (atom, p) in positions.enumerated() {
      let size = p.x.magnitude + p.y.magnitude + p.z.magnitude
      guard size < 1e12 else { throw .position(atom: atom, p) }
      largest = max(largest, size)
    }
    let frame = try SearchFrame(cell)
    (self.frame, self.cutoff, atomCount) = (frame, cutoff, count)
    let edges = (0..<frame.periodicity).reduce(0.0) { $0 + norm(frame.vectors[$1]) }
    slack = 1e-12 * cutoff * (largest + edges + cutoff)
    (firstOfBin, atoms) = (.allocate(capacity: 1), .allocate(capacity: count))
    (x, y, z) = (.allocate(capacity: count), .allocate(capacity: count), .allocate(capacity: count))
    (bin, rank, images) = (.allocate(capacity: count), .allocate(capacity: count), .allocate(capacity: count))
    try sort(positions)
  }

  deinit {
    for pointer in [firstOfBin, atoms, bin, rank] { pointer.deallocate() }
    for pointer in [x, y, z] { pointer.deallocate() }
    images.deallocate()
  }

  private func sort(_ positions: [SIMD3<Double>]) throws(NeighborListError) {
    let (u, v, w) = (frame.duals[0], frame.duals[1], frame.duals[2])
    var (low, high) = ([Double](repeating: .infinity, count: 3), [Double](repeating: -.infinity, count: 3))
    for i in 0..<atomCount {
      let p = positions[i]
      (x[i], y[i], z[i]) = (dot(u, p), dot(v, p), dot(w, p))
      (low[0], low[1], low[2]) = (min(low[0], x[i]), min(low[1], y[i]), min(low[2], z[i]))
      (high[0], high[1], high[2]) = (max(high[0], x[i]), max(high[1], y[i]), max(high[2], z[i]))
    }
    let lengths = (0..<3).map { frame.isPeriodic[$0] ? 1 : max(0, high[$0] - low[$0]) }
    try checkPairs(lengths)
    chooseBins(lengths)
    let total = bins.x * bins.y * bins.z
    firstOfBin.deallocate()
    firstOfBin = .allocate(capacity: total + 2)
    firstOfBin.initialize(repeating: 0, count: total + 2)
    // Coordinates become places in units of bins, and images.
    let scales = (0..<3).map { lengths[$0] > 0 ? Double(bins[$0]) / lengths[$0] : 0 }
    let (a, b, c) = (frame.combinations[0], frame.combinations[1], frame.combinations[2])
    var places = [(place: SIMD3<Double>, image: SIMD3<Int32>)](repeating: (.zero, .zero), count: atomCount)
    for i in 0..<atomCount {
      var coordinates = SIMD3(x[i], y[i], z[i])
      var (index, image) = (0, SIMD3<Double>.zero)
      for axis in 0..<3 {
        if frame.isPeriodic[axis] {
          image[axis] = coordinates[axis].rounded(.down)
          coordinates[axis] -= image[axis]
        } else {
          coordinates[axis] -= low[axis]
        }
        index = index * bins[axis] + min(Int(coordinates[axis] * scales[axis]), bins[axis] - 1)
      }
      for axis in 0..<3 {
        let whole = image.x * Double(a[axis]) + image.y * Double(b[axis]) + image.z * Double(c[axis])
        guard whole.magnitude < 1e9 else { throw .farOutside(atom: i) }
        places[i].image[axis] = Int32(whole)
      }
      places[i].place = positions[i] - image.x * frame.vectors[0] - image.y * frame.vectors[1] - image.z * frame.vectors[2]
      bin[i] = Int32(index)
      firstOfBin[index + 2] += 1
    }
    for index in 0..<total { firstOfBin[index + 2] += firstOfBin[index + 1] }
    for i in 0..<atomCount {
      let index = Int(bin[i]) + 1
      let k = Int(firstOfBin[index])
      firstOfBin[index] += 1
      (rank[i], atoms[k]) = (Int32(k), Int32(i))
      let place = places[i].place
      (x[k], y[k], z[k], images[k]) = (place.x, place.y, place.z, places[i].image)
    }
  }

  /// Throws where even evenly spread atoms would have too many pairs. `lengths` are those that the atoms take along axes that do not
  /// repeat.
  private func checkPairs(_ lengths: [Double]) throws(NeighborListError) {
    let count = Double(atomCount)
    let across = (frame.periodicity..<3).reduce(0.0) { $0 + lengths[$1] * lengths[$1] }
    let square = cutoff * cutoff - across
    let all = square > 0 ? count * count * frame.ball(square.squareRoot()) / frame.content : 0
    let own = frame.periodicity > 0 ? count * frame.ball(cutoff) / frame.content : 0
    if max(all, own) > Double(NeighborList.pairLimit) { throw .tooManyPairs(estimate: max(all, own)) }
  }

  /// Bins as narrow as the cut-off, but not many more than there are atoms.
  private func chooseBins(_ lengths: [Double]) {
    // A little wider than the cut-off, so that rounding moves no neighbour beyond the next bin.
    let (wide, near) = (cutoff * (1 + 1e-9), cutoff * (1 + 1e-10))
    let extents = (0..<3).map { lengths[$0] * frame.heights[$0] }
    for axis in 0..<3 { bins[axis] = Int(max(1, min(extents[axis] / wide, 1e6))) }
    while Double(bins.x) * Double(bins.y) * Double(bins.z) > Double(max(64, 2 * atomCount)) {
      let most = (0..<3).max { bins[$0] < bins[$1] }!
      bins[most] = (bins[most] + 1) / 2
    }
    for axis in 0..<3 {
      let width = extents[axis] / Double(bins[axis])
      if frame.isPeriodic[axis] {
        reach[axis] = Int((near / width).rounded(.up))
      } else if bins[axis] > 1 {
        reach[axis] = min(Int((near / width).rounded(.up)), bins[axis] - 1)
      }
    }
  }
}
