import Foundation
import Requirements

/// The order in which a compiled potential works on the atoms of a structure: near ones together, in blocks of a size that depends on the number
/// of atoms alone, and within a block those of one element together.
struct AtomOrder: Sendable {
  /// The atom of the structure at each place.
  let atoms: [Int]
  /// Where each block begins, and the number of atoms at the end.
  let blocks: [Int]

  /// Runs of one element within a block.
  struct Run: Sendable {
    let species: Int
    let range: Range<Int>
  }
  /// The runs of each block.
  let runs: [[Run]]

  /// - Parameters:
  ///   - positions: of the atoms. Where they are no places in space, the order is that of the structure.
  ///   - species: of the atoms.
  init(positions: [SIMD3<Double>], species: [Int]) {
    require(positions.count == species.count, "\(positions.count) elements are expected, received \(species.count)")
    let count = positions.count
    // Never more blocks than threads can be given at once.
    let size = max(8, min(32, (count + 15) / 16), (count + 59_999) / 60_000)
    var order = Array(0..<count)
    if count > size, let places = AtomOrder.bins(positions, holding: size) {
      order.sort { (places[$0], $0) < (places[$1], $1) }
    }
    var (starts, runs): ([Int], [[Run]]) = ([], [])
    var start = 0
    while start < count {
      let end = min(start + size, count)
      order[start..<end].sort { (species[$0], $0) < (species[$1], $1) }
      starts.append(start)
      var block: [Run] = []
      var first = start
      while first < end {
        let kind = species[order[first]]
        var last = first
        while last < end && species[order[last]] == kind { last += 1 }
        block.append(Run(species: kind, range: first..<last))
        first = last
      }
      runs.append(block)
      start = end
    }
    (atoms, blocks, self.runs) = (order, starts + [count], runs)
  }

  /// The number of a cube that holds about so many atoms, for each atom; nil for positions that are not finite or too far apart to number cubes.
  private static func bins(_ positions: [SIMD3<Double>], holding size: Int) -> [Int]? {
    var (low, high) = (positions[0], positions[0])
    for p in positions {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    // Comparisons let go of numbers that are none.
    guard positions.allSatisfy({ abs($0.x) < 1e15 && abs($0.y) < 1e15 && abs($0.z) < 1e15 }) else { return nil }
    let extent = high - low
    let spread = SIMD3(max(extent.x, 1), max(extent.y, 1), max(extent.z, 1))
    let volume = spread.x * spread.y * spread.z
    let side = max(cbrt(volume * Double(size) / Double(positions.count)), 1e-3)
    // Never more cubes along an axis than can be numbered together.
    let counts = SIMD3(
      min((extent.x / side).rounded(.down) + 1, 1e6), min((extent.y / side).rounded(.down) + 1, 1e6),
      min((extent.z / side).rounded(.down) + 1, 1e6))
    return positions.map { p in
      let t = (p - low) / side
      let x = Int(min(t.x, counts.x - 1))
      let y = Int(min(t.y, counts.y - 1))
      let z = Int(min(t.z, counts.z - 1))
      return (x * Int(counts.y) + y) * Int(counts.z) + z
    }
  }
}
