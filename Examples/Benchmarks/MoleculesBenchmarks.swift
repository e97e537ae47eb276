import Equivariant
import Foundation

/// What a potential on many atoms does.
struct MoleculesBenchmarks {
  let bench: Bench

  func run() {
    neighbors()
  }

  /// The neighbours of 100,000 atoms at random in a box, 28 each.
  private func neighbors() {
    var generator = RandomSource(seed: 1)
    let (atoms, cutoff, neighbors) = (100_000, 5.0, 28.0)
    let volume = Double(atoms) * 4 / 3 * Double.pi * cutoff * cutoff * cutoff / neighbors
    let edge = cbrt(volume)
    let positions = (0..<atoms).map { _ in SIMD3((0..<3).map { _ in Double.random(in: 0..<edge, using: &generator) }) }
    let cell = PeriodicCell(SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge))
    Threads.count = 1
    bench.time("molecules/neighbors", ["atoms": atoms]) {
      do { _ = try NeighborList(positions: positions, cell: cell, cutoff: cutoff) } catch { fatalError("\(error)") }
    }
  }
}
