import Testing

@testable import FileFormats

struct XYZTests {
  private func read(_ text: String) throws -> GeometryFile { try GeometryFile(bytes: Array(text.utf8), as: .xyz, path: "p.xyz") }

  @Test func pointsAndNormals() throws {
    #expect(try read("# scan\n1 2 3\n\n4,5,6 # end\n") == GeometryFile(points: [1, 2, 3, 4, 5, 6]))
    #expect(try read("1 2 3 0 0 1\r\n4;5;6;1;0;0") == GeometryFile(points: [1, 2, 3, 4, 5, 6], normals: [0, 0, 1, 1, 0, 0]))
  }

  @Test(arguments: [
    ("\n\n# nothing\n", 3, "no points"), ("1 2\n", 1, "2 numbers"), ("1 2 3 4\n", 1, "4 numbers"),
    ("1 2 3 4 5 6 7 8 9\n", 1, "9 numbers"), ("1 2 3\n1 2 3 4 5 6\n", 2, "6 numbers"), ("1 2 3 0 0 1\n#\n1 2 3\n", 3, "3 numbers"),
    ("1 2 3 4 5 6\n", 1, "(4.0, 5.0, 6.0)"), ("#\n1 2 3 0 0 1\n\n1 2 3 59 58 54\n", 4, "like colours"),
    ("1 2 3 0 0 0\n", 1, "(0.0, 0.0, 0.0)"),
    ("x y z\n1 2 3\n", 1, "\"x\""), ("0,5 0,25 0,75\n1,5 0,25 0,75\n", 1, "decimal comma"), ("1 2 inf\n", 1, "inf"),
    ("1 2 NaN\n", 1, "NaN"), ("1 2 -2e100\n", 1, "-2e+100"),
    ("1 2 3\n1 2 3\u{0}\n", 2, "3"),
  ])
  func mistakes(text: String, line: Int, cause: String) {
    let error = failure { try read(text) }
    #expect(error?.kind == .malformed && error?.place == .init(line: line), "\(error?.description ?? "")")
    #expect(error?.cause.contains(cause) == true, "\(error?.description ?? "")")
  }

  /// What the last three of six columns are is told by a line, by the reader's caller or by the length 1 of all normals, and never guessed.
  @Test func meaningsOfSixColumns() throws {
    let colors = "-1.5 2.0 0.25 59 58 54\n-1.5 2.1 0.25 63 61 56\n-1.4 2.0 0.25 0 0 0\n"
    let points = [-1.5, 2, 0.25, -1.5, 2.1, 0.25, -1.4, 2, 0.25]
    func file(_ text: String, _ columns: GeometryFile.LastColumns = .told, as format: GeometryFile.Format = .xyz) throws -> GeometryFile {
      try GeometryFile(bytes: Array(text.utf8), as: format, path: "p", lastColumns: columns)
    }
    let error = failure { try file(colors) }
    #expect(error?.place.line == 1 && error?.cause.contains("(59.0, 58.0, 54.0)") == true && error?.cure.contains("# x y z r g b") == true)
    for header in ["# x y z r g b\n", "#X,Y,Z,Red,Green,Blue\r\n"] {
      #expect(try file(header + colors) == GeometryFile(points: points))
    }
    #expect(try file(colors, .ignored) == GeometryFile(points: points))
    #expect(try file(colors, .normals).normals == [59, 58, 54, 63, 61, 56, 0, 0, 0])
    #expect(try file("# x y z nx ny nz\n1 2 3 4 5 6\n").normals == [4, 5, 6])
    // A normal with few digits, and one that is not known.
    #expect(try file("1 2 3 0.58 0.58 0.58\n1 2 3 0 0 0\n").normals == [0.58, 0.58, 0.58, 0, 0, 0])
    let array = NumericArray([1, 2, 3, 4, 5, 6] as [UInt8], shape: [1, 6]).npyBytes()
    #expect(failure { try GeometryFile(bytes: array, as: .npy, path: "p") }?.cause.contains("row 0") == true)
    #expect(try GeometryFile(bytes: array, as: .npy, path: "p", lastColumns: .ignored) == GeometryFile(points: [1, 2, 3]))
    #expect(try GeometryFile(bytes: array, as: .npy, path: "p", lastColumns: .normals).normals == [4, 5, 6])
  }

  @Test(arguments: [
    "2\nProperties=species:S:1:pos:R:3 pbc=\"F F F\"\nH 0.0 0.0 0.0\nH 0.0 0.0 0.74\n", "3\r\nwater\r\nO 0 0 0\r\nH 1 0 0\r\nH 0 1 0\r\n",
    " 1 \n\nCl\t0 0 0 0.5\n",
  ])
  func filesOfChemistry(text: String) {
    let error = failure { try read(text) }
    #expect(error?.kind == .unsupported && error?.cause.contains("chemistry") == true && error?.cure.contains("molecules train") == true)
  }
}
