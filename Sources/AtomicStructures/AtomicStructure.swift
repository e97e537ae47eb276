import MessagePassing
import Requirements

/// Atoms in space: their elements, positions and cell, and what else is known of them. Lengths are in Å, energies in eV, masses in u,
/// unless the name of a property says otherwise: properties are kept as a file has them, and ``LabelKeys`` says in which units they are
/// read.
public struct AtomicStructure: Sendable, Equatable {
  /// The atomic number of each atom.
  public var atomicNumbers: [Int]
  /// The position of each atom in Å.
  public var positions: [SIMD3<Double>]
  /// The cell and the axes along which it repeats; nil for a molecule in open space.
  public var cell: PeriodicCell?
  /// How a file names the atoms, where that is more than the symbols of their elements: labels of sites ("O1"), isotopes ("D").
  public var labels: [String]?
  /// What is known of each atom, by name in the order of the file: values of the shape [atoms] or [atoms, columns].
  public var atomProperties = Properties()
  /// What is known of the whole, by name in the order of the file.
  public var properties = Properties()

  /// Makes a structure; there must be as many positions as atoms.
  public init(atomicNumbers: [Int], positions: [SIMD3<Double>], cell: PeriodicCell? = nil) {
    require(
      atomicNumbers.count == positions.count,
      "as many positions as atoms are expected, received \(positions.count) and \(atomicNumbers.count)")
    (self.atomicNumbers, self.positions, self.cell) = (atomicNumbers, positions, cell)
  }

  /// The number of atoms.
  public var count: Int { atomicNumbers.count }

  /// The mass of each atom in u: that of the property "masses", or of the isotope that a label names, or the standard one of the element.
  /// Zero beyond the elements.
  public var masses: [Double] {
    if let given = atomProperties["masses"]?.reals, given.count == count { return given }
    return atomicNumbers.indices.map { i in
      labels.flatMap { ChemicalElement.isotopes[$0[i]] } ?? ChemicalElement(atomicNumber: atomicNumbers[i])?.mass ?? 0
    }
  }

  /// The numbers of atoms of each element, such as "C2H6O", in the order of Hill: carbon and hydrogen first where
  /// there is carbon, then by the alphabet.
  public var formula: String {
    var counts: [String: Int] = [:]
    for z in atomicNumbers { counts[ChemicalElement(atomicNumber: z)?.symbol ?? "X", default: 0] += 1 }
    let first = counts["C"] == nil ? [] : ["C", "H"].filter { counts[$0] != nil }
    return (first + counts.keys.filter { !first.contains($0) }.sorted()).map { counts[$0]! == 1 ? $0 : "\($0)\(counts[$0]!)" }.joined()
  }
}
