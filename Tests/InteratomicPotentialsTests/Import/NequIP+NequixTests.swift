import Equivariant
import Testing

/// Nequix against what the package nequix says in double and in single precision.
@Suite(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) struct NequixImportTests {
  private static let folder = PublishedModels.folder + "/nequix"
  static let model = Result { try NequIP<Double>.nequix(folder + "/nequix-mp-1.nqx") }

  @Test(arguments: PublishedModels.isSlow ? Array(0..<8) : [0, 5, 6]) func doubles(_ number: Int) throws {
    let model = try Self.model.get()
    let reference = try NumericArchive(contentsOf: Self.folder + "/nequix-mp-1_reference_f64.npz")
    let structure = try PublishedModels.structure(number)
    let batch = try model.batch([structure])
    #expect(batch.graph.edgeCount == (try reference.ints("s\(number)_edges")[0]))
    let found = model.predict(batch)[0]
    let energy = try reference.doubles("s\(number)_energy")[0]
    #expect(abs(found.energy - energy) < 1e-12 * abs(energy))
    #expect(largestDifference(found.atomEnergies, try reference.doubles("s\(number)_node_energies")) < 1e-11)
    #expect(largestDifference(found.forces, vectors(try reference.doubles("s\(number)_forces"))) < 1e-12)
    let stress = try reference.doubles("s\(number)_stress_voigt_ase")
    #expect(largestDifference(found.stress(volume: structure.cell!.volume), stress) < 1e-13)
  }

  @Test func floats() throws {
    let model = try Self.model.get().converted(to: Float.self)
    let reference = try NumericArchive(contentsOf: Self.folder + "/nequix-mp-1_reference_f32.npz")
    let found = try model.predict(try PublishedModels.structure(5))
    let energy = try reference.doubles("s5_energy")[0]
    #expect(abs(found.energy - energy) < 1e-5 * abs(energy))
    #expect(largestDifference(found.forces, vectors(try reference.doubles("s5_forces"))) < 2e-5)
  }

  /// Models of which there is no reference are read too, and bind silicon.
  @Test(arguments: ["nequix-oam-1", "nequix-mp-1-pft"]) func others(_ name: String) throws {
    let model = try NequIP<Double>.nequix(Self.folder + "/\(name).nqx")
    let energy = try model.predict(try PublishedModels.structure(5)).energy / 2
    let own = try Self.model.get().predict(try PublishedModels.structure(5)).energy / 2
    #expect(abs(energy - own) < 0.3, "\(energy), \(own)")
  }
}
