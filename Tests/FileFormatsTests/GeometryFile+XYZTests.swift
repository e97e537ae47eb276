import Testing

@testable import FileFormats

struct XYZTests {
  private func read(_ text: String) throws -> GeometryFile { try GeometryFile(bytes: Array(text.utf8), as: .xyz, path: "p.xyz") }

  @Test func pointsAndNormals() throws {
    #expect(try read("# scan\n1 2 3\n\n4,5,6 # end\n") == GeometryFile(points: [1, 2, 3, 4, 5, 6]))
    #expect(try read("1 2 3 0 0 1\r\n4;5;6;1;0;0") == GeometryFile(points: [1, 2, 3, 4, 5, 6], normals: [0, 0, 1, 1, 0, 0]))
  }

  @Test(arguments: [
    ("\n\n# nothing\n", 3, "no points"), ("1 2\n", 1, "2 numbers"), ("5\nwater\nO 0 0 0\n", 1, "1 number,"), ("1 2 3 4\n", 1, "4 numbers"),
    ("1 2 3 4 5 6 7 8 9\n", 1, "9 numbers"), ("1 2 3\n1 2 3 4 5 6\n", 2, "6 numbers"), ("1 2 3 4 5 6\n#\n1 2 3\n", 3, "3 numbers"),
    ("x y z\n1 2 3\n", 1, "\"x\""), ("1 2 inf\n", 1, "inf"), ("1 2 NaN\n", 1, "NaN"), ("1 2 -2e100\n", 1, "-2e+100"),
    ("1 2 3\n1 2 3\u{0}\n", 2, "3"),
  ])
  func mistakes(text: String, line: Int, cause: String) {
    let error = failure { try read(text) }
    #expect(error?.kind == .malformed && error?.place == .init(line: line), "\(error?.description ?? "")")
    #expect(error?.cause.contains(cause) == true, "\(error?.description ?? "")")
  }
}
