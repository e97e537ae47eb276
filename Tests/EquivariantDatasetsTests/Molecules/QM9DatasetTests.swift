import Equivariant
import Foundation
import Testing

@Suite struct QM9DatasetTests {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/qm9/qm9_600.npz").path

  /// The numbers beside them were computed by NumPy from the same file.
  @Test func values() throws {
    let data = try QM9Dataset(contentsOf: Self.path)
    #expect(data.count == 600 && data.train.count == 400 && data.valid.count == 100 && data.test.count == 100)
    let energies = try data.atomizationEnergies()
    for (molecule, energy) in [(0, -59.31641377168325), (5, -71.52648931689535), (599, -50.28639688011213)] {
      #expect(abs(energies[molecule] - energy) < 1e-9)
    }
    let dipoles = data.chargeDipoles
    for (k, value) in [Float(-0.26406653), 0.55947027, 0.00554687].enumerated() { #expect(abs(dipoles[3 * 599 + k] - value) < 2e-6) }
    #expect(try data.values(of: .dipoleMoment)[2] == Double(Float(5.3033)))
    let batch: AtomBatch<Double> = data.batch([599, 0], cutoff: 2)
    #expect(batch.graph.graphSizes == [11, 15] && batch.positions[0, 1] == Double(data.positions[3 * data.offsets[599] + 1]))
    // Charges of a molecule add up to nothing, so that the dipole does not depend on the origin.
    let charges = try #require(data.charges)
    #expect((0..<600).allSatisfy { abs(charges[data.offsets[$0]..<data.offsets[$0 + 1]].reduce(0, +)) < 1e-4 })
  }

  private func file(_ change: (inout [String: NumericArray]) -> Void) throws -> QM9Dataset {
    var arrays: [String: NumericArray] = [
      "n_atoms": NumericArray([3, 2]), "z": NumericArray([8, 1, 1, 1, 1]),
      "pos": NumericArray([Float](repeating: 0.5, count: 15), shape: [5, 3]),
      "u0": NumericArray([-76.4, -1.17]), "split": NumericArray([0, 2]),
    ]
    change(&arrays)
    let folder = FileManager.default.temporaryDirectory.appending(path: "QM9DatasetTests-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "data.npz").path
    try NumericArchive.write(arrays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path)
    return try QM9Dataset(contentsOf: path)
  }

  @Test func partsThatMayBeAbsent() throws {
    let data = try file { $0["split"] = nil }
    #expect(data.train == [0, 1] && data.test.isEmpty && data.charges == nil && data.chargeDipoles == [0, 0, 0, 0, 0, 0])
    #expect(throws: FileFormatError.self) { try data.values(of: .gap) }
  }

  @Test func wrongInput() throws {
    func message(_ change: (inout [String: NumericArray]) -> Void) -> String {
      do {
        _ = try file(change)
        return "read"
      } catch { return "\(error)" }
    }
    #expect(message { _ in } == "read")
    #expect(message { $0["z"] = NumericArray([8, 1, 1, 1]) }.contains("the shape [5] is expected, it is [4]"))
    #expect(message { $0["z"] = NumericArray([8, 1, 1, 0, 1]) }.contains("atom 0 of molecule 1 has the atomic number 0"))
    #expect(message { $0["n_atoms"] = NumericArray([3, 0]) }.contains("molecule 1 has 0 atoms"))
    #expect(message { $0["n_atoms"] = NumericArray([3, -2]) }.contains("molecule 1 has -2 atoms"))
    #expect(message { $0["n_atoms"] = NumericArray([Int]()) }.contains("there is no molecule"))
    #expect(message { $0["n_atoms"] = NumericArray([Int.max, Int.max]) }.contains("molecule 0 has"))
    #expect(message { $0["pos"] = NumericArray([Float](repeating: .nan, count: 15), shape: [5, 3]) }.contains("atom 0 of molecule 0"))
    #expect(message { $0["u0"] = NumericArray([-76.4, .infinity]) }.contains("the value of molecule 1 is inf"))
    #expect(message { $0["split"] = NumericArray([0, 3]) }.contains("molecule 1 is of part 3"))
    #expect(message { $0["pos"] = nil }.contains("pos"))
    let sulfur = try file { $0["z"] = NumericArray([16, 1, 1, 1, 1]) }
    #expect(throws: FileFormatError.self) { try sulfur.atomizationEnergies() }
  }
}
