import AtomicStructures
import EquivariantLayers
import FileFormats
import Foundation
import MessagePassing
import Testing

@testable import InteratomicPotentials

/// MACE against what mace-torch says.
@Suite struct MACEImportTests {
  private static let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("References").path

  static func random(_ name: String) throws -> (model: MACE<Double>, file: NumericArchive) {
    let file = try NumericArchive(contentsOf: "\(references)/mace_random_\(name).npz")
    let options = try JSONValue(parsing: try file.ints("options").map { UInt8($0) }).object!
    return (try MACE<Double>.mace(ForeignWeights(file, prefix: "weights/"), ForeignSettings(options, path: file.path)), file)
  }

  static func structure(_ file: NumericArchive, _ number: Int) throws -> AtomicStructure {
    let cell = file.contains("s\(number)_cell") ? vectors(try file.doubles("s\(number)_cell")) : nil
    return AtomicStructure(
      atomicNumbers: try file.ints("s\(number)_z"), positions: vectors(try file.doubles("s\(number)_pos")),
      cell: cell.map { PeriodicCell($0[0], $0[1], $0[2]) })
  }

  /// Random weights; cells smaller than the cut-off, and a molecule.
  @Test(arguments: ["heads", "density", "degree3", "four"]) func randomWeights(_ name: String) throws {
    var (model, file) = try Self.random(name)
    for number in 0..<2 {
      let structure = try Self.structure(file, number)
      for head in model.configuration.heads.indices {
        model.head = head
        let found = try model.predict(structure)
        let key = "s\(number)_h\(head)_"
        let (energy, forces) = (try file.doubles(key + "energy")[0], vectors(try file.doubles(key + "forces")))
        let size = forces.reduce(abs(energy)) { max($0, abs($1.x), abs($1.y), abs($1.z)) }
        #expect(abs(found.energy - energy) < 2e-13 * size, "\(name) \(key)")
        #expect(largestDifference(found.atomEnergies, try file.doubles(key + "node_energy")) < 2e-13 * size)
        #expect(largestDifference(found.forces, forces) < 1e-12 * size)
        if let cell = structure.cell {
          #expect(largestDifference(found.stress(volume: cell.volume), voigt(try file.doubles(key + "stress"))) < 1e-12 * size)
        }
      }
    }
  }

  private func voigt(_ matrix: [Double]) -> [Double] { [0, 4, 8, 5, 2, 1].map { matrix[$0] } }

  static let solvents = ["mace01_solvent_xtb", "mace02_tiny_solvent_xtb"]
  static func solvent(_ name: String) throws -> MACE<Double> {
    try MACE<Double>.mace(
      weights: PublishedModels.folder + "/" + name + "/weights.npz",
      configuration: [
        "model": "ScaleShiftMACE", "r_max": 4, "num_bessel": 8, "num_polynomial_cutoff": 5, "max_ell": 2, "num_interactions": 2,
        "interaction_cls_first": "RealAgnosticInteractionBlock", "interaction_cls": "RealAgnosticResidualInteractionBlock",
        "hidden_irreps": .string("\(name.contains("tiny") ? 16 : 32)x0e"), "MLP_irreps": "16x0e", "gate": "silu",
        "atomic_numbers": [1, 6, 8],
        "correlation": 2, "avg_num_neighbors": .number(name.contains("tiny") ? 9.794285714285714 : 9.86205556634933),
      ])
  }

  /// Two published models of a solvent.
  @Test(.enabled(if: PublishedModels.arePresent, PublishedModels.absence), arguments: solvents)
  func published(_ name: String) throws {
    let folder = PublishedModels.folder + "/" + name
    let channels = name.contains("tiny") ? 16 : 32
    let model = try Self.solvent(name)
    let file = try NumericArchive(contentsOf: folder + "/reference_outputs.npz")
    let (sizes, numbers, positions) = (try file.ints("n_atoms"), try file.ints("z"), vectors(try file.doubles("pos")))
    let (energies, forces) = (try file.doubles("mace_energy"), vectors(try file.doubles("mace_forces")))
    let (atomEnergies, features) = (try file.doubles("mace_node_energy"), try file.doubles("mace_node_feats"))
    var (structures, start) = ([AtomicStructure](), 0)
    let count = PublishedModels.isSlow ? sizes.count : 3
    for size in sizes.prefix(count) {
      structures.append(
        AtomicStructure(atomicNumbers: Array(numbers[start..<start + size]), positions: Array(positions[start..<start + size])))
      start += size
    }
    let batch = try model.batch(structures)
    let found = model.predict(batch)
    for (k, one) in found.enumerated() { #expect(abs(one.energy - energies[k]) < 1e-12 * abs(energies[k])) }
    #expect(largestDifference(found.flatMap(\.atomEnergies), Array(atomEnergies[..<start])) < 1e-11)
    #expect(largestDifference(found.flatMap(\.forces), Array(forces[..<start])) < 1e-12)
    let own = model.features(batch).map(\.e3nn)
    let rows = (0..<start).flatMap { row in own.flatMap { Array($0.elements[row * channels..<(row + 1) * channels]) } }
    #expect(largestDifference(rows, Array(features[..<(2 * channels * start)])) < 1e-12)
  }

  /// An option that is not known, one that is known with another value, an array too many, and polynomials that are none.
  @Test func unknownOptionsAndArraysAreRefused() throws {
    let file = try NumericArchive(contentsOf: "\(Self.references)/mace_random_four.npz")
    let options = try JSONValue(parsing: try file.ints("options").map { UInt8($0) }).object!
    func reading(_ change: (inout JSONObject) -> Void) -> FileFormatError? {
      var options = options
      change(&options)
      do {
        _ = try MACE<Double>.mace(ForeignWeights(file, prefix: "weights/"), ForeignSettings(options, path: "model"))
        return nil
      } catch let error { return error }
    }
    #expect(reading { _ in } == nil)
    #expect(reading { $0["charge_equilibration"] = true }?.place.entry == "charge_equilibration")
    #expect(reading { $0["use_so3"] = true }?.kind == .unsupported)
    #expect(reading { $0["interaction_cls_first"] = "RealAgnosticAttResidualInteractionBlock" }?.place.entry == "interaction_cls_first")
    #expect(reading { $0["r_max"] = 4.5 }?.place.entry == "r_max")
    #expect(reading { $0["hidden_irreps"] = "2x0o" }?.description.contains("0e") == true)
    #expect(reading { $0["correlation"] = 3 }?.place.entry?.hasPrefix("products.0") == true)
    #expect(reading { $0["correlation"] = 1e300 }?.kind == .malformed)
  }
}
