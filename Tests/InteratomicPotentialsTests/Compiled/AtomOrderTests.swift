import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct AtomOrderTests {
  private static func positions(_ count: Int, seed: UInt64) -> (positions: [SIMD3<Double>], species: [Int]) {
    var source = RandomSource(seed: seed)
    let positions = (0..<count).map { _ in
      SIMD3(Double.random(in: -9...9, using: &source), .random(in: 0...20, using: &source), .random(in: -4...4, using: &source))
    }
    return (positions, positions.map { _ in Int.random(in: 0..<4, using: &source) })
  }

  /// Every atom once, in blocks of one size and runs of one element that fill them.
  @Test(arguments: [1, 2, 8, 9, 31, 64, 128, 129, 500, 513, 1000]) func blocksAndRuns(_ count: Int) {
    let (positions, species) = Self.positions(count, seed: UInt64(count))
    let order = AtomOrder(positions: positions, species: species)
    #expect(order.atoms.sorted() == Array(0..<count))
    #expect(order.blocks.first == 0 && order.blocks.last == count && order.runs.count == order.blocks.count - 1)
    let size = max(8, min(32, (count + 15) / 16))
    for (b, runs) in order.runs.enumerated() {
      let block = order.blocks[b]..<order.blocks[b + 1]
      let isLast = b == order.runs.count - 1
      #expect(isLast ? (1...size).contains(block.count) : block.count == size)
      #expect(runs.first?.range.lowerBound == block.lowerBound && runs.last?.range.upperBound == block.upperBound)
      for (run, next) in zip(runs, runs.dropFirst()) {
        #expect(run.range.upperBound == next.range.lowerBound && run.species < next.species)
      }
      for run in runs { #expect(!run.range.isEmpty && run.range.allSatisfy { species[order.atoms[$0]] == run.species }) }
    }
  }

  /// Atoms of a block are nearer to each other than atoms of the structure are.
  @Test func blocksAreNear() {
    let (positions, species) = Self.positions(1000, seed: 3)
    func spread(_ order: AtomOrder) -> Double {
      (0..<order.runs.count).reduce(0) { sum, b in
        let block = order.atoms[order.blocks[b]..<order.blocks[b + 1]].map { positions[$0] }
        let centre = block.reduce(.zero, +) / Double(block.count)
        return sum + block.reduce(0) { $0 + (($1 - centre) * ($1 - centre)).sum() } / Double(positions.count)
      }
    }
    let near = spread(AtomOrder(positions: positions, species: species))
    let far = spread(AtomOrder(positions: positions.map { _ in .zero }, species: species))
    #expect(near < 0.4 * far, "\(near), \(far)")
  }

  /// Numbers that are no places, and places that no cube has a number for, leave the order as it is.
  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e20]) func noPlaces(_ value: Double) {
    for axis in 0..<3 {
      for atom in [0, 20, 99] {
        var (positions, species) = Self.positions(100, seed: 8)
        species = species.map { _ in 0 }
        positions[atom][axis] = value
        #expect(AtomOrder(positions: positions, species: species).atoms == Array(0..<100))
      }
    }
  }

  /// Atoms on a point, a line and a plane, and very far apart.
  @Test func degenerateShapes() {
    let shapes: [(Int) -> SIMD3<Double>] = [
      { _ in .zero }, { SIMD3(0, Double($0), 0) }, { SIMD3(Double($0 % 10), 0, Double($0 / 10)) },
      { SIMD3(1e11 * Double($0 % 7), 1, 1e-9) },
      { SIMD3($0 == 0 ? 1e14 : 0, $0 == 1 ? -1e14 : 0, $0 == 2 ? 1e14 : 0) },
    ]
    for shape in shapes {
      let order = AtomOrder(positions: (0..<100).map(shape), species: (0..<100).map { $0 % 2 })
      #expect(order.atoms.sorted() == Array(0..<100))
    }
  }
}
