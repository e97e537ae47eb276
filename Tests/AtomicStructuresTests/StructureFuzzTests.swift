import FileFormats
import Foundation
import FuzzSupport
import Testing

@testable import AtomicStructures

/// Damaged files are read or refused, and never end the program; what is read is written and read again as the same.
@Suite struct StructureFuzzTests {
  private static let rounds = ProcessInfo.processInfo.environment["EQUIVARIANT_SLOW_TESTS"] == "1" ? 100_000 : 3000

  private func seeds(_ matches: (String) -> Bool) throws -> [[UInt8]] {
    try ReferenceCasesTests.names.filter(matches).map { Array(try Data(contentsOf: URL(filePath: reference("extxyz/\($0)")))) }
  }

  private func fuzz(_ seeds: [[UInt8]], words: [String], _ read: ([UInt8]) throws -> Void) rethrows {
    var mutator = Mutator(seed: 3, seeds: seeds, words: words)
    var (successes, refusals) = (0, 0)
    for _ in 0..<Self.rounds {
      do {
        try read(mutator.next())
        successes += 1
      } catch let error as FileFormatError {
        refusals += 1
        #expect(!error.cause.isEmpty && !error.cure.isEmpty)
      }
    }
    #expect(successes > Self.rounds / 50 && refusals > Self.rounds / 10, "\(successes) read, \(refusals) refused")
  }

  @Test func extendedXYZ() throws {
    let words = [
      "Lattice=\"", "Properties=", "pbc=", "[", "]", "\"", "'", "{", "}", ":R:3", ":S:1", "=", "\n", "\r", "T F", "nan", "\\", "\t",
    ]
    try fuzz(try seeds { $0.hasSuffix(".xyz") }, words: words) { bytes in
      var survey = DatasetSurvey()
      for frame in ExtendedXYZReader(bytes: bytes, path: "f.xyz") {
        let structure = try frame.get()
        survey.add(structure)
        guard let written = try? structure.extendedXYZ() else { continue }
        let again = try #require(try ExtendedXYZReader(bytes: written, path: "again.xyz").read())
        #expect(again.positions == structure.positions && again.atomicNumbers == structure.atomicNumbers && again.cell == structure.cell)
        #expect(again.properties.names == structure.properties.names && again.atomProperties.names == structure.atomProperties.names)
        // Numbers that are not any are not equal to themselves; their text is. A comment that is a number becomes one.
        let twice = try #require(try ExtendedXYZReader(bytes: again.extendedXYZ(), path: "twice.xyz").read())
        #expect(try twice.extendedXYZ() == again.extendedXYZ(), "\(String(decoding: bytes, as: UTF8.self))")
      }
      _ = (survey.report, survey.json)
    }
  }

  @Test func poscar() throws {
    let words = ["Selective", "Direct", "Cartesian", "-", "1e10", "\n", "T F T", "Si", "Lattice velocities"]
    let velocities =
      "x\n1\n2 0 0\n0 2 0\n0 0 2\nH\n2\nSelective\nDirect\n0 0 0 T F F\n0 0 .5 F T T\nLattice\n1\n1 0 0\n0 1 0\n0 0 1\n2 0 0\n0 2 0\n0 0 2\n\n1 0 0\n0 1 0\n"
    try fuzz(try seeds { !$0.hasSuffix(".xyz") } + [Array(velocities.utf8)], words: words) { bytes in
      let file = try POSCARFile(bytes: bytes, path: "POSCAR")
      if let written = try? file.structure.poscar() {
        #expect(try POSCARFile(bytes: written, path: "again").structure.count == file.structure.count)
      }
    }
  }

  @Test func archives() throws {
    var values = ValueMutator(seed: 4)
    let seed = try NumericArchive.encode([
      ("z", NumericArray([8, 1])), ("R", NumericArray((0..<12).map { Double($0) }, shape: [2, 2, 3])), ("E", NumericArray([1.0, 2])),
      ("F", NumericArray((0..<12).map { Double($0) }, shape: [2, 2, 3])), ("e_unit", NumericArray(strings: ["eV"])),
    ])
    var refusals = 0
    for _ in 0..<Self.rounds / 3 {
      do {
        let archive = try MD17Archive(bytes: values.npz(seed), path: "f.npz")
        for frame in 0..<archive.count { #expect(archive[frame].count == archive.atomicNumbers.count) }
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 100 && refusals < Self.rounds / 3)
  }
}
