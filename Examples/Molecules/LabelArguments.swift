import ArgumentParser
import Equivariant

/// Which properties of a file are what, and in which units.
struct LabelArguments: ParsableArguments {
  @Option(help: "The property that is the energy of a frame; found by convention where not given, as are the others.") var energyKey:
    String?
  @Option(help: "The property of the atoms that is the forces.") var forcesKey: String?
  @Option(help: "The property that is the stress: nine numbers, or six in the order xx yy zz yz xz xy.") var stressKey: String?
  @Option(help: "The property that is the virial, -stress x volume.") var virialKey: String?
  @Option(help: "The unit of energies: eV, meV, kcal/mol, kJ/mol, hartree, rydberg.") var energyUnit = "eV"
  @Option(help: "The unit of lengths in forces: angstrom, bohr, nanometer.") var lengthUnit = "angstrom"
  @Option(help: "The unit of stresses: eV/A^3, GPa, kbar.") var stressUnit = "eV/A^3"
  @Flag(help: "The stress is positive under pressure.") var stressIsPressure = false
  @Flag(help: "The virial has the sign of the stress.") var virialNegated = false

  func options() throws -> LabelOptions {
    var options = LabelOptions()
    for (kind, key) in [(LabelKind.energy, energyKey), (.forces, forcesKey), (.stress, stressKey), (.virial, virialKey)] {
      options.keys[kind] = key
    }
    guard let energy = EnergyUnit(named: energyUnit) else {
      throw unknown("--energy-unit", energyUnit, EnergyUnit.allCases.map(\.rawValue))
    }
    guard let length = LengthUnit(named: lengthUnit) else {
      throw unknown("--length-unit", lengthUnit, LengthUnit.allCases.map(\.rawValue))
    }
    guard let stress = StressUnit(named: stressUnit) else {
      throw unknown("--stress-unit", stressUnit, StressUnit.allCases.map(\.rawValue))
    }
    (options.energyUnit, options.lengthUnit, options.stressUnit) = (energy, length, stress)
    (options.stressIsPressure, options.virialIsNegated) = (stressIsPressure, virialNegated)
    return options
  }

  private func unknown(_ option: String, _ value: String, _ units: [String]) -> ValidationError {
    ValidationError("\(option) takes one of \(units.joined(separator: ", ")), not \(value)")
  }
}

/// The format of a file, where its name does not say it.
func structureFormat(_ name: String?) throws -> StructureReader.Format? {
  guard let name else { return nil }
  guard let format = StructureReader.Format(rawValue: name) else {
    throw ValidationError("--format takes one of \(StructureReader.Format.allCases.map(\.rawValue).joined(separator: ", ")), not \(name)")
  }
  return format
}
