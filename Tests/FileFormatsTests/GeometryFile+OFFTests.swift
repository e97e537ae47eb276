import Testing

@testable import FileFormats

struct OFFTests {
  private func read(_ text: String) throws -> GeometryFile { try GeometryFile(bytes: Array(text.utf8), as: .off, path: "p.off") }

  @Test func anotherWritersFile() throws {
    let file = try GeometryFile(contentsOf: reference("pyramid_trimesh.off"))
    #expect(file == GeometryFile(points: pyramid.points, triangles: pyramid.triangles))
  }

  private static let corners = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n"
  private static let square = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0] as [Double]

  @Test(arguments: [
    "OFF\n4 1 0\n\(corners)4 0 1 2 3\n", "OFF 4 1 0\n\(corners)4 0 1 2 3", "OFF4 1 0\n\(corners)4 0 1 2 3\n",
    "OFF\n4 1\n\(corners)4 0 1 2 3\n",
    "# a square\n\n  OFF # here\n# counts\n4 1 4\n\(corners)\n\n# faces\n4 0 1 2 3 # all\n#end\n",
    "COFF\r\n4 1 0\r\n0 0 0 255 0 0 255\r\n1 0 0 1 1 1 1\r\n1 1 0 0 0 0 0\r\n0 1 0 9 9 9 9\r\n4 0 1 2 3 0.5 0.5 0.5\r\n",
    "STCOFF\n4 1 0\n0 0 0 1\n1 0 0 2\n1 1 0 3\n0 1 0 4\n4 0 1 2 3\n", "OFF\n4 1 0\n\(corners)4 0 1 2 3 255 0 0",
  ])
  func waysToWriteASquare(text: String) throws {
    let file = try read(text)
    #expect(file == GeometryFile(points: Self.square, triangles: [0, 1, 2, 0, 2, 3]))
  }

  @Test func normalsAndFans() throws {
    let file = try read("NOFF\n2 4 0\n0 0 0 0 0 1\n1 2 3 1 0 0\n1 0\n2 0 1\n3 0 1 0\n5 0 1 0 1 1\n")
    #expect(file.normals == [0, 0, 1, 1, 0, 0])
    // Points and segments are no triangles; five corners are three, here on a line.
    #expect(file.triangles == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1])
    #expect(try read("CNOFF\n1 0 0\n0 0 0 0 0 1 255 255 255 255").normals == [0, 0, 1])
  }

  @Test(arguments: [
    ("FOO\n1 0 0\n0 0 0\n", 1, "OFF"), ("# only this\n", 1, "OFF"), ("OFF", 1, "ends"), ("OFF\n", 1, "ends"),
    ("OFF\n3\n", 2, "numbers of points"),
    ("OFF x 1 0", 1, "x"), ("OFF\n0 0 0\n", 2, "no points"), ("OFF\n-1 0 0\n", 2, "numbers of points"),
    ("4OFF\n1 0 0\n0 0 0 1\n", 1, "4OFF"),
    ("nOFF\n3\n1 0 0\n0 0 0\n", 1, "nOFF"), ("OFF BINARY\n\u{1}", 1, "binary"),
    ("OFF\n9000000000000000000 0 0\n0 0 0\n", 2, "bytes follow"),
    ("OFF\n1 9000000000000000000 0\n0 0 0\n", 2, "bytes follow"), ("OFF\n1e300 0 0\n0 0 0\n", 2, "1e300"),
    ("OFF\n2 0 0\n0 0 0\n#1234567890\n", 4, "1 of 2 points"), ("OFF\n1 0 0\n0 0\n0", 3, "after 2"), ("OFF\n1 0 0\nnan 0 0\n", 3, "nan"),
    ("OFF\n1 0 0\n0 0 1e101\n", 3, "1e+101"), ("OFF\n1 0 0\n0 0 0\n1 2 3\n", 4, "more text"),
    ("OFF\n1 1 0\n0 0 0\n3 0 0\n", 4, "3 corners"), ("OFF\n1 0 0\n0,5 0,25 0,75\n", 3, "decimal comma"),
    ("OFF\n4 2 0\n\(corners)4 0 1 2 3\n4 0 2 1 3\n", 8, "crosses itself"),
    ("OFF\n1 1 0\n0 0 0\n3 0 0 1\n", 4, "point 1"), ("OFF\n1 1 0\n0 0 0\n3 0 0 -1\n", 4, "point -1"),
    ("OFF\n1 1 0\n0 0 0\n0 1 2\n", 4, "at least 1"),
    ("OFF\n1 1 0\n0 0 0\n3 0 0 0.5\n", 4, "0.5"), ("OFF\n1 1 0\n0 0 0\n9000000000000000000 0 0\n", 4, "2 are listed"),
    ("NOFF\n1 0 0\n0 0 0 1\n", 3, "after 1"), ("OFF\n1 1 0\n0 0 0\n3 0 0 4294967296\n", 4, "4294967296"),
  ])
  func mistakes(text: String, line: Int, cause: String) {
    let error = failure { try read(text) }
    #expect(error?.place == .init(line: line) && error?.cause.contains(cause) == true, "\(error?.description ?? "")")
  }
}
