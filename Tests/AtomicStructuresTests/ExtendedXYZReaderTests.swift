import FileFormats
import Foundation
import MessagePassing
import Testing

@testable import AtomicStructures

@Suite struct ExtendedXYZReaderTests {
  private static let plain = "Properties=species:S:1:pos:R:3"

  private func comment(_ text: String) throws -> AtomicStructure {
    try #require(try frames("1\n\(text) \(Self.plain)\nH 0 0 0\n").first)
  }

  /// The grammar of values, one by one.
  @Test func valuesOfKeys() throws {
    let structure = try comment(
      #"a=1 b=-2.5E3 c=1.5d-1 d=T e=false f=word g="two words" h='single "quotes"' i={3 4 5} j="1 2.5" k="T F" l=[1, 2] m=[[1.5,2],[3,4]] "#
        + #"n=["x y", z] o = 7 flag "quoted key"=8 p="back\\slash \"quoted\"" q=nan r=-inf s="" t=TRUE u=[] v=+3 w=1e400 x=a=b"#)
    let properties = structure.properties
    #expect(
      properties.names
        == "a b c d e f g h i j k l m n o flag|quoted key|p q r s t u v w x".split { " " == $0 }.flatMap {
          $0 == "flag|quoted" ? ["flag"] : $0 == "key|p" ? ["quoted key", "p"] : [String($0)]
        })
    #expect(properties["a"] == PropertyValues(1) && properties["b"] == PropertyValues(-2500.0) && properties["c"] == PropertyValues(0.15))
    #expect(
      properties["d"] == PropertyValues(true) && properties["e"] == PropertyValues(false) && properties["f"] == PropertyValues("word"))
    #expect(properties["g"] == PropertyValues("two words") && properties["h"] == PropertyValues("single \"quotes\""))
    #expect(
      properties["i"] == PropertyValues(.integers([3, 4, 5]), shape: [3])
        && properties["j"] == PropertyValues(.reals([1, 2.5]), shape: [2]))
    #expect(
      properties["k"] == PropertyValues(.logicals([true, false]), shape: [2])
        && properties["l"] == PropertyValues(.integers([1, 2]), shape: [2]))
    #expect(properties["m"] == PropertyValues(.reals([1.5, 2, 3, 4]), shape: [2, 2]))
    #expect(properties["n"] == PropertyValues(.text(["x y", "z"]), shape: [2]) && properties["o"] == PropertyValues(7))
    #expect(properties["flag"] == PropertyValues(true) && properties["quoted key"] == PropertyValues(8))
    #expect(properties["p"] == PropertyValues("back\\slash \"quoted\"") && properties["q"]?.reals?[0].isNaN == true)
    #expect(
      properties["r"] == PropertyValues(-Double.infinity) && properties["s"] == PropertyValues("")
        && properties["t"] == PropertyValues(true))
    #expect(properties["u"]?.shape == [0] && properties["v"] == PropertyValues(3) && properties["w"] == PropertyValues(Double.infinity))
    #expect(properties["x"] == PropertyValues("a=b"))
    var finite = structure
    finite.properties["q"] = nil
    #expect(try finite.again() == finite)
  }

  /// Columns of every type and width, in any order, are kept and written back.
  @Test func columns() throws {
    let text = """
      2
      Properties=id:I:1:pos:R:3:species:S:1:tag:S:2:q:R:1:fixed:L:3:shells:I:2
      7 0 1 2 Si a b -0.5 T F T 1 2
      8 3 4 5 si c d 1e-3 0 1 F 3 4

      """
    let structure = try #require(try frames(text).first)
    #expect(structure.atomicNumbers == [14, 14] && structure.positions == [SIMD3(0, 1, 2), SIMD3(3, 4, 5)] && structure.labels == nil)
    #expect(structure.atomProperties.names == ["id", "tag", "q", "fixed", "shells"])
    #expect(structure.atomProperties["tag"] == PropertyValues(.text(["a", "b", "c", "d"]), shape: [2, 2]))
    #expect(structure.atomProperties["q"] == PropertyValues(.reals([-0.5, 1e-3]), shape: [2]))
    #expect(structure.atomProperties["fixed"]?.logicals == [true, false, true, false, true, false])
    #expect(structure.atomProperties["shells"]?.integers == [1, 2, 3, 4] && structure.atomProperties["id"]?.integers == [7, 8])
    #expect(try structure.again() == structure)
    #expect(
      try String(decoding: structure.extendedXYZ(), as: UTF8.self).contains("species:S:1:pos:R:3:id:I:1:tag:S:2:q:R:1:fixed:L:3:shells:I:2")
    )
  }

  @Test(arguments: [
    ("pbc=\"T F T\"", [true, false, true]), ("pbc=[true, false, TRUE]", [true, false, true]), ("pbc=T,F,T", [true, false, true]),
    ("pbc=TFT", [true, false, true]), ("PBC='1 0 1'", [true, false, true]), ("pbc=F", [false, false, false]), ("", [true, true, true]),
    ("pbc=[[T, F, T]]", [true, false, true]), ("pbc=\"True, False, True\"", [true, false, true]),
  ]) func spellingsOfPeriodicity(_ pbc: String, _ expected: [Bool]) throws {
    for lattice in ["Lattice=\"4 0 0 1 5 0 0 0 6\"", "lattice=[[4, 0, 0], [1, 5, 0], [0, 0, 6]]", "LATTICE='4. 0 0 1 5 0 0 0 6.0d0'"] {
      let cell = try #require(try comment("\(lattice) \(pbc)").cell)
      #expect(cell.isPeriodic == expected && cell.vectors == [SIMD3(4, 0, 0), SIMD3(1, 5, 0), SIMD3(0, 0, 6)])
    }
  }

  @Test func cells() throws {
    #expect(try comment("Lattice=\"2 3 4\"").cell == PeriodicCell(SIMD3(2, 0, 0), SIMD3(0, 3, 0), SIMD3(0, 0, 4)))
    #expect(try comment("Lattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\"").cell == nil)
    #expect(try comment("pbc=\"F F F\"").cell == nil && comment("").cell == nil)
  }

  /// Symbols, numbers, labels of sites, other letters.
  @Test func elements() throws {
    for (text, z) in [
      ("He", 2), ("HE", 2), ("he", 2), ("26", 26), ("Fe2", 26), ("Fe+3", 26), ("C_a", 6), ("H(iso)", 1), ("T", 1), ("CA", 20),
    ] {
      #expect(try frames("1\n\nX\n".replacingOccurrences(of: "X", with: "\(text) 0 0 0"))[0].atomicNumbers == [z], "\(text)")
    }
    #expect(try frames("1\nProperties=pos:R:3:Z:I:1\n0 0 0 79\n")[0].atomicNumbers == [79])
    #expect(try frames("1\nProperties=species:I:1:pos:R:3\n79 0 0 0\n")[0].atomicNumbers == [79])
    #expect(try frames("1\nProperties=Element:S:1:positions:R:3\nAu 0 0 0\n")[0].atomicNumbers == [79])
    for text in ["Hx", "Xx", "Q", "0", "119", "-1", "Bq", "Du", "X1", "VA"] {
      let error = failure { try frames("2\n\nH 0 0 1\n\(text) 0 0 0\n") }
      #expect(error?.place == .init(line: 4, frame: 0, atom: 1), "\(text)")
    }
  }

  /// Plain XYZ: any comment, and columns beyond the positions.
  @Test func plainFiles() throws {
    let text = "2\r\n E = -3.2 (Ha), it's water=?\r\nO 0 0 0 -0.8 a\r\nH 0 0 1 0.4 b\r\n\r\n\r\n1\r\n\r\nH\t0 0 0   \r\n0\nempty"
    let all = try frames(text)
    #expect(all.map(\.count) == [2, 1, 0] && all[0].properties["comment"]?.text == ["E = -3.2 (Ha), it's water=?"])
    #expect(all[0].atomProperties["column_5"]?.reals == [-0.8, 0.4] && all[0].atomProperties["column_6"]?.text == ["a", "b"])
    #expect(all[1].properties.isEmpty && all[2].properties["comment"]?.text == ["empty"])
    #expect(try frames("1\nenergy=-1.5 charge=0\nH 0 0 0\n")[0].properties["energy"]?.reals == [-1.5])
    #expect(try frames("\u{FEFF}1\n\nH 0 0 0")[0].count == 1 && frames("1\r\rH 0 0 0\r1\r\rHe 0 0 0\r").map(\.atomicNumbers) == [[1], [2]])
    #expect(try frames("").isEmpty && frames("\n \n").isEmpty)
  }

  @Test(
    arguments: [
      ("x\n", 1, nil, "not \"x\""), ("-1\n\n", 1, nil, "not \"-1\""), ("1 2\n\n", 1, nil, "not \"1 2\""),
      ("1\n", 1, nil, "ends after 0 of the 1 atoms"), ("1\n\n", 2, nil, "ends after 0 of the 1 atoms"),
      ("99999999999\n\nH 0 0 0\n", 3, nil, "ends after 1 of the 99999999999 atoms"),
      ("1\n\nH 0 0\n", 3, 0, "3 words, and 4 are expected"), ("1\n\nH 0 0 0,5\n", 3, 0, "\"0,5\" stands for a number"),
      ("1\n\nH 0 0 nan\n", 3, 0, "coordinate nan"), ("1\n\nH 0 0 1e300\n", 3, 0, "coordinate 1e+300"),
      ("1\n\nH 0 0 ****\n", 3, 0, "\"****\""),
      ("2\n\nH 0 0 0\n1\n\nH 0 0 0\n", 4, 1, "1 words"), ("1\n\nH 0 0 0\nH 0 0 0\n", 4, nil, "number of atoms"),
      ("1\n\(plain)\nH 0 0 0 1\n", 3, 0, "5 words, and 4"), ("1\n\(plain):f:R:3\nH 0 0 0 1\n", 3, 0, "5 words, and 7"),
      ("1\n\(plain):q:I:1\nH 0 0 0 1.5\n", 3, 0, "whole number q"), ("1\n\(plain):q:L:1\nH 0 0 0 2\n", 3, 0, "truth value q"),
      ("1\nProperties=species:S:1\nH\n", 2, nil, "no positions"), ("1\nProperties=pos:R:3\n0 0 0\n", 2, nil, "no elements"),
      ("1\nProperties=species:S\nH\n", 2, nil, "not a list"), ("1\nProperties=species:X:1:pos:R:3\nH\n", 2, nil, "type \"X\""),
      ("1\nProperties=species:S:0:pos:R:3\nH\n", 2, nil, "\"0\" columns"), ("1\n\(plain):q:R:1:q:R:1\nH\n", 2, nil, "declared twice"),
      ("1\n\(plain):q:R:99999999999\nH\n", 2, nil, "\"99999999999\" columns"),
      ("1\n\(plain) Lattice=\"1 0 0 0 1 0 0 0\"\nH 0 0 0\n", 2, nil, "nine numbers"),
      ("1\n\(plain) Lattice=4 0 0 0 4 0 0 0 4\nH 0 0 0\n", 2, nil, "nine numbers"),
      ("1\n\(plain) Lattice=\"nan 0 0 0 1 0 0 0 1\"\nH 0 0 0\n", 2, nil, "nine numbers"),
      ("1\n\(plain) pbc=\"T T T\"\nH 0 0 0\n", 2, nil, "no Lattice"),
      ("1\n\(plain) Lattice=\"4 4 4\" pbc=\"T T\"\nH 0 0 0\n", 2, nil, "three axes"),
      ("1\n\(plain) Lattice=\"4 4 4\" pbc=T F T\nH 0 0 0\n", 2, nil, "no quotes"),
      ("1\n\(plain) Lattice=\"4 4 4\" pbc=\"2 0 1\"\nH 0 0 0\n", 2, nil, "three axes"),
      ("1\n\(plain) a=1 a=2\nH 0 0 0\n", 2, nil, "twice"), ("1\n\(plain) a=\"open\nH 0 0 0\n", 2, nil, "has no end"),
      ("1\n\(plain) a=[1, 2\nH 0 0 0\n", 2, nil, "brackets"), ("1\n\(plain) a=[[1, 2], [3]]\nH 0 0 0\n", 2, nil, "brackets"),
      ("1\n\(plain) =3\nH 0 0 0\n", 2, nil, "without a key"),
    ] as [(String, Int, Int?, String)])
  func mistakes(text: String, line: Int, atom: Int?, cause: String) {
    // A good frame before: errors say in which one they are.
    for (before, offset) in [("", 0), ("1\n\nHe 1 2 3\n", 1)] {
      let error = failure { try frames(before + text) }
      #expect(error?.place.frame == offset + (text.hasPrefix("1\n\nH 0 0 0\nH") ? 1 : 0), "\(error?.description ?? "")")
      #expect(error?.place.line == line + 3 * offset && error?.place.atom == atom, "\(error?.description ?? "")")
      #expect(error?.cause.contains(cause) == true && error?.path == "t.xyz", "\(error?.description ?? "")")
    }
  }

  /// After an error there are no more frames, and those before it are there.
  @Test func framesBeforeAnError() throws {
    let reader = ExtendedXYZReader(bytes: Array("1\n\nH 0 0 0\n1\n\nH 0 0\n1\n\nH 0 0 0\n".utf8), path: "t.xyz")
    let results = Array(reader)
    #expect(results.count == 2 && (try? results[0].get()) != nil && (try? results[1].get()) == nil && reader.frameCount == 1)
  }

  /// Lines that end across the buffers of a file, and its whole as it was.
  @Test func largeFiles() throws {
    try withTemporaryFolder { folder in
      let writer = try ExtendedXYZWriter(folder + "/a.xyz")
      var written: [AtomicStructure] = []
      for k in 0..<300 {
        var structure = AtomicStructure(
          atomicNumbers: (0..<40).map { 1 + ($0 + k) % 90 },
          positions: (0..<40).map { SIMD3(Double($0) / 3, Double(k) / 7, 1e-9 * Double($0 * k)) },
          cell: k % 2 == 0 ? PeriodicCell(SIMD3(9, 0, 0), SIMD3(0.1, 9, 0), SIMD3(0, 0, 9.5), isPeriodic: [true, k % 4 == 0, false]) : nil)
        structure.properties["energy"] = PropertyValues(-Double(k) / 3)
        structure.properties["name"] = PropertyValues(String(repeating: "long ", count: k * 5))
        structure.atomProperties["forces"] = PropertyValues(structure.positions.map { -0.1 * $0 })
        try writer.write(structure)
        written.append(structure)
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.xyz"))
      try writer.close()
      let reader = try ExtendedXYZReader(contentsOf: folder + "/a.xyz")
      #expect(try reader.map { try $0.get() } == written)
      let size = try FileManager.default.attributesOfItem(atPath: folder + "/a.xyz")[.size] as? Int
      #expect(reader.frameCount == 300 && reader.bytesRead == size && size! > 1 << 19)
      let lines = try String(contentsOfFile: folder + "/a.xyz", encoding: .utf8).replacingOccurrences(of: "\n", with: "\r\n")
      #expect(try frames(lines) == written)
    }
  }

  @Test func filesThatAreNone() throws {
    try withTemporaryFolder { folder in
      #expect(failure { try ExtendedXYZReader(contentsOf: folder + "/no.xyz") }?.kind == .missing)
      #expect(failure { try ExtendedXYZReader(contentsOf: folder) }?.kind == .directory)
      try Data([0x1F, 0x8B, 8, 0]).write(to: URL(filePath: folder + "/a.xyz.gz"))
      #expect(failure { try ExtendedXYZReader(contentsOf: folder + "/a.xyz.gz").read() }?.cure.contains("gunzip") == true)
    }
  }
}
