import Equivariant
import Testing

@testable import InteratomicPotentials

/// Models that others trained, compiled, against what their own programs say in double precision.
@Suite(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) struct CompiledPublishedTests {
  /// Both plans of a model against what is expected of a structure; 10⁻¹⁰ of the largest of each kind, and 10⁻⁵. In crystals at rest forces are
  /// differences of much larger ones: they are held to that of 1 eV/Å.
  private static func check(
    _ model: any EnergyModel<Double>, _ cases: [(structure: AtomicStructure, expected: PotentialPrediction)], name: String
  ) throws {
    for (precision, tolerance) in [(CompiledPotential.Precision.double, 1e-10), (.single, 1e-5)] {
      let potential = try CompiledPotential(model, precision: precision)
      var worst = PredictionDifference()
      for (structure, expected) in cases {
        worst.unite(PredictionDifference(try potential.predict(structure), from: expected, smallestForce: 1))
      }
      #expect(worst.largest < tolerance, "\(name) in \(precision) precision: \(worst)")
    }
  }

  private static func prediction(
    _ file: NumericArchive, energy: String, atoms: String, forces: String, virial: [Double]
  ) throws -> PotentialPrediction {
    PotentialPrediction(
      energy: try file.doubles(energy)[0], atomEnergies: try file.doubles(atoms), forces: vectors(try file.doubles(forces)), virial: virial)
  }

  /// From stress in the order xx, yy, zz, yz, xz, xy.
  private static func virial(_ stress: [Double], _ structure: AtomicStructure) -> [Double] {
    [0, 5, 4, 5, 1, 3, 4, 3, 2].map { -stress[$0] * structure.cell!.volume }
  }

  @Test func sevenNet() throws {
    let file = try NumericArchive(contentsOf: PublishedModels.folder + "/sevennet0_11Jul2024/reference_f64.npz")
    let model = try SevenNetImportTests.model.get()
    try Self.check(
      model,
      try (PublishedModels.isSlow ? Array(0..<8) : [0, 5, 6]).map { k in
        let structure = try PublishedModels.structure(k)
        // The reference divides by a volume in single precision, so that the virial is the model's own, which its own tests hold to that.
        let virial = try model.predict(structure).virial
        return (structure, try Self.prediction(file, energy: "E\(k)", atoms: "N\(k)", forces: "F\(k)", virial: virial))
      }, name: "SevenNet-0")
  }

  @Test func nequix() throws {
    let file = try NumericArchive(contentsOf: PublishedModels.folder + "/nequix/nequix-mp-1_reference_f64.npz")
    try Self.check(
      try NequixImportTests.model.get(),
      try (PublishedModels.isSlow ? Array(0..<8) : [0, 5, 6]).map { k in
        let structure = try PublishedModels.structure(k)
        let virial = Self.virial(try file.doubles("s\(k)_stress_voigt_ase"), structure)
        return (
          structure,
          try Self.prediction(file, energy: "s\(k)_energy", atoms: "s\(k)_node_energies", forces: "s\(k)_forces", virial: virial)
        )
      }, name: "nequix-mp-1")
  }

  @Test func alumina() throws {
    let file = try NumericArchive(contentsOf: PublishedModels.folder + "/nequip_Al2O3/reference_outputs.npz")
    let model = try NequIPImportTests.alumina.get()
    try Self.check(
      model,
      try (PublishedModels.isSlow ? [0, 1, 2] : [0]).map { k in
        let cell = vectors(try file.doubles("s\(k)_cell"))
        let structure = AtomicStructure(
          atomicNumbers: try file.ints("s\(k)_z"), positions: vectors(try file.doubles("s\(k)_pos")),
          cell: PeriodicCell(cell[0], cell[1], cell[2]))
        // There is no reference of the virial.
        let virial = try model.predict(structure).virial
        return (
          structure,
          try Self.prediction(
            file, energy: "s\(k)_total_energy_f64", atoms: "s\(k)_atomic_energy_f64", forces: "s\(k)_forces_f64", virial: virial)
        )
      }, name: "nequip_Al2O3")
  }

  @Test func toluene() throws {
    let file = try NumericArchive(contentsOf: PublishedModels.folder + "/nequip_toluene/reference_outputs.npz")
    let model = try NequIPImportTests.toluene.get()
    let (numbers, positions, unit) = (try file.ints("z"), vectors(try file.doubles("pos")), NequIPImportTests.kilocaloriePerMole)
    let (energies, atoms, forces) = (
      try file.doubles("energy"), try file.doubles("atomic_energy"), vectors(try file.doubles("forces"))
    )
    try Self.check(
      model,
      try (0..<(PublishedModels.isSlow ? 50 : 3)).map { k in
        let own = 15 * k..<15 * k + 15
        let structure = AtomicStructure(atomicNumbers: numbers, positions: Array(positions[own]))
        return (
          structure,
          PotentialPrediction(
            energy: energies[k] * unit, atomEnergies: atoms[own].map { $0 * unit }, forces: forces[own].map { $0 * unit },
            virial: try model.predict(structure).virial)
        )
      }, name: "nequip_toluene")
  }

  @Test(arguments: MACEImportTests.solvents) func solvents(_ name: String) throws {
    let file = try NumericArchive(contentsOf: "\(PublishedModels.folder)/\(name)/reference_outputs.npz")
    let model = try MACEImportTests.solvent(name)
    let (sizes, numbers, positions) = (try file.ints("n_atoms"), try file.ints("z"), vectors(try file.doubles("pos")))
    let (energies, atoms, forces) = (
      try file.doubles("mace_energy"), try file.doubles("mace_node_energy"), vectors(try file.doubles("mace_forces"))
    )
    var start = 0
    try Self.check(
      model,
      try sizes.indices.prefix(PublishedModels.isSlow ? sizes.count : 4).map { k in
        let own = start..<start + sizes[k]
        start += sizes[k]
        let structure = AtomicStructure(atomicNumbers: Array(numbers[own]), positions: Array(positions[own]))
        return (
          structure,
          PotentialPrediction(
            energy: energies[k], atomEnergies: Array(atoms[own]), forces: Array(forces[own]), virial: try model.predict(structure).virial)
        )
      }, name: name)
  }
}
