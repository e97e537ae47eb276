import Foundation

/// A unit in which a file has energies (CODATA 2018).
public enum EnergyUnit: String, Sendable, CaseIterable {
  /// Electronvolt.
  case electronvolt = "eV"
  /// A thousandth of that.
  case millielectronvolt = "meV"
  /// Kilocalories (of 4184 J) per mole.
  case kilocaloriePerMole = "kcal/mol"
  /// Kilojoules per mole.
  case kilojoulePerMole = "kJ/mol"
  /// Hartree.
  case hartree = "hartree"
  /// Half of that.
  case rydberg = "rydberg"

  /// Its size in eV.
  public var electronvolts: Double {
    switch self {
    case .electronvolt: 1
    case .millielectronvolt: 1e-3
    case .kilocaloriePerMole: 4184 / 96_485.332_123_310_02
    case .kilojoulePerMole: 1000 / 96_485.332_123_310_02
    case .hartree: 27.211386245988
    case .rydberg: 27.211386245988 / 2
    }
  }

  /// The unit of a name as people write it, in any case: "Ha", "kcal", "ev", "Ry".
  public init?(named name: String) {
    switch name.lowercased().filter({ !$0.isWhitespace }) {
    case "ev", "electronvolt": self = .electronvolt
    case "mev": self = .millielectronvolt
    case "kcal/mol", "kcal", "kcalmol", "kcalpermol": self = .kilocaloriePerMole
    case "kj/mol", "kj", "kjmol", "kjpermol": self = .kilojoulePerMole
    case "hartree", "ha", "eh", "au", "a.u.": self = .hartree
    case "rydberg", "ry": self = .rydberg
    default: return nil
    }
  }
}

/// A unit in which a file has lengths (CODATA 2018).
public enum LengthUnit: String, Sendable, CaseIterable {
  /// Ångström, 10⁻¹⁰ m.
  case angstrom
  /// The radius of Bohr's atom.
  case bohr
  /// Nanometre.
  case nanometer

  /// Its size in Å.
  public var angstroms: Double {
    switch self {
    case .angstrom: 1
    case .bohr: 0.529177210903
    case .nanometer: 10
    }
  }

  /// The unit of a name as people write it, in any case: "Ang", "Å", "a0", "nm".
  public init?(named name: String) {
    switch name.lowercased() {
    case "angstrom", "ang", "å", "a", "angstroms", "ångström": self = .angstrom
    case "bohr", "a0", "au", "a.u.": self = .bohr
    case "nanometer", "nm": self = .nanometer
    default: return nil
    }
  }
}

/// A unit in which a file has stresses.
public enum StressUnit: String, Sendable, CaseIterable {
  /// eV/Å³.
  case electronvoltPerCubicAngstrom = "eV/A^3"
  /// Gigapascal.
  case gigapascal = "GPa"
  /// Kilobar, a tenth of that.
  case kilobar = "kbar"

  /// Its size in eV/Å³.
  public var electronvoltsPerCubicAngstrom: Double {
    switch self {
    case .electronvoltPerCubicAngstrom: 1
    case .gigapascal: 1 / 160.2176634
    case .kilobar: 1 / 1602.176634
    }
  }

  /// The unit of a name as people write it, in any case.
  public init?(named name: String) {
    switch name.lowercased().filter({ !$0.isWhitespace }) {
    case "ev/a^3", "ev/a3", "ev/å³", "ev/å^3", "ev/ang^3", "ev/ang3": self = .electronvoltPerCubicAngstrom
    case "gpa": self = .gigapascal
    case "kbar", "kb": self = .kilobar
    default: return nil
    }
  }
}
