import FileFormats
import Foundation
import Testing

@testable import AtomicStructures

@Suite struct MD17ArchiveTests {
  private static func arrays(_ names: [String], column: Bool = false) -> [(name: String, array: NumericArray)] {
    [
      (names[0], NumericArray([8, 1])), (names[1], NumericArray((0..<12).map { Double($0) / 4 }, shape: [2, 2, 3])),
      (names[2], NumericArray([-1.0, 23.0605478], shape: column ? [2, 1] : [2])),
      (names[3], NumericArray((0..<12).map { Double($0) }, shape: [2, 2, 3])),
    ]
  }

  private func read(_ arrays: [(name: String, array: NumericArray)]) throws -> MD17Archive {
    try MD17Archive(bytes: NumericArchive.encode(arrays), path: "m.npz")
  }

  @Test func layoutsAndUnits() throws {
    for (names, column) in [
      (["nuclear_charges", "coords", "energies", "forces"], false), (["z", "R", "E", "F"], true),
      (["z", "train_pos", "train_energy", "train_forces"], false),
    ] {
      let archive = try read(Self.arrays(names, column: column))
      #expect(archive.count == 2 && archive.atomicNumbers == [8, 1])
      let second = archive[1]
      #expect(second.positions == [SIMD3(1.5, 1.75, 2), SIMD3(2.25, 2.5, 2.75)] && second.cell == nil)
      // 1 eV is 23.0605478 kcal/mol.
      #expect(abs(second.properties["energy"]!.reals![0] - 1) < 1e-8)
      #expect(abs(second.atomProperties["forces"]!.reals![0] - 6 / 23.0605478) < 1e-8)
    }
    let hartree = try read(
      Self.arrays(["z", "R", "E", "F"]) + [("e_unit", NumericArray(strings: ["hartree"])), ("r_unit", NumericArray(strings: ["Bohr"]))])
    #expect(
      abs(hartree[0].properties["energy"]!.reals![0] + 27.211386245988) < 1e-12
        && abs(hartree[0].positions[1].x - 0.75 * 0.529177210903) < 1e-12)
    let bare = try read(Array(Self.arrays(["z", "R", "E", "F"]).prefix(2)))
    #expect(bare[0].properties.isEmpty && bare[0].atomProperties.isEmpty)
  }

  @Test func mistakes() {
    func error(_ change: (inout [(name: String, array: NumericArray)]) -> Void) -> FileFormatError? {
      var arrays = Self.arrays(["z", "R", "E", "F"])
      change(&arrays)
      return failure { try read(arrays) }
    }
    #expect(error { $0[0].name = "y" }?.kind == .notFound)
    #expect(error { $0[0].array = NumericArray([8, 0]) }?.place == .init(entry: "z", atom: 1))
    #expect(error { $0[1].array = NumericArray((0..<12).map { Double($0) }, shape: [2, 6]) }?.place.entry == "R")
    #expect(error { $0[2].array = NumericArray([1.0, 2, 3]) }?.place.entry == "E")
    #expect(
      error { $0[1].array = NumericArray((0..<12).map { $0 == 10 ? .nan : Double($0) }, shape: [2, 2, 3]) }?.place
        == .init(entry: "R", frame: 1, atom: 1))
    #expect(error { $0.append(("e_unit", NumericArray(strings: ["furlong"]))) }?.place.entry == "e_unit")
    #expect(error { $0[0].array = NumericArray([] as [Int]) }?.place.entry == "z")
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = try MD17Archive(bytes: NumericArchive.encode(MD17ArchiveTests.arrays(["z", "R", "E", "F"])), path: "m")[2]
    }
  }
}
