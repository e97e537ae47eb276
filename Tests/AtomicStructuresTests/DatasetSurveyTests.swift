import FileFormats
import Testing

@testable import AtomicStructures

@Suite struct DatasetSurveyTests {
  private func survey(_ name: String, _ change: (inout LabelOptions) -> Void = { _ in }) throws -> DatasetSurvey {
    var options = LabelOptions()
    change(&options)
    var survey = DatasetSurvey(options: options)
    for frame in try StructureReader(contentsOf: reference("extxyz/\(name)")) { survey.add(try frame.get()) }
    return survey
  }

  private func survey(text: String, _ options: LabelOptions = LabelOptions()) throws -> DatasetSurvey {
    var survey = DatasetSurvey(options: options)
    for structure in try frames(text) { survey.add(structure) }
    return survey
  }

  private static func frame(_ keys: String, columns: String = "", row: String = "") -> String {
    "1\nLattice=\"4 4 4\" \(keys) Properties=species:S:1:pos:R:3\(columns)\nCu 0 0 0 \(row)\n"
  }

  /// Two homes that differ: no choice without a word of the user.
  @Test func ambiguousKeys() throws {
    let both = try survey("q06_ref_keys.xyz")
    #expect(throws: LabelError.ambiguous(.energy, ["REF_energy", "energy"], example: "frame 0: -31.9 and -7.0")) { try both.labelKeys() }
    let text = both.report.joined(separator: "\n")
    #expect(text.contains("\"REF_energy\"") && text.contains("\"energy\"") && text.contains("might be learnt from"))
    let half = try survey("q06_ref_keys.xyz") { $0.keys[.energy] = "REF_energy" }
    #expect(throws: LabelError.ambiguous(.forces, ["REF_forces", "forces"], example: "frame 0: 0.5 and 0.1")) { try half.labelKeys() }
    let named = try survey("q06_ref_keys.xyz") { $0.keys = [.energy: "REF_energy", .forces: "REF_forces"] }
    #expect(try named.labelKeys().keys == [.energy: "REF_energy", .forces: "REF_forces"])
    #expect(both.json["error"]?.string?.contains("--energy-key") == true && named.json["error"] == .null)
    // The same under two names is no question; in different frames it is.
    let same = try survey(text: Self.frame("energy=-1 REF_energy=-1.0") + Self.frame("REF_energy=-2"))
    #expect(try same.labelKeys().keys == [.energy: "REF_energy"])
    let apart = try survey(text: Self.frame("energy=-1") + Self.frame("REF_energy=-2"))
    #expect(throws: LabelError.self) { try apart.labelKeys() }
  }

  @Test(arguments: [
    ("energy", LabelKind.energy, 2), ("Energy", .energy, 2), ("REF_energy", .energy, 2), ("TotEnergy", .energy, 2),
    ("dft-energy", .energy, 2),
    ("energy_ref", .energy, 2), ("E", .energy, 2), ("total_energy", .energy, 2), ("energy_eV", .energy, 0), ("free_energy", .energy, 1),
    ("MACE_energy", .energy, 0), ("energy_per_atom", .energy, 0), ("kinetic_energy", .energy, 0), ("force", .forces, 2),
    ("REF_forces", .forces, 2),
    ("DFT_force", .forces, 2), ("mace_forces", .forces, 0), ("stress", .stress, 2), ("REF_stress", .stress, 2), ("virials", .virial, 2),
    ("REF_virials", .virial, 2), ("dft_virial", .virial, 2),
  ]) func names(name: String, kind: LabelKind, match: Int) {
    #expect(LabelKind.match(name)?.kind == kind && LabelKind.match(name)?.match.rawValue == match)
  }

  @Test func namesOfOtherThings() {
    for name in ["charge", "step", "config_type", "force_energy", "stress_virial", "enforce", "", "ener", "momenta", "e_cut"] {
      #expect(LabelKind.match(name) == nil)
    }
  }

