import Equivariant
import Foundation
import Testing

@testable import InteratomicPotentials

@Suite struct PotentialFileTests {
  private static let small: NequIPConfiguration = {
    var c = NequIPConfiguration()
    (c.elements, c.cutoff, c.embedding, c.radialFunctions, c.radialWidths) = ([1, 8], 3, 4, 4, [5])
    (c.layers, c.neighbors, c.hasRepulsion) = (["3x0e+2x1o", "4x0e+2x1e"], [5, 6.25], true)
    return c
  }()
  private static func nequip() -> NequIP<Double> {
    var source = RandomSource(seed: 4)
    return NequIP<Double>(small, using: &source)
  }
  private static let water = AtomicStructure(
    atomicNumbers: [8, 1, 1], positions: [[0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]].map { SIMD3($0[0], $0[1], $0[2]) })

  private static func error(_ body: () throws -> Void) -> FileFormatError? {
    do { try body() } catch { return error as? FileFormatError }
    return nil
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("potentials-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// A model that has no plan is the differentiable one, in the precision that is asked for.
  @Test(arguments: CompiledPotential.Precision.allCases) func potentialsReadyToRun(_ precision: CompiledPotential.Precision) throws {
    try inFolder { folder in
      let (compiled, plain) = (folder + "/nequip.safetensors", folder + "/painn.safetensors")
      try PotentialFile.save(Self.nequip(), to: compiled)
      var (c, source) = (PaiNNConfiguration(), RandomSource(seed: 4))
      (c.elements, c.cutoff) = ([1, 8], 3)
      try PotentialFile.save(PaiNN<Double>(c, using: &source), to: plain)
      #expect(try PotentialFile.potential(compiled, precision: precision) is CompiledPotential)
      let potential = try PotentialFile.potential(plain, precision: precision)
      #expect(!(potential is CompiledPotential))
      let expected = try PotentialFile.differentiablePotential(plain, precision: precision).predict(Self.water)
      #expect(try potential.predict(Self.water).forces == expected.forces)
    }
  }

  @Test func savedModelsAreTheSame() throws {
    try inFolder { folder in
      let path = folder + "/potential.safetensors"
      let model = Self.nequip()
      try PotentialFile.save(model, to: path, metadata: ["licence": "MIT"])
      let loaded = try PotentialFile.load(path)
      #expect(try loaded.predict(Self.water).forces == model.predict(Self.water).forces)
      #expect(try SafetensorsFile(contentsOf: path).metadata["licence"] == "MIT")
      let single = try PotentialFile.load(path, as: Float.self)
      #expect(try abs(single.predict(Self.water).energy - model.predict(Self.water).energy) < 1e-5)
      for name in SmallPotentials.names {
        let model = SmallPotentials.potential(name)
        try PotentialFile.save(model, to: path)
        #expect(try PotentialFile.load(path).predict(Self.water).forces == model.predict(Self.water).forces, "\(name)")
      }
      // And a MACE, whose head is no part of the file.
      let (mace, file) = try MACEImportTests.random("heads")
      try PotentialFile.save(mace, to: path)
      let structure = try MACEImportTests.structure(file, 0)
      #expect(try PotentialFile.load(path).predict(structure).forces == mace.predict(structure).forces)
    }
  }

  /// What is said of a file after a change of its configuration, its network or the file itself.
  private static func refusal(
    at path: String, _ file: SafetensorsFile, object change: (inout JSONObject) -> Void = { _ in },
    network changeNetwork: (inout JSONObject) -> Void = { _ in }, file changeFile: (inout SafetensorsFile) -> Void = { _ in }
  ) throws -> String {
    var changed = file
    var object = try JSONValue(parsing: file.metadata["configuration"]!).object!
    var network = object["network"]!.object!
    changeNetwork(&network)
    object["network"] = .object(network)
    change(&object)
    changed.metadata["configuration"] = JSONValue.object(object).description
    changeFile(&changed)
    try changed.write(to: path)
    let error = error { _ = try PotentialFile.load(path) }
    #expect(error == nil || error!.path == path)
    return error?.description ?? ""
  }

  /// Every key of a configuration that is missing, added or of another kind is named, and arrays too many or too few are.
  @Test func otherFilesAreRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("potential-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try PotentialFile.save(Self.nequip(), to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(try Self.refusal(at: path, file) == "")
    for key in NequIPConfiguration.names {
      let text = try Self.refusal(at: path, file, network: { $0[key] = nil })
      #expect(text.contains("network.\(key)"), "\(key): \(text)")
    }
    #expect(try Self.refusal(at: path, file, network: { $0["dispersion"] = true }).contains("network.dispersion"))
    let unreached = try Self.refusal(
      at: path, file,
      network: {
        $0["layers"] = ["3x0e+2x4e"]
        $0["neighbors"] = [1]
      })
    #expect(unreached.contains("4e"))
    // No memory is asked for that no file has.
    #expect(try Self.refusal(at: path, file, network: { $0["radial-widths"] = [65536, 65536] }).contains("more weights"))
    #expect(try Self.refusal(at: path, file, network: { $0["embedding"] = 16384 }).contains("more weights"))
    #expect(try Self.refusal(at: path, file, network: { $0["radial-widths"] = [6] }).contains("radial"))
    #expect(try Self.refusal(at: path, file, object: { $0["model"] = "allegro" }).contains("allegro"))
    #expect(try Self.refusal(at: path, file, object: { $0["version"] = 2 }).contains("version"))
    #expect(try Self.refusal(at: path, file, object: { $0["charges"] = 1 }).contains("charges"))
    #expect(try Self.refusal(at: path, file, file: { $0.metadata["configuration"] = "[1" }).contains("JSON"))
    #expect(try Self.refusal(at: path, file, file: { $0.metadata["format"] = nil }).contains("no configuration"))
    #expect(try Self.refusal(at: path, file, file: { $0.append("more", NumericArray([1.0])) }).contains("more"))
    #expect(try Self.refusal(at: path, file, file: { $0 = SafetensorsFile(metadata: $0.metadata) }).contains("more weights"))
  }

  /// The whole way from a model of the real mace-torch, where the environment names a Python that has it.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["EQUIVARIANT_MACE_PYTHON"] != nil, "set EQUIVARIANT_MACE_PYTHON to a Python with mace-torch"),
    arguments: ["16x0e", "128x0e", "128x0e+128x1o"])
  func convertedByTheScript(_ hidden: String) throws {
    try inFolder { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["EQUIVARIANT_MACE_PYTHON"]!)
      let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("References").path
      process.arguments = [references + "/mace_torch_model.py", folder, hidden]
      process.environment = ProcessInfo.processInfo.environment.merging(["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"]) { $1 }
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      let reference = try NumericArchive(contentsOf: folder + "/reference.npz")
      let cell = vectors(try reference.doubles("cell"))
      let structure = AtomicStructure(
        atomicNumbers: try reference.ints("z"), positions: vectors(try reference.doubles("pos")),
        cell: PeriodicCell(cell[0], cell[1], cell[2]))
      let model = try PotentialFile.load(folder + "/model.safetensors")
      let found = try model.predict(structure)
      let forces = vectors(try reference.doubles("forces_f64"))
      let size = forces.reduce(0) { max($0, abs($1.x), abs($1.y), abs($1.z)) }
      // The polynomials of the file are in single precision, and this library's are not.
      print(hidden, "forces", size, largestDifference(found.forces, forces), "energy", try reference.doubles("energy_f64")[0], found.energy)
      #expect(largestDifference(found.forces, forces) < 2e-6 * size)
      #expect(largestDifference(found.atomEnergies, try reference.doubles("node_energy_f64")) < 2e-6 * size)
      let single = try model.converted(to: Float.self).predict(structure)
      #expect(largestDifference(single.forces, vectors(try reference.doubles("forces_f32"))) < 1e-5 * size)
    }
  }

