import DifferentiableTensors
import FileFormats
import MessagePassing
import Requirements

/// Small organic molecules of H, C, N, O and F with properties by density functional theory, B3LYP/6-31G(2df,p) (QM9; Ramakrishnan, Dral,
/// Rupp and von Lilienfeld, Sci. Data 1, 140022, 2014), or any molecules in the same arrays.
///
/// ```swift
/// let data = try QM9Dataset(contentsOf: "Data/qm9/qm9_600.npz")
/// let batch: AtomBatch<Float> = data.batch(data.train.prefix(32), cutoff: 5)
/// let energies = try data.atomizationEnergies()
/// ```
public struct QM9Dataset: Sendable {
  /// A property of each molecule, named as in the file and in the unit that is stored.
  public enum Property: String, Sendable, CaseIterable {
    /// The dipole moment, in debye.
    case dipoleMoment = "mu"
    /// The isotropic polarisability, in bohr³.
    case polarizability = "alpha"
    /// The energy of the highest occupied orbital, in hartree.
    case homo
    /// The energy of the lowest unoccupied orbital, in hartree.
    case lumo
    /// The difference of the two, in hartree.
    case gap
    /// The electronic spatial extent, in bohr².
    case spatialExtent = "r2"
    /// The zero-point vibrational energy, in hartree.
    case zeroPointEnergy = "zpve"
    /// The internal energy at 0 K, in hartree.
    case internalEnergy0 = "u0"
    /// The internal energy at 298.15 K, in hartree.
    case internalEnergy = "u298"
    /// The enthalpy at 298.15 K, in hartree.
    case enthalpy = "h298"
    /// The free energy at 298.15 K, in hartree.
    case freeEnergy = "g298"
    /// The heat capacity at 298.15 K, in cal/mol/K.
    case heatCapacity = "cv"
  }

  /// The number of eV in a hartree (CODATA 2018).
  public static let electronvoltsPerHartree = 27.211386245988
  /// The internal energies of free atoms at 0 K by the method of the data set, in hartree, by atomic number.
  public static let atomEnergies: [Int: Double] = [1: -0.500273, 6: -37.846772, 7: -54.583861, 8: -75.064579, 9: -99.718730]

  /// The place where the atoms of each molecule begin, and at the end the number of all atoms.
  public let offsets: [Int]
  /// The atomic numbers of all atoms, one molecule after the other.
  public let atomicNumbers: [Int]
  /// The coordinates in Å, three of each atom.
  public let positions: [Float]
  /// The Mulliken charges of the atoms in e; nil where the file has none.
  public let charges: [Float]?
  /// The numbers of the molecules to learn from, to choose a model by, and to test on.
  public let train, valid, test: [Int]
  private let properties: [Property: [Double]]
  private let path: String

  /// The number of molecules.
  public var count: Int { offsets.count - 1 }

