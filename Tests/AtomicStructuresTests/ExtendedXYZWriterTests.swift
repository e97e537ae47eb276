import FileFormats
import Foundation
import MessagePassing
import Testing

@testable import AtomicStructures

@Suite struct ExtendedXYZWriterTests {
  private var structure: AtomicStructure {
    AtomicStructure(atomicNumbers: [8, 1], positions: [.zero, SIMD3(0.1, -1e-20, 1.0 / 3)])
  }

  @Test func text() throws {
    var water = structure
    water.cell = PeriodicCell(SIMD3(3, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 5), isPeriodic: [true, true, false])
    water.properties["energy"] = PropertyValues(-1.5)
    water.properties["config_type"] = PropertyValues("a b")
    water.atomProperties["q"] = PropertyValues(.reals([-0.5, 0.5]), shape: [2])
    #expect(
      try String(decoding: water.extendedXYZ(), as: UTF8.self) == """
        2
        Lattice="3.0 0.0 0.0 0.0 4.0 0.0 0.0 0.0 5.0" pbc="T T F" Properties=species:S:1:pos:R:3:q:R:1 energy=-1.5 config_type="a b"
        O 0.0 0.0 0.0 -0.5
        H 0.1 -1e-20 0.3333333333333333 0.5

        """)
  }

  /// Texts that need quotes, numbers to the last bit, every shape.
  @Test func readsBackAsTheSame() throws {
    var all = structure
    for (k, text) in ["a=b", "\"", "\\", "it's", "two\nlines", "[x]", "{}", "a,b", "é Å", "  "].enumerated() {
      all.properties["text\(k)"] = PropertyValues(text)
    }
    all.properties["with blank"] = PropertyValues(true)
    all.properties["tiny"] = PropertyValues(Double.leastNonzeroMagnitude)
    all.properties["vector"] = PropertyValues(.reals([0.1, 1 / 3, -1e300]), shape: [3])
    all.properties["one"] = PropertyValues(.integers([4]), shape: [1])
    all.properties["matrix"] = PropertyValues(.reals((0..<9).map { Double($0) / 9 }), shape: [3, 3])
    all.properties["digits"] = PropertyValues(.text(["1", "2"]), shape: [2])
    all.properties["words"] = PropertyValues(.text(["a b", "c\"d", ""]), shape: [3])
    all.properties["table"] = PropertyValues(.logicals([true, false]), shape: [2, 1])
    #expect(try all.again() == all)
  }

  @Test func whatHasNoPlaceIsRefused() throws {
    for (name, values) in [
      ("cube", PropertyValues(.reals([1]), shape: [1, 1, 1])), ("pbc", PropertyValues(true)), ("Lattice", PropertyValues(1)),
      ("", PropertyValues(1)),
    ] {
      var wrong = structure
      wrong.properties[name] = values
      #expect(failure { try wrong.extendedXYZ() }?.kind == .unsupported)
    }
    for (name, values) in [
      ("q", PropertyValues(.reals([1]), shape: [1])), ("a:b", PropertyValues(.reals([1, 2]), shape: [2])),
      ("words", PropertyValues(.text(["a b", "c"]), shape: [2])), ("words", PropertyValues(.text(["", "c"]), shape: [2])),
      ("none", PropertyValues(.reals([]), shape: [2, 0])),
    ] {
      var wrong = structure
      wrong.atomProperties[name] = values
      #expect(failure { try wrong.extendedXYZ() }?.place.entry == name)
    }
    #expect(failure { try AtomicStructure(atomicNumbers: [0], positions: [.zero]).extendedXYZ() }?.place.atom == 0)
  }

  /// A file that is not closed, or fails, leaves what was there.
  @Test func nothingIsHalfWritten() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.xyz"
      try Data("old".utf8).write(to: URL(filePath: path))
      do {
        let writer = try ExtendedXYZWriter(path)
        for _ in 0..<20_000 { try writer.write(structure) }
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.xyz"])
      let writer = try ExtendedXYZWriter(path)
      try writer.write(structure)
      let error = failure { try writer.write(AtomicStructure(atomicNumbers: [0], positions: [.zero])) }
      #expect(error?.path == path && error?.place.frame == 1)
      try writer.close()
      #expect(try ExtendedXYZReader(contentsOf: path).map { try $0.get() } == [structure])
      #expect(
        failure {
          try writer.write(structure); try writer.close()
        }?.kind == .unwritable)
      #expect(failure { try ExtendedXYZWriter(folder) }?.kind == .directory)
      #expect(failure { try ExtendedXYZWriter(folder + "/no/a.xyz") } != nil && failure { try ExtendedXYZWriter("") } != nil)
    }
  }
}
