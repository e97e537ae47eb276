import Testing

@testable import FileFormats

/// A square pyramid, as in `References/make_geometry.py`.
let pyramid = GeometryFile(
  points: [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0, 0, 0, 1.5],
  normals: [-0.5, -0.5, -0.25, 0.5, -0.5, -0.25, 0.5, 0.5, -0.25, -0.5, 0.5, -0.25, 0, 0, 1.25],
  triangles: [0, 3, 2, 0, 2, 1, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4])

let geometryFormats: [GeometryFile.Format] = [.off, .xyz, .npy] + GeometryFile.PLYEncoding.allCases.map { .ply($0) }

struct GeometryFileTests {
  /// Geometry as it comes back from a format, which may have no place for triangles.
  private func expected(_ file: GeometryFile, _ format: GeometryFile.Format) -> GeometryFile {
    let keepsTriangles = format != .xyz && format != .npy
    return GeometryFile(points: file.points, normals: file.normals, triangles: keepsTriangles ? file.triangles : [])
  }

  @Test(arguments: geometryFormats) func roundTrips(format: GeometryFile.Format) throws {
    let extremes = GeometryFile(
      points: [0.1, -0.0, 1e100, -.leastNonzeroMagnitude, 1 / 3, 7], normals: [0, 0, 0, 1e-5, -0.7, .pi], triangles: [1, 0, 1])
    for file in [pyramid, extremes, GeometryFile(points: [1, 2, 3]), GeometryFile(points: [0.1, 0.2, 0.3], triangles: [0, 0, 0])] {
      let bytes = file.encoded(as: format)
      // Nothing in an array tells normals that are not of length 1.
      let back = try GeometryFile(bytes: bytes, as: format, path: "p", lastColumns: format == .npy ? .normals : .told)
      #expect(back == expected(file, format))
      #expect(back.points.map(\.sign) == file.points.map(\.sign))
      #expect(back.encoded(as: format) == bytes)
    }
  }

  @Test(arguments: ["a.off", "a.OFF", "a.ply", "b.Ply", "a.xyz", "a.txt", "a.npy"]) func namesTellTheFormat(name: String) throws {
    try withTemporaryFolder { folder throws in
      let path = "\(folder)/\(name)"
      try pyramid.write(to: path)
      let format = try GeometryFile.Format(ofFile: path)
      #expect(try GeometryFile(contentsOf: path, lastColumns: format == .npy ? .normals : .told) == expected(pyramid, format))
      // The header of a PLY file tells its encoding, whatever is asked for.
      try pyramid.write(to: folder + "/c.ply", as: .ply(.binaryBigEndian))
      #expect(try GeometryFile(contentsOf: folder + "/c.ply") == pyramid)
    }
  }

  @Test(arguments: ["a.obj", "a", "folder.ply/a.stl", ""]) func otherNames(name: String) {
    for error in [failure { try GeometryFile(contentsOf: name) }, failure { try pyramid.write(to: name) }] {
      #expect(error?.kind == .unsupported && error?.path == name && error?.cure.contains(".ply") == true)
    }
  }

  @Test func singlePrecisionWhereItIsExact() {
    let single = String(decoding: pyramid.encoded(as: .ply(.binaryLittleEndian)), as: UTF8.self)
    let double = String(decoding: GeometryFile(points: [0.1, 0, 0]).encoded(as: .ply(.binaryLittleEndian)), as: UTF8.self)
    #expect(single.contains("property float x\n") && double.contains("property double x\n"))
  }

  @Test(arguments: geometryFormats) func filesOfZeroBytes(format: GeometryFile.Format) {
    let error = failure { try GeometryFile(bytes: [], as: format, path: "some.file") }
    #expect(error?.kind == .empty && error?.path == "some.file")
  }

  @Test(arguments: ["a.off", "a.ply", "a.xyz", "a.npy"]) func filesThatCannotBeReadOrWritten(name: String) throws {
    try withTemporaryFolder { folder throws in
      #expect(failure { try GeometryFile(contentsOf: "\(folder)/\(name)") }?.kind == .missing)
      #expect(failure { try pyramid.write(to: "\(folder)/no/such/folder/\(name)") }?.kind == .unwritable)
    }
  }

  /// A part of a file is an error for every format in which the end can be missed; XYZ has no counts, and a number cut short is a number.
  @Test(arguments: geometryFormats.filter { $0 != .xyz }) func truncations(format: GeometryFile.Format) {
    let bytes = pyramid.encoded(as: format)
    // The last line's end may be missing, and a digit of its last number is not.
    for count in 1..<bytes.count - 1 {
      let error = failure { try GeometryFile(bytes: Array(bytes[..<count]), as: format, path: "p") }
      #expect(error?.kind == .truncated || error?.kind == .malformed)
    }
  }

  @Test func arraysOfOtherShapes() throws {
    for shape in [[3], [0, 3], [2, 2], [1, 2, 3], [4, 4]] {
      let array = NumericArray([Double](repeating: 0, count: shape.reduce(1, *)), shape: shape)
      let error = failure { try GeometryFile(bytes: array.npyBytes(), as: .npy, path: "p") }
      #expect(error?.kind == .malformed && error?.cause.contains("\(shape)") == true)
    }
    for value in [Double.nan, .infinity, 1e101] {
      let bytes = NumericArray([0, 1, 2, 3, value, 5], shape: [2, 3]).npyBytes()
      let error = failure { try GeometryFile(bytes: bytes, as: .npy, path: "p") }
      #expect(error?.place.byte == bytes.count - 16 && error?.cause.contains("coordinate 1 of point 1") == true)
    }
    let text = NumericArray(strings: ["a", "b", "c"])
    let strings = NumericArray(shape: [1, 3], elements: text.elements).npyBytes()
    #expect(failure { try GeometryFile(bytes: strings, as: .npy, path: "p") }?.kind == .lossy)
    let integers = NumericArray([1, 2, 3] as [Int32], shape: [1, 3]).npyBytes()
    #expect(try GeometryFile(bytes: integers, as: .npy, path: "p").points == [1, 2, 3])
  }
}
