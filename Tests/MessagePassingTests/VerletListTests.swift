import DifferentiableTensors
import Testing

@testable import MessagePassing

@Suite struct VerletListTests {
  private let cell = PeriodicCell(SIMD3(6, 0, 0), SIMD3(1, 7, 0), SIMD3(-1, 2, 6))

  private func displaced(_ positions: [SIMD3<Double>], _ step: Double, _ source: inout RandomSource) -> [SIMD3<Double>] {
    positions.map {
      $0
        + SIMD3(
          .random(in: -step...step, using: &source), .random(in: -step...step, using: &source), .random(in: -step...step, using: &source))
    }
  }

  /// A walk of atoms and of the cell: the pairs are those of a new list at every step, and are seldom found anew.
  @Test(arguments: [[true, true, true], [true, false, true], [false, true, false], [false, false, false]])
  func equalsANewListAtEveryStep(_ isPeriodic: [Bool]) throws {
    var source = RandomSource(seed: 5)
    var cell = cell
    cell.isPeriodic = isPeriodic
    var positions = displaced(Array(repeating: .zero, count: 12), 5, &source)
    var verlet = try VerletList(positions: positions, cell: cell, cutoff: 3, skin: 0.8)
    let steps = 60
    for step in 0..<steps {
      // The whole drifts far, which is no reason to look again.
      positions = displaced(positions, 0.05, &source).map { $0 + SIMD3(0.3, 0, 0) }
      if step % 3 == 0 {
        for axis in 0..<3 { cell.vectors[axis] *= 1 + .random(in: -0.002...0.002, using: &source) }
        cell.vectors[2].x += .random(in: -0.01...0.01, using: &source)
      }
      try verlet.update(positions: positions, cell: cell)
      let fresh = try NeighborList(positions: positions, cell: cell, cutoff: 3)
      #expect(try verlet.neighbors(positions: positions, cell: cell) == fresh, "step \(step)")
    }
    #expect(verlet.buildCount > 1 && verlet.buildCount < steps / 2, "\(verlet.buildCount)")
  }

  /// Half of the skin, for the first two atoms that move towards each other.
  @Test func halfTheSkin() throws {
    let positions = [SIMD3<Double>.zero, SIMD3(4.9, 0, 0), SIMD3(0, 100, 0), SIMD3(50, 50, 0)]
    let verlet = try VerletList(positions: positions, cutoff: 4, skin: 1)
    func moved(_ by: Double) -> [SIMD3<Double>] {
      [positions[0] + SIMD3(by, 0, 0), positions[1] - SIMD3(by, 0, 0), positions[2], positions[3]]
    }
    #expect(verlet.holds(positions: moved(0.4999)) && !verlet.holds(positions: moved(0.5001)))
    #expect(try verlet.neighbors(positions: moved(0.48)).edgeCount == 2)
    #expect(verlet.holds(positions: positions.map { $0 + SIMD3(1e3, -5, 2) }))
  }

  /// Without a skin it holds for its own positions; atoms that repeat otherwise, are others or are nowhere need another list.
  @Test func whatItDoesNotHoldFor() throws {
    let positions = [SIMD3<Double>.zero, SIMD3(1, 0, 0)]
    let bare = try VerletList(positions: positions, cell: cell, cutoff: 2, skin: 0)
    #expect(bare.holds(positions: positions, cell: cell) && !bare.holds(positions: [.zero, SIMD3(1.001, 0, 0)], cell: cell))
    let skinned = try VerletList(positions: positions, cell: cell, cutoff: 2, skin: 1)
    var other = cell
    other.isPeriodic[0] = false
    #expect(
      !skinned.holds(positions: positions, cell: other) && !skinned.holds(positions: positions)
        && !skinned.holds(positions: [.zero], cell: cell))
    #expect(!skinned.holds(positions: [.zero, SIMD3(.nan, 0, 0)], cell: cell))
    var large = cell
    large.vectors[0] *= 1.3
    #expect(!skinned.holds(positions: positions, cell: large))
    var flat = cell
    flat.vectors[0] = .zero
    #expect(!skinned.holds(positions: positions, cell: flat))
    // What fails leaves the list as it was.
    var kept = skinned
    #expect(throws: NeighborListError.self) { try kept.update(positions: [.zero, .zero], cell: cell) }
    #expect(kept.holds(positions: positions, cell: cell) && kept.list == skinned.list)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = try VerletList(positions: [], cutoff: 2, skin: -1) }
    await #expect(processExitsWith: .failure) {
      let verlet = try VerletList(positions: [.zero, SIMD3(1, 0, 0)], cutoff: 2, skin: 1)
      _ = try verlet.neighbors(positions: [.zero, SIMD3(9, 0, 0)])
    }
  }
}