  @Test func conventionalKeys() throws {
    #expect(try survey("q07_force_singular.xyz").labelKeys().keys == [.energy: "Energy", .forces: "force"])
    let fallback = try survey(text: Self.frame("free_energy=-3"))
    #expect(try fallback.labelKeys().keys == [.energy: "free_energy"])
    #expect(fallback.warnings.contains { $0.contains("since there is no other") })
    let energy = try survey(text: Self.frame("free_energy=-3 energy=-2.9"))
    #expect(try energy.labelKeys().keys == [.energy: "energy"])
    #expect(energy.warnings.contains { $0.contains("free_energy may be energy, too") })
  }

  @Test func nothingFound() throws {
    for text in ["2\n\nO 0 0 0\nO 0 0 1\n", Self.frame("MACE_energy=-1 charge=0"), ""] {
      let none = try survey(text: text)
      let error = #expect(throws: LabelError.self) { try none.labelKeys() }
      #expect(error?.description.contains("--energy-key") == true)
    }
    let error = #expect(throws: LabelError.self) { try survey(text: Self.frame("MACE_energy=-1 charge=0")).labelKeys() }
    #expect(error == .nothingFound(possible: ["MACE_energy"], properties: ["MACE_energy", "charge"]))
    #expect(throws: LabelError.noSuchKey(.energy, "E0", properties: ["energy"])) {
      var options = LabelOptions()
      options.keys[.energy] = "E0"
      _ = try survey(text: Self.frame("energy=-1"), options).labelKeys()
    }
    // Any name will do that is asked for, with the right shape.
    var options = LabelOptions()
    options.keys = [.energy: "MACE_energy"]
    #expect(try survey(text: Self.frame("MACE_energy=-1"), options).labelKeys().keys == [.energy: "MACE_energy"])
  }

  /// Stress and virial are checked against each other: sign, unit, value.
  @Test func stressAgainstVirial() throws {
    let right = try survey("q08_virial_and_stress.xyz")
    #expect(try right.labelKeys().keys == [.energy: "energy", .stress: "stress", .virial: "virial"])
    func error(_ stress: String, _ virial: String, _ change: (inout LabelOptions) -> Void = { _ in }) throws -> String? {
      var options = LabelOptions()
      change(&options)
      let survey = try survey(text: Self.frame("energy=-3 stress=\"\(stress)\" virial=\"\(virial)\""), options)
      do { _ = try survey.labelKeys() } catch { return error.description }
      return nil
    }
    let (six, nine) = ("-0.01 -0.02 -0.03 0.001 0.002 0.003", "0.64 -0.192 -0.128 -0.192 1.28 -0.064 -0.128 -0.064 1.92")
    #expect(try error(six, nine) == nil)
    let opposite = nine.split(separator: " ").map { $0.hasPrefix("-") ? String($0.dropFirst()) : "-\($0)" }.joined(separator: " ")
    #expect(try error(six, opposite)?.contains("--virial-negated") == true && error(six, opposite) { $0.virialIsNegated = true } == nil)
    #expect(try error(six, opposite) { $0.stressIsPressure = true } == nil)
    let gigapascals = six.split(separator: " ").map { "\(Double($0)! * 160.2176634)" }.joined(separator: " ")
    #expect(
      try error(gigapascals, nine)?.contains("--stress-unit GPa") == true && error(gigapascals, nine) { $0.stressUnit = .gigapascal } == nil
    )
    #expect(try error(six, "1 0 0 0 1 0 0 0 1")?.contains("frame 0") == true)
  }

  /// Numbers that are none are counted and left out.
  @Test func notFinite() throws {
    let nan = try survey("q16_nan_energy.xyz")
    #expect(nan.candidates.map(\.notFinite) == [1, 1] && nan.candidates.map(\.frames) == [0, 0])
    let structure = try #require(try ExtendedXYZReader(contentsOf: reference("extxyz/q16_nan_energy.xyz")).read())
    #expect(throws: LabelError.nothingUsable(["energy", "forces"])) { try nan.labelKeys() }
    var mixed = nan
    for other in try frames(Self.frame("energy=-1")) { mixed.add(other) }
    #expect(mixed.warnings.contains("energy is infinite or not a number in 1 of 2 frames: left out"))
    let labels = try mixed.labelKeys().labels(of: structure)
    #expect(labels.energy == nil && labels.forces == nil && labels.leftOut == [.energy, .forces])
  }

  @Test func notSymmetric() throws {
    #expect(throws: LabelError.nothingUsable(["stress"])) { try survey("q04_lattice_rows.xyz").labelKeys() }
    let odd = try survey(text: Self.frame("energy=-1 stress=\"1 2 3 4 5 6 7 8 9\""))
    #expect(odd.candidates.map(\.asymmetric) == [0, 1] && odd.warnings.contains { $0.contains("stress is not symmetric in 1 of 1 frame") })
  }

  @Test func missingLabels() throws {
    let mixed = try survey("q13_mixed_frames.xyz")
    #expect(try mixed.labelKeys().keys == [.energy: "energy", .forces: "forces"] && mixed.frameCount == 3)
    #expect(mixed.warnings.contains("energy is missing in 2 of 3 frames") && mixed.warnings.contains("forces is zero everywhere"))
    let report = mixed.report
    #expect(report[0] == "3 frames of 1 to 2 atoms, 4 in all" && report[1] == "elements (atoms in frames): H 1 in 1, He 1 in 1, O 2 in 1")
    #expect(mixed.json["elements"]?["O"]?["atoms"] == 2 && mixed.json["labels"]?.array?.count == 2)
  }

  @Test func masksAreSaid() throws {
    #expect(try survey("q12_move_mask.xyz").warnings.contains { $0.contains("mask \"move_mask\"") })
    #expect(try survey("q20_POSCAR_selective").warnings.contains { $0.contains("selective_dynamics") })
  }

  /// What files say in other units.
  @Test func units() throws {
    var options = LabelOptions()
    (options.energyUnit, options.lengthUnit, options.stressUnit) = (.hartree, .bohr, .kilobar)
    let text = Self.frame("energy=-1 stress=\"10 0 0 0 20 0 0 0 30\"", columns: ":forces:R:3", row: "0.1 0 0")
    let structure = try #require(try frames(text).first)
    let labels = try survey(text: text, options).labelKeys().labels(of: structure)
    #expect(labels.energy == -27.211386245988 && abs(labels.forces![0].x - 5.14220674763) < 1e-10)
    // 1 GPa = 10 kbar.
    #expect(abs(labels.stress(volume: 64)![0] * 160.2176634 - 1) < 1e-12)
    // Stress without a volume says nothing.
    var molecule = structure
    molecule.cell = nil
    #expect(try LabelKeys([.stress: "stress"]).labels(of: molecule).virial == nil)
  }

  @Test func suspiciousValues() throws {
    let odd = try survey(text: Self.frame("energy=-1 stress=\"30 30 30 0 0 0\"", columns: ":forces:R:3", row: "900 0 0"))
    #expect(odd.warnings.contains { $0.contains("--stress-unit") } && odd.warnings.contains { $0.contains("--length-unit") })
    #expect(odd.warnings.contains { $0.contains("add up to 900") })
    let halves = try survey(text: Self.frame("REF_energy=-1", columns: ":forces:R:3", row: "0 0 0"))
    #expect(halves.warnings.contains { $0.contains("of one calculation") })
    let empty = try survey(text: "0\nenergy=1\n")
    #expect(empty.warnings.contains { $0.contains("no atoms") })
  }

  @Test func namesOfUnits() {
    #expect(EnergyUnit(named: "kcal/mol") == .kilocaloriePerMole && EnergyUnit(named: "Ha") == .hartree && EnergyUnit(named: "foot") == nil)
    #expect(LengthUnit(named: "Ang") == .angstrom && LengthUnit(named: "nm") == .nanometer && LengthUnit(named: "mile") == nil)
    #expect(
      StressUnit(named: "gpa") == .gigapascal && StressUnit(named: "eV/A^3") == .electronvoltPerCubicAngstrom
        && StressUnit(named: "") == nil)
    #expect(
      abs(EnergyUnit.kilocaloriePerMole.electronvolts - 0.04336410424) < 1e-11
        && abs(EnergyUnit.kilojoulePerMole.electronvolts - 0.01036426966) < 1e-11)
    for unit in EnergyUnit.allCases { #expect(EnergyUnit(named: unit.rawValue) == unit) }
    for unit in LengthUnit.allCases { #expect(LengthUnit(named: unit.rawValue) == unit) }
    for unit in StressUnit.allCases { #expect(StressUnit(named: unit.rawValue) == unit) }
  }
}
