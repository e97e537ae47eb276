import FileFormats
import Requirements

/// Conformations of one molecule with energies and forces, to learn from and to be tested on.
public struct MoleculeDataset: Sendable {
  /// Some conformations.
  public struct Conformations: Sendable {
    /// Å, [conformation][atom][3]
    public let positions: [Double]
    /// kcal/mol, [conformation]
    public let energies: [Double]
    /// kcal/mol/Å, [conformation][atom][3]
    public let forces: [Double]
    /// Number of conformations.
    public var count: Int { energies.count }

    /// Those of the given numbers.
    public func selected(_ numbers: [Int]) -> Conformations {
      let width = count == 0 ? 0 : positions.count / count
      func rows(_ values: [Double]) -> [Double] { numbers.flatMap { values[$0 * width..<($0 + 1) * width] } }
      return Conformations(positions: rows(positions), energies: numbers.map { energies[$0] }, forces: rows(forces))
    }
  }

  /// Atomic numbers of the atoms.
  public let atomicNumbers: [Int]
  /// To learn from.
  public let train: Conformations
  /// To choose a model by.
  public let valid: Conformations
  /// To be tested on.
  public let test: Conformations
  /// Number of atoms.
  public var atoms: Int { atomicNumbers.count }

  /// A molecule of rMD17 from an archive with arrays `z` [atoms], and `train_` and `test_` followed by `pos` [n, atoms, 3] (Å), `energy` [n]
  /// (kcal/mol) and `forces` [n, atoms, 3] (kcal/mol/Å); every `validationStep`-th of the training set, from the first on, becomes the
  /// validation set: with 20, 950 and 50 of 1,000.
  ///
  /// Source: A. S. Christensen and O. A. von Lilienfeld, Mach. Learn.: Sci. Technol. 1, 045018 (2020).
  /// - Throws: `FileFormatError` for a file that cannot be read, arrays that are missing or of other shapes, numbers that are not finite,
  ///   a single atom, atoms at one place, and sets without conformations.
  public init(revisedMD17 path: String, validationStep: Int = 20) throws(FileFormatError) {
    require(validationStep > 1, "a step of at least 2 is expected, received \(validationStep)")
    let archive = try NumericArchive(contentsOf: path)
    let numbers = try archive.ints("z")
    guard numbers.count > 1, numbers.allSatisfy({ (1...118).contains($0) }) else {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: "z"), cause: "atomic numbers in 1 ... 118 of at least two atoms are expected",
        cure: "give one for each atom")
    }
    let all = try Self.conformations(archive, "train", atoms: numbers.count)
    let held = Array(stride(from: 0, to: all.count, by: validationStep))
    atomicNumbers = numbers
    valid = all.selected(held)
    train = all.selected((0..<all.count).filter { $0 % validationStep != 0 })
    test = try Self.conformations(archive, "test", atoms: numbers.count)
  }

  private static func conformations(_ archive: NumericArchive, _ split: String, atoms: Int) throws(FileFormatError) -> Conformations {
    func wrong(_ name: String, _ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: archive.path, place: .init(entry: "\(split)_\(name)"), cause: cause,
        cure: "give \(split)_pos and \(split)_forces [n, \(atoms), 3] and \(split)_energy [n]")
    }
    let count = try archive.array("\(split)_energy").count
    guard count > 1 else { throw wrong("energy", "at least two conformations are expected, there are \(count)") }
    func numbers(_ name: String, _ shape: [Int]) throws(FileFormatError) -> [Double] {
      let found = try archive.array("\(split)_\(name)").shape
      guard found == shape else { throw wrong(name, "the shape \(shape) is expected, it is \(found)") }
      let values = try archive.doubles("\(split)_\(name)")
      if let place = values.firstIndex(where: { !$0.isFinite }) { throw wrong(name, "number \(place) is \(values[place])") }
      return values
    }
    let positions = try numbers("pos", [count, atoms, 3])
    for s in 0..<count {
      for i in 0..<atoms {
        for j in 0..<i {
          let (a, b) = (3 * (s * atoms + i), 3 * (s * atoms + j))
          if (0..<3).allSatisfy({ positions[a + $0] == positions[b + $0] }) {
            throw wrong("pos", "atoms \(j) and \(i) of conformation \(s) are at one place")
          }
        }
      }
    }
    return Conformations(
      positions: positions, energies: try numbers("energy", [count]), forces: try numbers("forces", [count, atoms, 3]))
  }
}
