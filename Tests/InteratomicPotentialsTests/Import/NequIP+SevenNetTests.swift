import Equivariant
import Testing

/// SevenNet-0 against what the package sevenn says in double and in single precision.
@Suite(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) struct SevenNetImportTests {
  private static let folder = PublishedModels.folder + "/sevennet0_11Jul2024"
  static let model = Result {
    try NequIP<Double>.sevenNet(weights: folder + "/weights.npz", configuration: folder + "/config.json", signs: .old)
  }

  @Test(arguments: PublishedModels.isSlow ? Array(0..<8) : [0, 4, 5, 6]) func doubles(_ number: Int) throws {
    let model = try Self.model.get()
    let reference = try NumericArchive(contentsOf: Self.folder + "/reference_f64.npz")
    let structure = try PublishedModels.structure(number)
    let found = try model.predict(structure)
    let energy = try reference.doubles("E\(number)")[0]
    #expect(abs(found.energy - energy) < 1e-12 * abs(energy))
    #expect(largestDifference(found.atomEnergies, try reference.doubles("N\(number)")) < 1e-11)
    #expect(largestDifference(found.forces, vectors(try reference.doubles("F\(number)"))) < 1e-12)
    // The reference divides by a volume in single precision.
    #expect(largestDifference(found.stress(volume: structure.cell!.volume), try reference.doubles("S\(number)")) < 2e-8)
  }

  @Test(arguments: PublishedModels.isSlow ? Array(0..<8) : [0, 5]) func floats(_ number: Int) throws {
    let model = try Self.model.get().converted(to: Float.self)
    let reference = try NumericArchive(contentsOf: Self.folder + "/reference_outputs.npz")
    let structure = try PublishedModels.structure(number)
    let found = try model.predict(structure)
    let energy = try reference.doubles("s\(number)_energy")[0]
    #expect(abs(found.energy - energy) < 1e-5 * abs(energy))
    let forces = vectors(try reference.doubles("s\(number)_forces"))
    #expect(largestDifference(found.forces, forces) < 2e-5)
  }

  /// With the other sign table forces are wrong, though energies are nearly right: the reference tells the tables apart.
  @Test func otherSignsAreNoticed() throws {
    let other = try NequIP<Double>.sevenNet(
      weights: Self.folder + "/weights.npz", configuration: Self.folder + "/config.json", signs: .new)
    let reference = try NumericArchive(contentsOf: Self.folder + "/reference_f64.npz")
    let found = try other.predict(try PublishedModels.structure(6))
    #expect(largestDifference(found.forces, vectors(try reference.doubles("F6"))) > 1e-4)
  }
}
