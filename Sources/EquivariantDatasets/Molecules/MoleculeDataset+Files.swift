import FileFormats
import Requirements

extension MoleculeDataset {
  /// The largest distance along an axis, in Å, of an atom from the median of its conformation: 10⁴, a micrometre.
  public static let positionLimit = 1e4
  /// The smallest distance of two atoms, in Å: 10⁻³, far below any bond.
  public static let distanceLimit = 1e-3
  /// The largest distance of an energy from the median, in kcal/mol: 10⁶, more than any chemical bond or excitation takes.
  public static let energyLimit = 1e6
  /// The largest component of a force, in kcal/mol/Å: 10⁶, which is beyond any trajectory.
  public static let forceLimit = 1e6

  /// One molecule from an archive of NumPy arrays, in one of three layouts, with energies in kcal/mol and lengths in Å:
  ///
  /// | arrays | shapes |
  /// |---|---|
  /// | `z`, and `train_` and `test_` followed by `pos`, `energy`, `forces` | [atoms], [n, atoms, 3], [n], [n, atoms, 3] |
  /// | `nuclear_charges`, `coords`, `energies`, `forces` | the same, as the published files of rMD17 |
  /// | `z`, `R`, `E`, `F` | the same, `E` also [n, 1], as the published files of MD17 |
  ///
  /// The last two are trajectories, which a split divides; the first one is divided already and takes no split. Every `validationStep`-th
  /// conformation of the training set, from the first on, becomes the validation set: with 20, there remain 950 of 1,000, and 50 validate.
  ///
  /// The sources are A. S. Christensen and O. A. von Lilienfeld, Mach. Learn.: Sci. Technol. 1, 045018 (2020); S. Chmiela et al., Sci. Adv.
  /// 3, e1603015 (2017).
  /// - Parameters:
  ///   - path: the file.
  ///   - split: how a trajectory is divided; nil stands for ``MoleculeSplit/random(train:test:seed:)`` without arguments.
  ///   - validationStep: one in so many conformations of the training set becomes one for validation.
  /// - Throws: `FileFormatError` for a file that cannot be read, arrays that are missing or of other shapes, a single atom, sets without
  ///   conformations, a split of a file that is divided already, and numbers beyond what is physical: see ``positionLimit``,
  ///   ``distanceLimit``, ``energyLimit`` and ``forceLimit``. It names the array, the conformation and the atom.
  public init(contentsOf path: String, split: MoleculeSplit? = nil, validationStep: Int = 20) throws(FileFormatError) {
    require(validationStep > 1, "a step of at least 2 is expected, received \(validationStep)")
    let archive = try NumericArchive(contentsOf: path)
    let train: Conformations
    let test: Conformations
    let numbers: [Int]
    if let names = Trajectory.layout(of: archive) {
      numbers = try Self.atomicNumbers(archive, names.atoms)
      let all = try Trajectory(archive, names, atoms: numbers.count)
      let chosen = try (split ?? .random()).numbers(of: all.count, path: path)
      (train, test) = (try all.checked(chosen.train), try all.checked(chosen.test))
    } else {
      guard archive.contains("z") || archive.contains("train_pos") else {
        throw FileFormatError(
          .notFound, path: path,
          cause: "there are the arrays \(archive.names.joined(separator: ", ")), which are of no layout that is read",
          cure:
            "give z with train_ and test_ pos, energy and forces; nuclear_charges, coords, energies and forces (rMD17); or z, R, E and F (MD17)"
        )
      }
      guard split == nil else {
        throw FileFormatError(
          .unsupported, path: path, place: .init(entry: "train_pos"), cause: "the conformations of this file are divided already",
          cure: "ask for no split, or give a trajectory as rMD17 and MD17 have it")
      }
      numbers = try Self.atomicNumbers(archive, "z")
      let parts = try ["train", "test"].map { part throws(FileFormatError) in
        let all = try Trajectory(archive, .init("z", "\(part)_pos", "\(part)_energy", "\(part)_forces"), atoms: numbers.count)
        return try all.checked(Array(0..<all.count))
      }
      (train, test) = (parts[0], parts[1])
    }
    let all = 0..<train.count
    self.init(
      atomicNumbers: numbers, train: train.selected(all.filter { $0 % validationStep != 0 }),
      valid: train.selected(Array(stride(from: 0, to: train.count, by: validationStep))), test: test)
  }

  /// Whether a file holds a trajectory, which is to be divided.
  /// - Throws: `FileFormatError` for a file that cannot be read.
  public static func isTrajectory(_ path: String) throws(FileFormatError) -> Bool {
    Trajectory.layout(of: try NumericArchive(contentsOf: path)) != nil
  }

  private static func atomicNumbers(_ archive: NumericArchive, _ name: String) throws(FileFormatError) -> [Int] {
    let numbers = try archive.ints(name)
    guard numbers.count > 1, numbers.allSatisfy({ (1...118).contains($0) }) else {
      throw FileFormatError(
        .malformed, path: archive.path, place: .init(entry: name), cause: "atomic numbers in 1 ... 118 of at least two atoms are expected",
        cure: "give one for each atom")
    }
    return numbers
  }
}

