import AtomicStructures
import FileFormats
import Foundation
import InteratomicPotentials
import MessagePassing
import Testing

/// Argon by Lennard and Jones: 4 ε ((σ/r)¹² − (σ/r)⁶), cut at 8 Å.
private struct LennardJones: InteratomicPotential {
  let elements = [18]
  let cutoff = 8.0
  let depth = 0.0104
  let size = 3.4
  var isBroken = false

  func predict(_ structure: AtomicStructure) throws -> PotentialPrediction {
    let list = try NeighborList(positions: structure.positions, cell: structure.cell, cutoff: cutoff)
    let vectors = list.vectors(positions: structure.positions, cell: structure.cell)
    var energies = [Double](repeating: 0, count: structure.count)
    var (forces, virial) = ([SIMD3<Double>](repeating: .zero, count: structure.count), [Double](repeating: 0, count: 9))
    for i in 0..<structure.count {
      for e in list.firstEdge[i]..<list.firstEdge[i + 1] {
        let r = vectors[e]
        let square = (r * r).sum()
        let six = pow(size * size / square, 3)
        energies[i] += 2 * depth * (six * six - six)
        let force = -24 * depth * (2 * six * six - six) / square * r
        forces[i] += force
        for a in 0..<3 { for b in 0..<3 { virial[3 * a + b] -= 0.5 * r[a] * force[b] } }
      }
    }
    if isBroken { forces[0].x = .nan }
    return PotentialPrediction(energy: energies.reduce(0, +), atomEnergies: energies, forces: forces, virial: virial)
  }
}

@Suite struct StructurePredictionTests {
  private let argon = AtomicStructure(
    atomicNumbers: [18], positions: [.zero], cell: PeriodicCell(SIMD3(0, 2.63, 2.63), SIMD3(2.63, 0, 2.63), SIMD3(2.63, 2.63, 0)))

  /// Stress as the derivative of the energy by the size of the cell, and its sign: a stretched crystal wants to contract.
  @Test func stressOfACrystal() throws {
    func scaled(_ factor: Double) -> AtomicStructure {
      var structure = argon
      structure.cell!.vectors = structure.cell!.vectors.map { $0 * factor }
      return structure
    }
    for factor in [0.97, 1.04] {
      let structure = scaled(factor)
      let labelled = structure.with(try LennardJones().prediction(of: structure, frame: 0, path: "a"))
      let stress = try #require(labelled.properties["stress"]?.reals)
      let h = 1e-5
      let difference =
        try (LennardJones().predict(scaled(factor * (1 + h))).energy - LennardJones().predict(scaled(factor * (1 - h))).energy) / (2 * h)
      let trace = (stress[0] + stress[4] + stress[8]) * structure.cell!.volume
      #expect(abs(trace - difference) < 1e-6 * abs(difference) && (factor > 1) == (stress[0] > 0))
      #expect(labelled.atomProperties["forces"]?.shape == [1, 3] && labelled.properties["energy"] != nil)
      // What is written is found again as labels.
      let labels = try LabelKeys([.energy: "energy", .stress: "stress"]).labels(of: labelled)
      #expect(abs(labels.virial![0] + stress[0] * structure.cell!.volume) < 1e-12)
    }
  }

  @Test func prefixesAndReplacement() throws {
    var structure = argon
    structure.cell = nil
    structure.properties["energy"] = PropertyValues(7.0)
    structure.properties["stress"] = PropertyValues(.reals([1, 2, 3, 4, 5, 6]), shape: [6])
    let prediction = try LennardJones().predict(structure)
    let plain = structure.with(prediction)
    #expect(plain.properties["energy"]?.reals == [0] && plain.properties["stress"] == nil)
    let prefixed = structure.with(prediction, prefix: "LJ_")
    #expect(prefixed.properties.names == ["energy", "stress", "LJ_energy"] && prefixed.properties["energy"]?.reals == [7])
  }

  @Test func errorsNameFileFrameAndAtom() {
    func error(_ structure: AtomicStructure, _ potential: LennardJones = LennardJones()) -> FileFormatError? {
      #expect(throws: FileFormatError.self) { try potential.prediction(of: structure, frame: 4, path: "a.xyz") }
    }
    let two = AtomicStructure(atomicNumbers: [18, 18], positions: [.zero, .zero])
    #expect(
      error(two)?.place == .init(frame: 4, atom: 0) && error(two)?.cause.contains("at one place") == true && error(two)?.path == "a.xyz")
    #expect(error(AtomicStructure(atomicNumbers: [18, 1], positions: [.zero, SIMD3(3, 0, 0)]))?.place.atom == 1)
    #expect(error(AtomicStructure(atomicNumbers: [], positions: []))?.cause == "there are no atoms")
    var flat = argon
    flat.cell!.vectors[0] = .zero
    #expect(error(flat)?.cause.contains("no volume") == true)
    #expect(error(AtomicStructure(atomicNumbers: [18], positions: [SIMD3(.nan, 0, 0)]))?.place.atom == 0)
    #expect(error(argon, LennardJones(isBroken: true))?.cause.contains("no finite energy") == true)
  }

  @Test func writesFramesOrLines() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "predictions-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let prediction = try LennardJones().predict(argon)
    for asJSON in [false, true] {
      let path = folder.appending(path: asJSON ? "a.jsonl" : "a.xyz").path
      let writer = try PredictionWriter(path, asJSON: asJSON)
      for _ in 0..<2 { try writer.write(argon, prediction) }
      #expect(!FileManager.default.fileExists(atPath: path))
      try writer.close()
      if asJSON {
        let lines = try readJSONLines(path)
        #expect(lines.count == 2 && lines[1]["frame"] == 1 && lines[0]["energy"]?.double == prediction.energy)
      } else {
        let frames = try ExtendedXYZReader(contentsOf: path).map { try $0.get() }
        #expect(frames == [argon.with(prediction), argon.with(prediction)])
      }
    }
  }
}
