/// Conformations of one molecule with energies and forces, to learn from and to test on.
public struct MoleculeDataset: Sendable {
  /// Some conformations.
  public struct Conformations: Sendable {
    /// Positions in Å, [conformation][atom][3].
    public let positions: [Double]
    /// Energies in kcal/mol, [conformation].
    public let energies: [Double]
    /// Forces in kcal/mol/Å, [conformation][atom][3].
    public let forces: [Double]
    /// The number of conformations.
    public var count: Int { energies.count }

    /// The conformations of the given numbers.
    public func selected(_ numbers: [Int]) -> Conformations {
      let width = count == 0 ? 0 : positions.count / count
      func rows(_ values: [Double]) -> [Double] { numbers.flatMap { values[$0 * width..<($0 + 1) * width] } }
      return Conformations(positions: rows(positions), energies: numbers.map { energies[$0] }, forces: rows(forces))
    }
  }

  /// The atomic numbers of the atoms.
  public let atomicNumbers: [Int]
  /// The conformations to learn from.
  public let train: Conformations
  /// The conformations to choose a model by.
  public let valid: Conformations
  /// The conformations to test on.
  public let test: Conformations
  /// The number of atoms.
  public var atoms: Int { atomicNumbers.count }

  /// A set of the given conformations.
  init(atomicNumbers: [Int], train: Conformations, valid: Conformations, test: Conformations) {
    (self.atomicNumbers, self.train, self.valid, self.test) = (atomicNumbers, train, valid, test)
  }
}