/// Conformations of an archive as they are read, before they are checked.
private struct Trajectory {
  /// What the arrays are called.
  struct Names {
    let atoms, positions, energies, forces: String
    init(_ atoms: String, _ positions: String, _ energies: String, _ forces: String) {
      (self.atoms, self.positions, self.energies, self.forces) = (atoms, positions, energies, forces)
    }
  }

  /// The layouts of rMD17 and of MD17.
  private static let layouts = [Names("nuclear_charges", "coords", "energies", "forces"), Names("z", "R", "E", "F")]

  /// The layout that an archive has.
  static func layout(of archive: NumericArchive) -> Names? {
    layouts.first { archive.contains($0.positions) && archive.contains($0.forces) }
  }

  private let path: String
  private let names: Names
  private let atoms: Int
  private let all: MoleculeDataset.Conformations
  var count: Int { all.count }

  init(_ archive: NumericArchive, _ names: Names, atoms: Int) throws(FileFormatError) {
    (path, self.names, self.atoms) = (archive.path, names, atoms)
    func wrong(_ name: String, _ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: archive.path, place: .init(entry: name), cause: cause,
        cure: "give \(names.positions) and \(names.forces) [n, \(atoms), 3] and \(names.energies) [n]")
    }
    let energies = try archive.array(names.energies)
    let count = energies.count
    guard count > 1 else { throw wrong(names.energies, "at least two conformations are expected, there are \(count)") }
    func numbers(_ name: String, _ array: NumericArray, _ shapes: [[Int]]) throws(FileFormatError) -> [Double] {
      guard shapes.contains(array.shape) else { throw wrong(name, "the shape \(shapes[0]) is expected, it is \(array.shape)") }
      do { return try array.doubles() } catch { throw wrong(name, error.cause) }
    }
    all = MoleculeDataset.Conformations(
      positions: try numbers(names.positions, try archive.array(names.positions), [[count, atoms, 3]]),
      energies: try numbers(names.energies, energies, [[count], [count, 1]]),
      forces: try numbers(names.forces, try archive.array(names.forces), [[count, atoms, 3]]))
  }

  /// The conformations of the given numbers, all of which must be physical.
  func checked(_ numbers: [Int]) throws(FileFormatError) -> MoleculeDataset.Conformations {
    let median = numbers.map { all.energies[$0] }.filter(\.isFinite).sorted()
    let typical = median.isEmpty ? 0 : median[median.count / 2]
    for s in numbers {
      try check(s, all.energies[s] - typical, names.energies, MoleculeDataset.energyLimit) {
        "the energy of conformation \(s) is \(all.energies[s]) kcal/mol, and the median \(typical)"
      }
      for i in 0..<3 * atoms {
        let force = all.forces[3 * s * atoms + i]
        try check(s, force, names.forces, MoleculeDataset.forceLimit) {
          "component \(i % 3) of the force on atom \(i / 3) in conformation \(s) is \(force) kcal/mol/Å"
        }
      }
      try checkPositions(s)
    }
    return all.selected(numbers)
  }

  /// Throws where a number is not finite or beyond its limit.
  private func check(
    _ s: Int, _ value: Double, _ entry: String, _ limit: Double, _ cause: () -> String
  ) throws(FileFormatError) {
    guard value.magnitude <= limit else { throw failure(entry, cause() + ", beyond what is physical (\(limit))") }
  }

  private func failure(_ entry: String, _ cause: String) -> FileFormatError {
    FileFormatError(
      .malformed, path: path, place: .init(entry: entry), cause: cause,
      cure: "correct it, or leave the conformation out; units are Å and kcal/mol")
  }

  private func checkPositions(_ s: Int) throws(FileFormatError) {
    func position(_ i: Int) -> SIMD3<Double> {
      let k = 3 * (s * atoms + i)
      return SIMD3(all.positions[k], all.positions[k + 1], all.positions[k + 2])
    }
    // The median along each axis: one atom that is far off does not move it.
    let middle = SIMD3(
      (0..<3).map { axis in
        let sorted = (0..<atoms).map { position($0)[axis] }.filter(\.isFinite).sorted()
        guard let low = sorted.dropLast((sorted.count) / 2).last, let high = sorted.dropFirst(sorted.count / 2).first else { return 0.0 }
        return low.magnitude < high.magnitude ? low : high
      })
    for i in 0..<atoms {
      let offset = position(i) - middle
      guard (0..<3).allSatisfy({ offset[$0].magnitude <= MoleculeDataset.positionLimit }) else {
        let axis = (0..<3).first { !(offset[$0].magnitude <= MoleculeDataset.positionLimit) }!
        throw failure(
          names.positions,
          "coordinate \(axis) of atom \(i) in conformation \(s) is \(position(i)[axis]) Å, beyond what is physical (\(MoleculeDataset.positionLimit) Å from the "
            + "other atoms)")
      }
      for j in 0..<i {
        let difference = position(i) - position(j)
        guard (0..<3).contains(where: { difference[$0].magnitude >= MoleculeDataset.distanceLimit }) else {
          throw failure(
            names.positions,
            "atoms \(j) and \(i) of conformation \(s) are at one place, nearer than \(MoleculeDataset.distanceLimit) Å")
        }
      }
    }
  }
}
