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

  /// A set of the given conformations.
  init(atomicNumbers: [Int], train: Conformations, valid: Conformations, test: Conformations) {
    (self.atomicNumbers, self.train, self.valid, self.test) = (atomicNumbers, train, valid, test)
  }
}