  /// SevenNet-0 and the model of toluene as the script converts their own files, where the environment names a folder of these.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["EQUIVARIANT_CONVERTED"] != nil && PublishedModels.arePresent,
      "set EQUIVARIANT_CONVERTED to a folder with sevennet-0.safetensors and toluene.safetensors"))
  func publishedModelsConvertedByTheScript() throws {
    let folder = ProcessInfo.processInfo.environment["EQUIVARIANT_CONVERTED"]!
    let reference = try NumericArchive(contentsOf: PublishedModels.folder + "/sevennet0_11Jul2024/reference_f64.npz")
    let sevenNet = try PotentialFile.load(folder + "/sevennet-0.safetensors")
    let found = try sevenNet.predict(try PublishedModels.structure(6))
    #expect(largestDifference(found.forces, vectors(try reference.doubles("F6"))) < 1e-12)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("potential-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try PotentialFile.save(sevenNet, to: path)
    #expect(try PotentialFile.load(path).predict(try PublishedModels.structure(6)).forces == found.forces)

    let toluene = try NumericArchive(contentsOf: PublishedModels.folder + "/nequip_toluene/reference_outputs.npz")
    let molecule = AtomicStructure(
      atomicNumbers: try toluene.ints("z"), positions: Array(vectors(try toluene.doubles("pos"))[..<15]))
    let forces = try PotentialFile.load(folder + "/toluene.safetensors").predict(molecule).forces.map { $0 / 0.04336410423 }
    #expect(largestDifference(forces, Array(vectors(try toluene.doubles("forces"))[..<15])) < 1e-11)
  }
}