  /// Reads an archive of the arrays `n_atoms` [molecules], `z` [atoms], `pos` [atoms, 3] (Å), `split` [molecules] (0 to learn from, 1 to
  /// choose a model by, 2 to test on; without it, all are to learn from), `mulliken` [atoms] and properties [molecules] by the names of
  /// ``Property``; the last two kinds may be absent.
  ///
  /// - Throws: `FileFormatError` for a file that cannot be read, arrays of other shapes, invalid atomic numbers, and numbers that are not
  ///   finite. It names the array, the molecule and the atom.
  public init(contentsOf path: String) throws(FileFormatError) {
    let archive = try NumericArchive(contentsOf: path)
    func wrong(_ name: String, _ cause: String, _ cure: String) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(entry: name), cause: cause, cure: cure)
    }
    func checked(_ name: String, _ shape: [Int]) throws(FileFormatError) {
      let found = try archive.array(name).shape
      guard found == shape else { throw wrong(name, "the shape \(shape) is expected, it is \(found)", "give one row for each") }
    }
    let counts = try archive.ints("n_atoms")
    try checked("n_atoms", [counts.count])
    guard !counts.isEmpty else { throw wrong("n_atoms", "there is no molecule", "give at least one") }
    var offsets = [0]
    for (molecule, count) in counts.enumerated() {
      guard count > 0, count < 1 << 20 else {
        throw wrong("n_atoms", "molecule \(molecule) has \(count) atoms", "give molecules of at least one atom, and fewer than a million")
      }
      offsets.append(offsets[molecule] + count)
    }
    let atoms = offsets[counts.count]
    try checked("z", [atoms])
    try checked("pos", [atoms, 3])
    atomicNumbers = try archive.ints("z")
    positions = try archive.floats("pos")
    charges = archive.contains("mulliken") ? try archive.floats("mulliken") : nil
    if charges != nil { try checked("mulliken", [atoms]) }
    for molecule in counts.indices {
      for atom in offsets[molecule]..<offsets[molecule + 1] {
        let number = atom - offsets[molecule]
        guard (1...118).contains(atomicNumbers[atom]) else {
          throw wrong(
            "z", "atom \(number) of molecule \(molecule) has the atomic number \(atomicNumbers[atom])", "give numbers in 1 ... 118")
        }
        guard positions[3 * atom..<3 * atom + 3].allSatisfy({ $0.isFinite && $0.magnitude <= 1e4 }), charges?[atom].isFinite ?? true else {
          throw wrong(
            "pos", "atom \(number) of molecule \(molecule) has a coordinate or a charge that is not a finite number up to 10⁴ Å",
            "correct it, or leave the molecule out")
        }
      }
    }
    var properties: [Property: [Double]] = [:]
    for property in Property.allCases where archive.contains(property.rawValue) {
      try checked(property.rawValue, [counts.count])
      let values = try archive.doubles(property.rawValue)
      if let molecule = values.firstIndex(where: { !$0.isFinite }) {
        throw wrong(property.rawValue, "the value of molecule \(molecule) is \(values[molecule])", "correct it, or leave the molecule out")
      }
      properties[property] = values
    }
    var parts = [[Int]](repeating: [], count: 3)
    if archive.contains("split") {
      try checked("split", [counts.count])
      for (molecule, part) in try archive.ints("split").enumerated() {
        guard (0...2).contains(part) else {
          throw wrong("split", "molecule \(molecule) is of part \(part)", "give 0 to learn from, 1 to choose by and 2 to be tested on")
        }
        parts[part].append(molecule)
      }
    } else {
      parts[0] = Array(counts.indices)
    }
    (self.offsets, self.properties, self.path) = (offsets, properties, path)
    (train, valid, test) = (parts[0], parts[1], parts[2])
  }

  /// The atomic numbers of a molecule.
  public func atomicNumbers(of molecule: Int) -> [Int] { Array(atomicNumbers[offsets[molecule]..<offsets[molecule + 1]]) }

  /// A property of all molecules.
  /// - Throws: `FileFormatError` where the file does not have it.
  public func values(of property: Property) throws(FileFormatError) -> [Double] {
    guard let values = properties[property] else {
      throw FileFormatError(
        .notFound, path: path, cause: "there is no array \(property.rawValue)",
        cure: "give a file that has it, or learn one of \(properties.keys.map(\.rawValue).sorted().joined(separator: ", "))")
    }
    return values
  }

  /// The energies of formation from free atoms at 0 K in eV, negative where a molecule is stable: ``Property/internalEnergy0`` minus
  /// ``atomEnergies``.
  /// - Throws: `FileFormatError` where the file has no `u0`, or atoms of another element than H, C, N, O and F.
  public func atomizationEnergies() throws(FileFormatError) -> [Double] {
    let energies = try values(of: .internalEnergy0)
    if let atom = atomicNumbers.firstIndex(where: { Self.atomEnergies[$0] == nil }) {
      throw FileFormatError(
        .unsupported, path: path, place: .init(entry: "z"),
        cause: "there is an atom of the atomic number \(atomicNumbers[atom]), and free energies are known for H, C, N, O and F",
        cure: "learn another property, or leave such molecules out")
    }
    return energies.enumerated().map { molecule, energy in
      let free = atomicNumbers[offsets[molecule]..<offsets[molecule + 1]].reduce(0) { $0 + Self.atomEnergies[$1]! }
      return (energy - free) * Self.electronvoltsPerHartree
    }
  }

  /// The dipole moments of the Mulliken charges, Σ qᵢ xᵢ, in e Å, three numbers for each molecule: vectors in the frame of the coordinates.
  /// They are zero where there are no charges.
  public var chargeDipoles: [Float] {
    guard let charges else { return [Float](repeating: 0, count: 3 * count) }
    return (0..<count).flatMap { molecule in
      (0..<3).map { axis in (offsets[molecule]..<offsets[molecule + 1]).reduce(0) { $0 + charges[$1] * positions[3 * $1 + axis] } }
    }
  }

  /// Some molecules, with an edge in both directions between atoms of one molecule at a distance up to `cutoff` (Å).
  public func batch<Scalar: TensorScalar>(_ numbers: some Sequence<Int>, cutoff: Scalar) -> AtomBatch<Scalar> {
    var (elements, places, sizes): ([Int], [Scalar], [Int]) = ([], [], [])
    for number in numbers {
      require((0..<count).contains(number), "a molecule in 0 ..< \(count) is expected, received \(number)")
      let atoms = offsets[number]..<offsets[number + 1]
      elements += atomicNumbers[atoms]
      places += positions[3 * atoms.lowerBound..<3 * atoms.upperBound].map { Scalar($0) }
      sizes.append(atoms.count)
    }
    return AtomBatch(
      atomicNumbers: elements, positions: Tensor(places, shape: [elements.count, 3]), sizes: sizes, cutoff: cutoff)
  }
}
