import Testing

@testable import FileFormats

struct PLYTests {
  private func read(_ text: String, _ data: [UInt8] = []) throws -> GeometryFile {
    try GeometryFile(bytes: Array(text.utf8) + data, as: .ply(.ascii), path: "p.ply")
  }

  /// Properties in any order, unknown ones among them, faces before the points, other elements: written by plyfile.
  @Test(arguments: ["ascii", "little", "big"]) func anotherWritersFiles(encoding: String) throws {
    #expect(try GeometryFile(contentsOf: reference("pyramid_\(encoding).ply")) == pyramid)
  }

  @Test func trimeshsFile() throws {
    let file = try GeometryFile(contentsOf: reference("pyramid_trimesh.ply"))
    #expect(file == GeometryFile(points: pyramid.points, triangles: pyramid.triangles))
  }

  private static let types: [(String, String, [UInt8])] = [
    ("char", "int8", [0xFE]), ("uchar", "uint8", [0xFE]), ("short", "int16", [0xFF, 0xFE]), ("ushort", "uint16", [0xFF, 0xFE]),
    ("int", "int32", [0xFF, 0xFF, 0xFF, 0xFE]), ("uint", "uint32", [0xFF, 0xFF, 0xFF, 0xFE]), ("float", "float32", [0xC0, 0, 0, 0]),
    ("double", "float64", [0xC0, 0, 0, 0, 0, 0, 0, 0]),
  ]

  @Test func allTypesInBothByteOrders() throws {
    for ((old, new, bytes), expected) in zip(Self.types, [-2, 254, -2, 65534, -2, 4_294_967_294, -2, -2] as [Double]) {
      for (order, data) in [("big", bytes), ("little", bytes.reversed())] {
        for name in [old, new] {
          let header = """
            ply
            format binary_\(order)_endian 1.0
            element vertex 1
            property uchar before
            property \(name) x
            property \(name) y
            property list uchar \(name) between
            property \(name) z
            end_header

            """
          let file = try read(header, [9] + data + data + [2] + data + data + data)
          #expect(file == GeometryFile(points: [expected, expected, expected]), "\(name), \(order)")
        }
      }
    }
  }

  private static let xyz = "property float x\nproperty float y\nproperty float z\n"

  @Test(arguments: ["\n", "\r\n", "\r"]) func lineEndsOfTheHeader(end: String) throws {
    let header = "ply\nformat binary_little_endian 1.0\ncomment c\n\nelement  vertex\t1\n\(Self.xyz)end_header\n".replacing("\n", with: end)
    // The first byte of the data is that of a line feed.
    let file = try read(header, [0x0A, 0, 0, 0x40] + [UInt8](repeating: 0, count: 8))
    #expect(file.points == [Double(Float(bitPattern: 0x4000_000A)), 0, 0])
  }

  @Test func aCloudWithAnEmptyElementOfFaces() throws {
    let text =
      "ply\nformat ascii 1.0\nelement vertex 1\n\(Self.xyz)element face 0\nproperty list uchar int vertex_index\nend_header\n1 2 3\n"
    #expect(try read(text) == GeometryFile(points: [1, 2, 3]))
    #expect(try read(text.replacing("property list uchar int vertex_index\n", with: "")) == GeometryFile(points: [1, 2, 3]))
  }

  /// As plyfile reads them; what is used must be finite.
  @Test(arguments: ["nan", "-inf", "inf", "NaN", "Infinity", "-nan"]) func propertiesThatAreNotUsed(value: String) throws {
    let text = "ply\nformat ascii 1.0\nelement vertex 2\n\(Self.xyz)property float quality\nproperty list uchar float tags\nend_header\n"
    #expect(try read(text + "0 1 2 \(value) 2 \(value) 1\n3 4 5 1.5 0\n") == GeometryFile(points: [0, 1, 2, 3, 4, 5]))
    #expect(failure { try read(text + "0 \(value) 2 0 0\n3 4 5 1.5 0\n") }?.place.line == 10)
    #expect(failure { try read(text + "0 1 2 x 0\n3 4 5 1.5 0\n") }?.cause.contains("\"x\"") == true)
  }

  @Test func decimalCommas() {
    let rows = "0,5 0,25 0,75\n1,5 0,25 0,75\n0,5 2,25 0,75\n"
    let colors = "property uchar red\nproperty uchar green\nproperty uchar blue\n"
    for properties in ["", colors] {
      let error = failure { try read("ply\nformat ascii 1.0\nelement vertex 3\n\(Self.xyz)\(properties)end_header\n\(rows)") }
      #expect(error?.cause.contains("decimal comma") == true && error?.place.line == (properties.isEmpty ? 8 : 11))
    }
  }

