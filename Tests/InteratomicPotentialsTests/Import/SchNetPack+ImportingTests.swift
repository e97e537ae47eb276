import Equivariant
import Foundation
import Testing

@testable import InteratomicPotentials

/// SchNet of random weights against what SchNetPack says.
@Suite struct SchNetImportTests {
  @Test func randomWeights() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/schnet_random.npz").path
    let file = try NumericArchive(contentsOf: path)
    let model = try SchNet<Double>.schNetPack(ForeignWeights(file, prefix: "weights/"), elements: [1, 6, 8], unit: 1)
    let structure = AtomicStructure(atomicNumbers: try file.ints("z"), positions: vectors(try file.doubles("pos")))
    let found = try model.predict(structure)
    #expect(abs(found.energy - (try file.doubles("energy")[0])) < 1e-13)
    #expect(largestDifference(found.forces, vectors(try file.doubles("forces"))) < 1e-13)
  }
}

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
