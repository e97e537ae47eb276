import Equivariant
import Testing

/// Two models of NequIP against what NequIP itself says.
@Suite(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) struct NequIPImportTests {
  static let kilocaloriePerMole = 0.0433641042

  /// The options of both models that say what is computed.
  private static func options(_ changes: JSONObject) -> JSONObject {
    var object: JSONObject = [
      "num_basis": 8, "BesselBasis_trainable": true, "irreps_edge_sh": "1x0e+1x1o+1x2e", "chemical_embedding_irreps_out": "32x0e",
      "feature_irreps_hidden": "32x0e+32x1e+32x2e+32x0o+32x1o+32x2o", "num_layers": 4, "invariant_layers": 2, "invariant_neurons": 64,
      "use_sc": true, "resnet": false, "nonlinearity_type": "gate", "nonlinearity_scalars": ["e": "silu", "o": "tanh"],
      "nonlinearity_gates": ["e": "silu", "o": "tanh"],
    ]
    for key in changes.keys { object[key] = changes[key] }
    return object
  }

  static let toluene = Result {
    try NequIP<Double>.nequip(
      weights: PublishedModels.folder + "/nequip_toluene/weights.npz",
      configuration: options([
        "atomic_numbers": [1, 6], "r_max": 6, "PolynomialCutoff_p": 6, "avg_num_neighbors": 13.882666666666667, "e3nn_version": "0.4.4",
      ]),
      signs: .old, roundsCoefficients: false, unit: kilocaloriePerMole)
  }
  static let alumina = Result {
    try NequIP<Double>.nequip(
      weights: PublishedModels.folder + "/nequip_Al2O3/weights.npz",
      configuration: options([
        "atomic_numbers": [8, 13], "r_max": 4, "PolynomialCutoff_p": 9, "avg_num_neighbors": 23.46100425720215, "e3nn_version": "0.5.0",
      ]),
      signs: .new, roundsCoefficients: true)
  }

  @Test func moleculesOfToluene() throws {
    let folder = PublishedModels.folder + "/nequip_toluene"
    let model = try Self.toluene.get()
    let reference = try NumericArchive(contentsOf: folder + "/reference_outputs.npz")
    let (numbers, positions) = (try reference.ints("z"), vectors(try reference.doubles("pos")))
    let (energies, forces) = (try reference.doubles("energy"), vectors(try reference.doubles("forces")))
    let atomEnergies = try reference.doubles("atomic_energy")
    let count = PublishedModels.isSlow ? 50 : 2
    let structures = (0..<count).map {
      AtomicStructure(atomicNumbers: numbers, positions: Array(positions[15 * $0..<15 * $0 + 15]))
    }
    for (k, found) in try model.predict(structures).enumerated() {
      #expect(abs(found.energy / Self.kilocaloriePerMole - energies[k]) < 1e-12 * abs(energies[k]))
      let own = found.atomEnergies.map { $0 / Self.kilocaloriePerMole }
      #expect(largestDifference(own, Array(atomEnergies[15 * k..<15 * k + 15])) < 1e-10)
      let ownForces = found.forces.map { $0 / Self.kilocaloriePerMole }
      #expect(largestDifference(ownForces, Array(forces[15 * k..<15 * k + 15])) < 1e-11)
    }
  }

  @Test(arguments: PublishedModels.isSlow ? [0, 1, 2] : [0]) func crystalsOfAlumina(_ number: Int) throws {
    let folder = PublishedModels.folder + "/nequip_Al2O3"
    let model = try Self.alumina.get()
    let reference = try NumericArchive(contentsOf: folder + "/reference_outputs.npz")
    let cell = vectors(try reference.doubles("s\(number)_cell"))
    let structure = AtomicStructure(
      atomicNumbers: try reference.ints("s\(number)_z"), positions: vectors(try reference.doubles("s\(number)_pos")),
      cell: PeriodicCell(cell[0], cell[1], cell[2]))
    let found = try model.predict(structure)
    let energy = try reference.doubles("s\(number)_total_energy_f64")[0]
    #expect(abs(found.energy - energy) < 1e-12 * abs(energy))
    #expect(largestDifference(found.atomEnergies, try reference.doubles("s\(number)_atomic_energy_f64")) < 1e-11)
    #expect(largestDifference(found.forces, vectors(try reference.doubles("s\(number)_forces_f64"))) < 1e-12)
    let single = try model.converted(to: Float.self).predict(structure)
    let energy32 = try reference.doubles("s\(number)_total_energy_f32")[0]
    #expect(abs(single.energy - energy32) < 1e-5 * abs(energy32))
  }
}
