import Foundation
import Requirements

/// Points in space, with normals and triangles where there are any: the contents of OFF, PLY and XYZ files.
///
/// Coordinates are kept as the file has them, in its unit of length, and so are normals, which need not have length 1. Geometry that is
/// read has at least one point, and only finite numbers of magnitude up to ``coordinateLimit``.
public struct GeometryFile: Sendable, Equatable {
  /// The largest magnitude of a coordinate that is read, 10¹⁰⁰, so that squares of distances stay finite.
  public static let coordinateLimit = 1e100

  /// Coordinates, [point][3].
  public let points: [Double]
  /// A normal for each point, [point][3], where the file has them.
  public let normals: [Double]?
  /// Three points for each triangle, [triangle][3]; empty for a cloud of points. Polygons are read as fans about their first corner, and
  /// those that such a fan does not tile (because they are not convex) by cutting off ears; one that is not flat is seen along its mean
  /// normal.
  public let triangles: [Int32]

  /// The number of points.
  public var count: Int { points.count / 3 }

  /// Traps unless all lengths are multiples of 3, there are as many normals as points and every corner is one of the points.
  public init(points: [Double], normals: [Double]? = nil, triangles: [Int32] = []) {
    require(points.count.isMultiple(of: 3), "a multiple of 3 coordinates is expected, received \(points.count)")
    require(
      normals == nil || normals!.count == points.count,
      "\(points.count) components of normals are expected, received \(normals?.count ?? 0)")
    require(triangles.count.isMultiple(of: 3), "a multiple of 3 corners is expected, received \(triangles.count)")
    let count = points.count / 3
    require(triangles.allSatisfy { $0 >= 0 && $0 < count }, "corners in 0 ..< \(count) are expected")
    (self.points, self.normals, self.triangles) = (points, normals, triangles)
  }

  /// How a file holds geometry.
  public enum Format: Sendable, Hashable {
    /// Object File Format (Geomview): points, normals (`NOFF`), polygons. Colours and texture coordinates are skipped.
    case off
    /// Polygon File Format (Stanford): points, normals, polygons. Other elements and properties are skipped.
    case ply(PLYEncoding)
    /// Three or six numbers per line: points, or points and normals or colours; see ``LastColumns``.
    case xyz
    /// A NumPy array of shape [points, 3], or [points, 6]; see ``LastColumns``.
    case npy

    /// The format that the extension of a file's name indicates: `.off`, `.ply` (binary, little endian), `.xyz`, `.txt` or `.npy`, in
    /// capitals or not.
    /// - Throws: an error of kind `unsupported` for other names.
    public init(ofFile path: String) throws(FileFormatError) {
      switch (path as NSString).pathExtension.lowercased() {
      case "off": self = .off
      case "ply": self = .ply(.binaryLittleEndian)
      case "xyz", "txt": self = .xyz
      case "npy": self = .npy
      case let ending:
        throw FileFormatError(
          .unsupported, path: path,
          cause: ending.isEmpty ? "the name has no ending that tells the format" : "the ending .\(excerpt(ending)) is no known format",
          cure: "name a file .off, .ply, .xyz, .txt or .npy")
      }
    }
  }

  /// What the last three of six columns are, in formats that do not say so.
  public enum LastColumns: String, Sendable, CaseIterable {
    /// Normals where all have length 1 to within 10 % or length 0, and some are not 0, or where a line "# x y z nx ny nz" before the points
    /// names them; colours, which are ignored, where a line "# x y z r g b" does; anything else is refused.
    case told
    /// Normals, of any length.
    case normals
    /// Something else, such as colours, which is ignored.
    case ignored
  }

  /// How a PLY file holds its numbers.
  public enum PLYEncoding: String, Sendable, CaseIterable {
    /// As text.
    case ascii
    /// Least significant byte first.
    case binaryLittleEndian = "binary_little_endian"
    /// Most significant byte first.
    case binaryBigEndian = "binary_big_endian"
  }

  /// Reads a file; its name determines the format, and the header of a PLY file its encoding.
  /// - Parameters:
  ///   - path: the file.
  ///   - lastColumns: what the last three of six columns are in files `.xyz`, `.txt` and `.npy`.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable, empty, cut off, malformed or of another format, for a number
  ///   that is not finite, for decimal commas, for columns whose meaning is not known, and for a polygon that crosses itself or has more
  ///   than 1000 corners without being convex. It names the line of a text and the byte of a binary file.
  public init(contentsOf path: String, lastColumns: LastColumns = .told) throws(FileFormatError) {
    let format = try Format(ofFile: path)
    try self.init(FileBytes(contentsOf: path), format, lastColumns)
  }

