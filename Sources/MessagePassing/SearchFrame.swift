import Foundation

/// The frame in which neighbours are searched: short vectors that span the same lattice as those of the cell along which the structure
/// repeats, and unit vectors across them.
///
/// Of a thin or much inclined cell the short vectors need few images, where its own would need thousands.
struct SearchFrame {
  /// Three independent vectors.
  let vectors: [SIMD3<Double>]
  let isPeriodic: [Bool]
  /// Vector a that repeats is Σ_b combinations[a][b] times vector b of the cell; zero for the others.
  let combinations: [SIMD3<Int32>]
  /// The coordinate of a point along vector a is its scalar product with `duals[a]`.
  let duals: [SIMD3<Double>]
  /// The distance of the planes on which the coordinate a differs by 1.
  let heights: [Double]
  /// How many vectors repeat, and the length, area or volume that they span.
  let periodicity: Int
  let content: Double

  init(_ cell: PeriodicCell?) throws(NeighborListError) {
    let periodic = cell.map { cell in (0..<3).filter { cell.isPeriodic[$0] } } ?? []
    var lattice = ReducedLattice(periodic.map { cell!.vectors[$0] }, periodic)
    func flat() -> NeighborListError { .flatCell(cell!.vectors, isPeriodic: cell!.isPeriodic) }
    guard lattice.isIndependent, lattice.reduce() else { throw flat() }
    var vectors = lattice.vectors
    periodicity = vectors.count
    content = lattice.content
    // Unit vectors across complete the frame.
    while vectors.count < 3 {
      var across: SIMD3<Double>
      switch vectors.count {
      case 2: across = cross(vectors[0], vectors[1])
      case 1:
        let axis = (0..<3).min { vectors[0][$0].magnitude < vectors[0][$1].magnitude }!
        var unit = SIMD3<Double>.zero
        unit[axis] = 1
        across = cross(vectors[0], unit)
      default: across = SIMD3(1, 0, 0)
      }
      across /= dot(across, across).squareRoot()
      vectors.append(across)
    }
    let determinant = dot(vectors[0], cross(vectors[1], vectors[2]))
    guard determinant != 0, determinant.isFinite else { throw flat() }
    let duals = (0..<3).map { cross(vectors[($0 + 1) % 3], vectors[($0 + 2) % 3]) / determinant }
    let count = periodicity
    (self.vectors, self.duals) = (vectors, duals)
    isPeriodic = (0..<3).map { $0 < count }
    combinations = lattice.combinations + Array(repeating: .zero, count: 3 - count)
    heights = duals.map { 1 / dot($0, $0).squareRoot() }
    guard heights.allSatisfy({ $0.isFinite && $0 > 0 }) else { throw flat() }
  }

  /// The volume of a ball in as many dimensions as repeat.
  func ball(_ radius: Double) -> Double {
    switch periodicity {
    case 0: 1
    case 1: 2 * radius
    case 2: .pi * radius * radius
    default: 4 / 3 * .pi * radius * radius * radius
    }
  }
}

/// Up to three vectors of a lattice, made as short as pairs and the third by the first two can make them (Semaev 2001).
private struct ReducedLattice {
  var vectors: [SIMD3<Double>]
  /// Vector a is Σ_b combinations[a][b] times vector b of the cell.
  var combinations: [SIMD3<Int32>]

  init(_ vectors: [SIMD3<Double>], _ axes: [Int]) {
    self.vectors = vectors
    combinations = axes.map { axis in
      var unit = SIMD3<Int32>.zero
      unit[axis] = 1
      return unit
    }
  }

  /// The length, area or volume that the vectors span; 1 of none.
  var content: Double {
    switch vectors.count {
    case 0: 1
    case 1: norm(vectors[0])
    case 2: norm(cross(vectors[0], vectors[1]))
    default: dot(vectors[0], cross(vectors[1], vectors[2])).magnitude
    }
  }

  /// Lengths that can be squared thrice, and no vector in the span of the others, to nine digits.
  var isIndependent: Bool {
    vectors.allSatisfy { norm($0) > 1e-12 && norm($0) < 1e12 } && content > 1e-9 * vectors.reduce(1) { $0 * norm($1) }
  }

  /// False where the combinations leave the range of their numbers.
  mutating func reduce() -> Bool {
    guard vectors.count > 1 else { return true }
    for _ in 0..<200 {
      sort()
      guard let first = subtract([0], from: 1) else { return false }
      if first { continue }
      guard vectors.count == 3 else { return true }
      guard let second = subtract([0, 1], from: 2) else { return false }
      if !second { return true }
    }
    return true
  }

  private mutating func sort() {
    let order = vectors.indices.sorted { (dot(vectors[$0], vectors[$0]), $0) < (dot(vectors[$1], vectors[$1]), $1) }
    (vectors, combinations) = (order.map { vectors[$0] }, order.map { combinations[$0] })
  }

  /// Subtracts from one vector the whole multiples of shorter ones that make it shortest; whether that made it shorter, nil out of range.
  private mutating func subtract(_ shorter: [Int], from last: Int) -> Bool? {
    let v = vectors[last]
    var best: (vector: SIMD3<Double>, multiples: [Double])?
    var least = dot(v, v) * (1 - 1e-12)
    for multiples in candidates(shorter, v) {
      let w = zip(shorter, multiples).reduce(v) { $0 - $1.1 * vectors[$1.0] }
      let square = dot(w, w)
      if square < least { (best, least) = ((w, multiples), square) }
    }
    guard let best else { return false }
    for (k, multiple) in zip(shorter, best.multiples) {
      for axis in 0..<3 {
        let value = Double(combinations[last][axis]) - multiple * Double(combinations[k][axis])
        guard value.magnitude < 1e9 else { return nil }
        combinations[last][axis] = Int32(value)
      }
    }
    vectors[last] = best.vector
    return true
  }

  /// Whole multiples near the coordinates of v's projection.
  private func candidates(_ shorter: [Int], _ v: SIMD3<Double>) -> [[Double]] {
    let a = vectors[shorter[0]]
    if shorter.count == 1 { return [[(dot(a, v) / dot(a, a)).rounded()]] }
    let b = vectors[shorter[1]]
    let (aa, ab, bb, av, bv) = (dot(a, a), dot(a, b), dot(b, b), dot(a, v), dot(b, v))
    let determinant = aa * bb - ab * ab
    let (x, y) = ((bb * av - ab * bv) / determinant, (aa * bv - ab * av) / determinant)
    return [x.rounded(.down), x.rounded(.up)].flatMap { x in [y.rounded(.down), y.rounded(.up)].map { [x, $0] } }
  }
}

func norm(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }
