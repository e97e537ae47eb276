import Equivariant
import Testing

/// PaiNN against what SchNetPack says.
@Suite(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) struct SchNetPackImportTests {
  @Test func ethanol() throws {
    let folder = PublishedModels.folder + "/painn_rmd17_ethanol"
    let unit = 0.04336410423
    let model = try PaiNN<Double>.schNetPack(weights: folder + "/weights.npz", elements: [1, 6, 8], unit: unit)
    let reference = try NumericArchive(contentsOf: folder + "/reference_outputs.npz")
    let (numbers, positions) = (try reference.ints("z"), vectors(try reference.doubles("pos")))
    let (energies, forces) = (try reference.doubles("painn_energy"), vectors(try reference.doubles("painn_forces")))
    let count = PublishedModels.isSlow ? 20 : 4
    let structures = (0..<count).map {
      AtomicStructure(atomicNumbers: numbers, positions: Array(positions[9 * $0..<9 * $0 + 9]))
    }
    for (k, found) in try model.predict(structures).enumerated() {
      // Of 10⁵ kcal/mol.
      #expect(abs(found.energy / unit - energies[k]) < 1e-15 * 4 * abs(energies[k]))
      #expect(largestDifference(found.forces.map { $0 / unit }, Array(forces[9 * k..<9 * k + 9])) < 1e-11)
    }
  }

  /// A file of another model, and elements that it has not.
  @Test func otherFilesAreRefused() throws {
    let weights = PublishedModels.folder + "/painn_rmd17_ethanol/weights.npz"
    #expect(throws: FileFormatError.self) { try PaiNN<Double>.schNetPack(weights: weights, elements: [1, 100]) }
    #expect(throws: FileFormatError.self) {
      try PaiNN<Double>.schNetPack(weights: PublishedModels.folder + "/mace01_solvent_xtb/weights.npz", elements: [1])
    }
  }
}