  private static func vertices(_ rest: String, count: String = "1", format: String = "ascii 1.0") -> String {
    "ply\nformat \(format)\nelement vertex \(count)\n\(xyz)\(rest)"
  }
  private static let list = "element face 1\nproperty list char int vertex_indices\nend_header\n0 0 0\n"

  @Test(arguments: [
    ("plx\n", 1, "begins"), ("ply", 1, "begins"), ("ply\nfoo\n", 2, "foo"), ("ply\nend_header\n", 2, "format"),
    ("ply\nformat ascii 2.0\n", 2, "2.0"), ("ply\nformat ebcdic 1.0\n", 2, "ascii"),
    ("ply\nformat ascii 1.0\nformat ascii 1.0\n", 3, "one line"),
    ("ply\nformat ascii 1.0\nelement vertex\n", 3, "number of its rows"),
    ("ply\nformat ascii 1.0\nelement vertex -1\n", 3, "number of its rows"),
    ("ply\nformat ascii 1.0\nelement vertex 99999999999999999999\n", 3, "number"),
    ("ply\nformat ascii 1.0\nproperty float x\n", 3, "before any"),
    ("ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\n", 4, "types"),
    ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float\n", 4, "types"),
    ("ply\nformat ascii 1.0\nelement a 1\nproperty list float int x\n", 4, "integer"), (vertices("property float x\n"), 7, "\"x\""),
    (vertices("element vertex 1\n"), 7, "twice"), (vertices(""), 6, "end_header"), (vertices("end_header"), 7, "end_header"),
    (vertices("end_header\n", count: "9000000000000000000"), 3, "bytes follow"),
    (vertices("end_header\n0 0 0\n", count: "4"), 3, "bytes follow"),
    (vertices("end_header\n", count: "2000000000", format: "binary_big_endian 1.0"), 3, "bytes follow"),
    ("ply\nformat binary_little_endian 1.0\nelement nothing 9000000000000000000\nend_header\n", 3, "no properties"),
    ("ply\nformat ascii 1.0\nend_header\n", 3, "no points"), (vertices("end_header\n", count: "0"), 3, "no points"),
    ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n000000000\n", 3, "x, y and z"),
    (
      "ply\nformat ascii 1.0\nelement vertex 1\nproperty list char int x\nproperty int y\nproperty int z\nend_header\n1 1 1 1\n", 3,
      "x, y and z"
    ),
    (vertices("end_header\n0 0\n0 0"), 8, "line ends"), (vertices("end_header\n0 0 0 0"), 8, "\"0\""),
    (vertices("end_header\n0 0 0\n0 0 0"), 9, "more"),
    (vertices("end_header\n0 nan 0\n"), 8, "nan"), (vertices("end_header\n0 1e150 0\n"), 8, "y of point 0"),
    (vertices(list + "3 0 0 1"), 11, "point 1"),
    (vertices(list + "3 0 0 -1"), 11, "point -1"), (vertices(list + "3 0 0 0.5"), 11, "0.5"), (vertices(list + "-3 0 0 0"), 11, "-3"),
    (vertices(list + "3 0 0 "), 11, "line ends"), (vertices(list + "100 0 0"), 11, "line ends"), (vertices(list + "1.5 0 0"), 11, "1.5"),
    (vertices("element face 1\nproperty int corner\nend_header\n0 0 0\n1\n"), 7, "vertex_indices"),
  ])
  func mistakesInTextNameTheLine(text: String, line: Int, cause: String) {
    let error = failure { try read(text) }
    #expect(error?.place == .init(line: line) && error?.cause.contains(cause) == true, "\(error?.description ?? "")")
  }

  @Test func mistakesInBinaryDataNameTheByte() {
    let header =
      "ply\nformat binary_big_endian 1.0\nelement vertex 2\n\(Self.xyz)element face 1\nproperty list char int vertex_indices\nend_header\n"
    let start = header.utf8.count
    let points = [UInt8](repeating: 0, count: 24)
    let nan = [0x7F, 0xC0, 0, 0] as [UInt8]
    let cases: [([UInt8], Int, String)] = [
      (points.replacing(at: 16, with: nan) + [0], 16, "y of point 1"), (points + [3, 0, 0, 0, 0, 0, 0, 0, 2], 29, "point 2"),
      (points + [0xFF], 24, "-1"), (points + [1, 0, 0, 0], 25, "end before"), (points + [0, 5], 25, "1 bytes follow"),
      (points.replacing(at: 4, with: [0xFF, 0x80, 0, 0]) + [0], 4, "-inf"),
    ]
    for (data, byte, cause) in cases {
      let error = failure { try read(header, data) }
      #expect(error?.place == .init(byte: start + byte) && error?.cause.contains(cause) == true, "\(error?.description ?? "")")
    }
  }
}
