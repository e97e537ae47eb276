import FileFormats
import Requirements

/// The conformations of a molecule with energies and forces, as the files .npz of MD17 and rMD17 have them, as structures.
///
/// | arrays | shapes |
/// |---|---|
/// | `nuclear_charges`, `coords`, `energies`, `forces` (rMD17) | [atoms], [n, atoms, 3], [n] or [n, 1], [n, atoms, 3] |
/// | `z`, `R`, `E`, `F` (MD17) | the same |
/// | `z`, and `train_` and `test_` followed by `pos`, `energy`, `forces` | the same, one set after the other |
///
/// The units are kcal/mol and Å (Christensen and von Lilienfeld, Mach. Learn.: Sci. Technol. 1, 045018, 2020), or what the arrays `e_unit`
/// and `r_unit` say, as those of sGDML do. Structures have the properties "energy" in eV and "forces" in eV/Å; energies and forces may be
/// absent.
public struct MD17Archive: Sendable {
  /// The file, as errors call it.
  public let path: String
  /// The atomic numbers of the atoms.
  public let atomicNumbers: [Int]
  /// The units of the file.
  public let energyUnit: EnergyUnit, lengthUnit: LengthUnit
  private let positions: [Double]
  private let energies: [Double]?
  private let forces: [Double]?
  /// The number of conformations.
  public let count: Int

  /// Reads a file.
  /// - Throws: `FileFormatError` for a file that cannot be read, arrays that are missing or of other shapes, atomic numbers beyond 1 ...
  /// 118,
  ///   units that are not known, and positions that are not numbers. It names the array, the frame and the atom.
  public init(contentsOf path: String) throws(FileFormatError) { try self.init(NumericArchive(contentsOf: path)) }

  /// Reads bytes in memory, which errors call `path`.
  /// - Throws: the errors of ``init(contentsOf:)``.
  public init(bytes: [UInt8], path: String) throws(FileFormatError) { try self.init(NumericArchive(bytes: bytes, path: path)) }

  private init(_ archive: NumericArchive) throws(FileFormatError) {
    path = archive.path
    func wrong(_ name: String, _ cause: String, _ cure: String, frame: Int? = nil, atom: Int? = nil) -> FileFormatError {
      FileFormatError(.malformed, path: archive.path, place: .init(entry: name, frame: frame, atom: atom), cause: cause, cure: cure)
    }
    let layouts = [["nuclear_charges", "coords", "energies", "forces"], ["z", "R", "E", "F"]]
    var parts = layouts.filter { archive.contains($0[0]) && archive.contains($0[1]) }.prefix(1).map { $0 }
    if parts.isEmpty, archive.contains("z") {
      parts = ["train", "valid", "test"].map { ["z", "\($0)_pos", "\($0)_energy", "\($0)_forces"] }.filter { archive.contains($0[1]) }
    }
    guard let names = parts.first else {
      throw FileFormatError(
        .notFound, path: archive.path,
        cause: "there are the arrays \(archive.names.prefix(20).joined(separator: ", ")), which are of no layout that is read",
        cure: "give nuclear_charges, coords, energies and forces (rMD17), or z, R, E and F (MD17)")
    }
    let numbers = try archive.ints(names[0])
    guard !numbers.isEmpty, numbers.count < 1 << 20 else {
      throw wrong(names[0], "there are \(numbers.count) atoms", "give one number for each atom")
    }
    if let atom = numbers.firstIndex(where: { ChemicalElement(atomicNumber: $0) == nil }) {
      throw wrong(names[0], "the atomic number is \(numbers[atom])", "give numbers from 1 to 118", atom: atom)
    }
    func unit(_ name: String) throws(FileFormatError) -> String? {
      guard archive.contains(name) else { return nil }
      return (try? archive.strings(name))?.first
    }
    energyUnit =
      try unit("e_unit").map { text throws(FileFormatError) in
        guard let unit = EnergyUnit(named: text) else {
          throw wrong("e_unit", "the unit of energies is \"\(excerpt(text))\"", "write kcal/mol or eV")
        }
        return unit
      } ?? .kilocaloriePerMole
    lengthUnit =
      try unit("r_unit").map { text throws(FileFormatError) in
        guard let unit = LengthUnit(named: text) else {
          throw wrong("r_unit", "the unit of lengths is \"\(excerpt(text))\"", "write Ang or bohr")
        }
        return unit
      } ?? .angstrom
    var (positions, energies, forces): ([Double], [Double], [Double]) = ([], [], [])
    var (hasEnergies, hasForces, count) = (true, true, 0)
    let atoms = numbers.count
    for part in parts {
      func values(_ name: String, _ shapes: [[Int]]) throws(FileFormatError) -> [Double]? {
        guard archive.contains(name) else { return nil }
        let shape = try archive.array(name).shape
        guard shapes.contains(shape) else {
          throw wrong(name, "the shape is \(shape), and \(shapes[0]) is expected", "give one row for each")
        }
        return try archive.doubles(name)
      }
      let shape = try archive.array(part[1]).shape
      let n = shape.count == 3 ? shape[0] : 0
      positions += try values(part[1], [[n, atoms, 3]]) ?? []
      let e = try values(part[2], [[n], [n, 1]])
      let f = try values(part[3], [[n, atoms, 3]])
      (hasEnergies, hasForces) = (hasEnergies && e != nil, hasForces && f != nil)
      energies += e ?? []
      forces += f ?? []
      count += n
    }
    if let k = positions.firstIndex(where: { !($0.magnitude < 1e12) }) {
      throw wrong(
        names[1], "a coordinate is \(positions[k])", "correct it, or leave the conformation out", frame: k / (3 * atoms),
        atom: k / 3 % atoms)
    }
    (self.positions, self.count, atomicNumbers) = (positions, count, numbers)
    (self.energies, self.forces) = (hasEnergies ? energies : nil, hasForces ? forces : nil)
  }

  /// A conformation.
  public subscript(_ frame: Int) -> AtomicStructure {
    require((0..<count).contains(frame), "a frame in 0 ..< \(count) is expected, received \(frame)")
    let atoms = atomicNumbers.count
    func rows(_ values: [Double], _ factor: Double) -> [SIMD3<Double>] {
      (frame * atoms..<(frame + 1) * atoms).map { factor * SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    }
    var structure = AtomicStructure(atomicNumbers: atomicNumbers, positions: rows(positions, lengthUnit.angstroms))
    if let energies { structure.properties["energy"] = PropertyValues(energies[frame] * energyUnit.electronvolts) }
    if let forces {
      structure.atomProperties["forces"] = PropertyValues(rows(forces, energyUnit.electronvolts / lengthUnit.angstroms))
    }
    return structure
  }
}
