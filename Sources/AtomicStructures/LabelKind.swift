/// What a potential learns from.
public enum LabelKind: String, Sendable, CaseIterable {
  /// The energy of a structure.
  case energy
  /// The force on each atom.
  case forces
  /// ∂E/∂ε over the volume, positive where the structure wants to contract.
  case stress
  /// −∂E/∂ε = −stress × volume.
  case virial

  /// The option of the programs that names its key.
  public var option: String { "--\(rawValue)-key" }

  /// How well a name says what it holds.
  enum Match: Int { case possible, fallback, conventional }

  /// What a property holds by its name: words of the kind beside none but such as say that it is the reference ("REF_energy", "dft_forces",
  /// "TotEnergy"). With other words it only may ("MACE_energy", "energy_per_atom").
  static func match(_ name: String) -> (kind: LabelKind, match: Match)? {
    var kind: LabelKind?
    var match = Match.conventional
    let words = words(name)
    for word in words {
      if let found = kinds[word] {
        if kind != nil && kind != found { return nil }
        kind = found
      } else if word == "free" {
        match = .fallback
      } else if !references.contains(word) {
        match = .possible
      }
    }
    // With other words E may stand for anything.
    if words == ["e"] { return (.energy, .conventional) }
    return kind.map { ($0, match == .fallback && $0 != .energy ? .possible : match) }
  }

  private static let kinds: [String: LabelKind] = [
    "energy": .energy, "etot": .energy, "toten": .energy, "force": .forces, "forces": .forces, "stress": .stress, "virial": .virial,
    "virials": .virial,
  ]

  private static let references: Set = [
    "ref", "reference", "dft", "target", "label", "true", "total", "tot", "potential", "pot", "qm", "vasp", "aims", "cp2k", "castep", "qe",
    "orca", "psi4", "xtb", "gfn2", "pbe", "pbesol", "scan", "r2scan", "b3lyp", "hf", "mp2", "ccsd", "ccsdt",
  ]

  /// A name in lower-case words, which end with a sign or before a capital letter.
  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var last: Character = "_"
    for character in name {
      let begins = !(last.isLetter || last.isNumber) || (character.isUppercase && last.isLowercase)
      if character.isLetter || character.isNumber {
        if begins { words.append("") }
        words[words.count - 1] += character.lowercased()
      }
      last = character
    }
    return words
  }
}

/// Which properties are energies, forces, stresses and virials, where names alone do not decide, and the units of a file.
public struct LabelOptions: Sendable, Equatable {
  /// The names of the properties, by what they hold; those that are absent are found by convention.
  public var keys: [LabelKind: String] = [:]
  /// The unit of energies; forces are in this unit over ``lengthUnit``, virials in this unit.
  public var energyUnit = EnergyUnit.electronvolt
  /// The unit of lengths in forces.
  public var lengthUnit = LengthUnit.angstrom
  /// The unit of stresses.
  public var stressUnit = StressUnit.electronvoltPerCubicAngstrom
  /// Whether what is called stress has the opposite sign, positive under pressure, as VASP prints it.
  public var stressIsPressure = false
  /// Whether what is called virial has the sign of the stress.
  public var virialIsNegated = false

  /// Everything by convention, in eV and Å.
  public init() {}

  /// What a number of a kind is to be multiplied with to be in eV and Å and of the sign of ``LabelKind``.
  public func factor(_ kind: LabelKind) -> Double {
    switch kind {
    case .energy: energyUnit.electronvolts
    case .forces: energyUnit.electronvolts / lengthUnit.angstroms
    case .stress: stressUnit.electronvoltsPerCubicAngstrom * (stressIsPressure ? -1 : 1)
    case .virial: energyUnit.electronvolts * (virialIsNegated ? -1 : 1)
    }
  }

  /// The unit that the file has a kind in, in words.
  func unit(_ kind: LabelKind) -> String {
    switch kind {
    case .energy, .virial: energyUnit.rawValue
    case .forces: "\(energyUnit.rawValue)/\(lengthUnit.rawValue)"
    case .stress: stressUnit.rawValue
    }
  }
}
