import Foundation
import MessagePassing
import Testing

@testable import AtomicStructures
@testable import FileFormats

/// Files as people write them against what ASE reads of them.
@Suite struct ReferenceCasesTests {
  static let names = try! FileManager.default.contentsOfDirectory(atPath: reference("extxyz")).filter { !$0.hasSuffix(".json") }.sorted()
  /// What ASE does not read.
  static let refused: Set = ["q09_stress_voigt.xyz", "q14_fortran_exponent.xyz", "q18_labels.xyz", "q19_too_few_atoms.xyz"]

  static func ase(_ name: String) throws -> JSONValue {
    // Python's JSON has numbers that JSON has not.
    let text = try String(contentsOfFile: reference("extxyz/\(name).ase.json"), encoding: .utf8)
    return try JSONValue(parsing: text.replacingOccurrences(of: "NaN", with: "null").replacingOccurrences(of: "Infinity", with: "null"))
  }

  private func numbers(_ value: JSONValue?) -> [Double] {
    switch value {
    case .array(let values)?: values.flatMap { numbers($0) }
    case .bool(let truth)?: [truth ? 1 : 0]
    case .null?: [.nan]
    case let value?: value.double.map { [$0] } ?? []
    case nil: []
    }
  }

  /// Equal, where ASE has a number; elsewhere not finite.
  private func expectEqual(_ ours: [Double], _ theirs: [Double], _ what: String) {
    #expect(ours.count == theirs.count, "\(what)")
    for (a, b) in zip(ours, theirs) { #expect(b.isNaN ? !a.isFinite : abs(a - b) <= 1e-14 * max(1, abs(b)), "\(what)") }
  }

  @Test(arguments: names.filter { !refused.contains($0) }) func readsWhatASEReads(_ name: String) throws {
    let expected = try #require(try Self.ase(name)["frames"]?.array)
    let structures = try StructureReader(contentsOf: reference("extxyz/\(name)")).map { try $0.get() }
    #expect(structures.count == expected.count)
    for (structure, frame) in zip(structures, expected) {
      #expect(structure.atomicNumbers.map(Double.init) == numbers(frame["numbers"]))
      expectEqual(structure.positions.flatMap { [$0.x, $0.y, $0.z] }, numbers(frame["positions"]), "positions")
      let cell = structure.cell?.vectors.flatMap { [$0.x, $0.y, $0.z] } ?? Array(repeating: 0, count: 9)
      expectEqual(cell, numbers(frame["cell"]), "cell")
      #expect((structure.cell?.isPeriodic ?? [false, false, false]) == frame["pbc"]?.array?.map { $0.bool ?? false })
      // Properties of the frame and results of a calculator are in one place here.
      var names: Set<String> = []
      for (key, value) in (frame["info"]?.object?.members ?? []).map({ ($0.key, $0.value) })
        + (frame["calculator"]?.object?.members ?? []).map({ ($0.key, $0.value) }) where key != "forces"
      {
        names.insert(key)
        let values = try #require(structure.properties[key], "\(key)")
        if let text = value.string {
          #expect(values.text == [text])
        } else if key == "stress", values.shape == [9] {
          let nine = try #require(values.reals)
          // Its columns, and of the two halves the upper one.
          expectEqual([0, 4, 8, 7, 6, 3].map { nine[$0] }, numbers(value), key)
        } else {
          expectEqual(values.reals ?? [], numbers(value), key)
        }
      }
      #expect(Set(structure.properties.names).subtracting(["comment"]) == names)
      for (key, value) in (frame["arrays"]?.object?.members ?? []).map({ ($0.key, $0.value) }) {
        expectEqual(try #require(structure.atomProperties[key]?.reals), numbers(value), key)
      }
      // Not `get_forces`, which a constraint sets to zero.
      if let forces = frame["calculator"]?["forces"] {
        expectEqual(try #require(structure.atomProperties["forces"]?.reals), numbers(forces), "forces")
      }
    }
  }

  /// A comparison that takes anything would have passed.
  @Test func otherNumbersAreSeen() throws {
    withKnownIssue { expectEqual([1, 2], [1, 2.1], "") }
    withKnownIssue { expectEqual([1], [.nan], "") }
  }

  @Test func stressOfSixNumbers() throws {
    #expect(try Self.ase("q09_stress_voigt.xyz")["error"] != nil)
    let structure = try #require(try ExtendedXYZReader(contentsOf: reference("extxyz/q09_stress_voigt.xyz")).read())
    #expect(structure.properties["stress"]?.reals == [1, 2, 3, 4, 5, 6])
    let labels = try LabelKeys([.stress: "stress"]).labels(of: structure)
    #expect(labels.stress(volume: 64)! == [1, 2, 3, 4, 5, 6])
  }

  @Test func exponentsOfFortran() throws {
    let structure = try #require(try ExtendedXYZReader(contentsOf: reference("extxyz/q14_fortran_exponent.xyz")).read())
    #expect(structure.positions == [SIMD3(0.1, 2.5, -3)] && structure.properties["energy"]?.reals == [-15])
  }

  /// Labels of sites and deuterium are read; what is no atom is refused by name.
  @Test func labels() throws {
    let path = reference("extxyz/q18_labels.xyz")
    let error = failure { try ExtendedXYZReader(contentsOf: path).read() }
    #expect(error?.place == .init(line: 5, frame: 0, atom: 2) && error?.cause.contains("\"X\" is a dummy") == true, "\(error!)")
    let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "X ", with: "H ")
    let structure = try #require(try frames(text).first)
    #expect(structure.atomicNumbers == [8, 1, 1] && structure.labels == ["O1", "D", "H"])
    #expect(structure.masses == [15.999, 2.014101778, 1.008] && structure.properties["comment"]?.text == ["labels"])
    #expect(try structure.again() == structure)
  }

  @Test func tooFewAtoms() {
    let error = failure { try ExtendedXYZReader(contentsOf: reference("extxyz/q19_too_few_atoms.xyz")).read() }
    #expect(error?.kind == .truncated && error?.place.frame == 0 && error?.place.line == 4, "\(error!)")
    #expect(error?.cause.contains("2 of the 3 atoms") == true)
  }

  /// A mask of fixed atoms leaves forces as they are (ASE's `get_forces` has zeros there).
  @Test func maskLeavesForces() throws {
    let structure = try #require(try ExtendedXYZReader(contentsOf: reference("extxyz/q12_move_mask.xyz")).read())
    #expect(structure.atomProperties["move_mask"]?.logicals == [false, true])
    #expect(try LabelKeys([.forces: "forces"]).labels(of: structure).forces == [SIMD3(0.1, 0.2, 0.3), SIMD3(0.4, 0.5, 0.6)])
  }

  /// What is read is written and read again as the same, and a POSCAR, too.
  @Test(arguments: names.filter { $0 != "q18_labels.xyz" && $0 != "q19_too_few_atoms.xyz" && $0 != "q16_nan_energy.xyz" })
  func writtenAndReadAgain(_ name: String) throws {
    for case .success(let structure) in try StructureReader(contentsOf: reference("extxyz/\(name)")) {
      #expect(try structure.again() == structure)
      guard structure.cell?.isPeriodic == [true, true, true] else { continue }
      for direct in [false, true] {
        let file = try POSCARFile(bytes: structure.poscar(direct: direct), path: "POSCAR")
        #expect(file.structure.atomicNumbers == structure.atomicNumbers && file.structure.cell == structure.cell)
        #expect(file.structure.atomProperties["selective_dynamics"] == structure.atomProperties["selective_dynamics"])
        for (a, b) in zip(file.structure.positions, structure.positions) {
          let d = a - b
          #expect((d * d).sum() < 1e-28)
        }
      }
    }
  }
}