  /// Reads the bytes of a file, which errors call `path`. The encoding of a PLY file is the one that its header names.
  /// - Throws: the errors of ``init(contentsOf:lastColumns:)``.
  public init(bytes: [UInt8], as format: Format, path: String, lastColumns: LastColumns = .told) throws(FileFormatError) {
    try self.init(FileBytes(bytes[...], path: path), format, lastColumns)
  }

  private init(_ file: FileBytes, _ format: Format, _ lastColumns: LastColumns) throws(FileFormatError) {
    switch format {
    case .off: try self.init(off: file)
    case .ply: try self.init(ply: file)
    case .xyz: try self.init(xyz: file, lastColumns)
    case .npy: try self.init(npy: file, lastColumns)
    }
  }

  /// The bytes of a file; the same geometry gives the same bytes.
  ///
  /// Numbers are written such that they are read again exactly: as decimals in text files, in PLY and `.npy` files in single precision
  /// where that holds all of them and in double precision otherwise. `.xyz` and `.npy` have no place for triangles, and normals that are
  /// not of length 1 are read again from `.npy` with ``LastColumns/normals``, and from `.xyz` by a line that names them.
  public func encoded(as format: Format) -> [UInt8] {
    switch format {
    case .off: encodedOFF()
    case .ply(let encoding): encodedPLY(encoding)
    case .xyz: encodedXYZ()
    case .npy: encodedNPY()
    }
  }

  /// Writes a file, whole or not at all; its name determines the format unless one is given.
  /// - Throws: the errors of ``AtomicFile/write(_:to:)`` and ``Format/init(ofFile:)``.
  public func write(to path: String, as format: Format? = nil) throws(FileFormatError) {
    let format = if let format { format } else { try Format(ofFile: path) }
    try AtomicFile.write(encoded(as: format), to: path)
  }

  /// Whether single precision holds every number exactly.
  var isSinglePrecision: Bool {
    let isSingle = { (x: Double) in Double(Float(x)) == x }
    return points.allSatisfy(isSingle) && normals?.allSatisfy(isSingle) ?? true
  }

  /// Whether a coordinate or a component of a normal is one that is read.
  static func accepts(_ x: Double) -> Bool { x.magnitude <= coordinateLimit }

  /// Whether the last three of six columns [row][3] are those of normals: of length 1 to within 10 %, or 0 where none is known.
  static func areNormals(_ vectors: [Double]) -> Bool {
    var isKnown = false
    for start in stride(from: 0, to: vectors.count, by: 3) {
      let square = vectors[start] * vectors[start] + vectors[start + 1] * vectors[start + 1] + vectors[start + 2] * vectors[start + 2]
      guard square == 0 || 0.81...1.21 ~= square else { return false }
      if square > 0 { isKnown = true }
    }
    return isKnown
  }

  /// Which row of six columns, the first three left out, is not that of a normal, and what the row has.
  static func doubt(_ vectors: [Double]) -> (row: Int, cause: String) {
    let row = (0..<vectors.count / 3).first { (row: Int) -> Bool in !areNormals(Array(vectors[3 * row..<3 * row + 3])) } ?? 0
    let values = vectors[3 * row..<3 * row + 3]
    let areBytes = vectors.allSatisfy { 0...255 ~= $0 && $0 == $0.rounded() }
    return (
      row,
      "the last three of six columns are (\(values.map { "\($0)" }.joined(separator: ", "))), which is no normal of length 1"
        + (areBytes ? ": they look like colours" : "")
    )
  }

  static let coordinateCure = "remove the point, or measure lengths in another unit"
}

extension [UInt8] {
  /// Appends text.
  mutating func append(text: String) { append(contentsOf: text.utf8) }

  /// Appends a line of numbers, separated by blanks, in the shortest decimals that are read again exactly.
  mutating func append(line numbers: ArraySlice<Double>, then more: ArraySlice<Double> = []) {
    for number in numbers {
      append(text: number.description)
      append(UInt8(ascii: " "))
    }
    for number in more {
      append(text: number.description)
      append(UInt8(ascii: " "))
    }
    self[count - 1] = UInt8(ascii: "\n")
  }
}
