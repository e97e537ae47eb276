import MessagePassing
import Requirements

/// Atoms in space: their elements, positions and cell. Lengths are in Å, energies in eV, masses in u.
public struct AtomicStructure: Sendable {
  /// The atomic number of each atom.
  public var atomicNumbers: [Int]
  /// The position of each atom in Å.
  public var positions: [SIMD3<Double>]
  /// The cell and the axes along which it repeats; nil for a molecule in open space.
  public var cell: PeriodicCell?

  /// Makes a structure; there must be as many positions as atoms.
  public init(atomicNumbers: [Int], positions: [SIMD3<Double>], cell: PeriodicCell? = nil) {
    require(
      atomicNumbers.count == positions.count,
      "as many positions as atoms are expected, received \(positions.count) and \(atomicNumbers.count)")
    (self.atomicNumbers, self.positions, self.cell) = (atomicNumbers, positions, cell)
  }
}
