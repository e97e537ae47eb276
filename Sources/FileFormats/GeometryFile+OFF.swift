extension GeometryFile {
  /// Reads the text form of OFF: a keyword, the numbers of points, faces and edges (of which the last does not matter and may be missing),
  /// a line for each point and one for each face.
  init(off file: FileBytes) throws(FileFormatError) {
    try file.requireNonEmpty("an OFF file")
    var scanner = TextScanner(file)
    let hasNormals = try Self.readKeyword(&scanner)
    guard let pointCount = try scanner.integer(), let faceCount = try scanner.integer(), pointCount >= 0, faceCount >= 0 else {
      throw scanner.failure(.malformed, "the numbers of points and faces are expected")
    }
    guard pointCount > 0 else { throw scanner.failure(.malformed, "the file has no points", cure: "write at least one point") }
    // The least that a point and a face take: "0 0 0" and "1 0", each with the end of its line.
    guard pointCount <= (scanner.bytesLeft + 1) / 6, faceCount <= (scanner.bytesLeft + 1) / 4 else {
      throw scanner.failure(
        .truncated, "\(pointCount) points and \(faceCount) faces are declared, but only \(scanner.bytesLeft) bytes follow",
        cure: "correct the counts, or fetch the file again")
    }
    var points: [Double] = []
    var normals: [Double] = []
    points.reserveCapacity(3 * pointCount)
    if hasNormals { normals.reserveCapacity(3 * pointCount) }
    for point in 0..<pointCount {
      guard scanner.nextLine() else { throw scanner.failure(.truncated, "the text ends after \(point) of \(pointCount) points") }
      try scanner.appendVector(to: &points)
      if hasNormals { try scanner.appendVector(to: &normals) }
    }
    var faces = PolygonFaces(pointCount: pointCount)
    faces.reserveCapacity(faceCount)
    for face in 0..<faceCount {
      guard scanner.nextLine() else { throw scanner.failure(.truncated, "the text ends after \(face) of \(faceCount) faces") }
      guard let corners = try scanner.integer(), corners >= 1 else {
        throw scanner.failure(.malformed, "the number of corners of a face, at least 1, is expected")
      }
      faces.begin(at: scanner.line)
      for corner in 0..<corners {
        guard let index = try scanner.integer() else {
          throw scanner.failure(.malformed, "the face has \(corners) corners, but \(corner) are listed")
        }
        guard faces.add(index) else { throw scanner.failure(.malformed, faces.rangeCause(index)) }
      }
    }
    if scanner.nextLine() {
      throw scanner.failure(
        .malformed, "more text follows the \(pointCount) points and \(faceCount) faces that are declared", cure: "correct the counts")
    }
    let triangles = try faces.triangulated(points) { line, cause, cure in scanner.failure(.malformed, line: line, cause, cure: cure) }
    self.init(points: points, normals: hasNormals ? normals : nil, triangles: triangles)
  }

  /// Reads `OFF` with its prefixes; some files have the first count directly behind it.
  private static func readKeyword(_ scanner: inout TextScanner) throws(FileFormatError) -> Bool {
    guard scanner.nextLine(), let keyword = scanner.word(through: "OFF"), keyword.hasSuffix("OFF") else {
      throw scanner.failure(.malformed, "the keyword OFF is expected at the beginning", cure: "check that this is an OFF file")
    }
    var prefix = keyword.dropLast(3)
    for part in ["ST", "C"] where prefix.hasPrefix(part) { prefix = prefix.dropFirst(part.count) }
    let hasNormals = prefix == "N"
    guard prefix.isEmpty || hasNormals else {
      throw scanner.failure(
        .unsupported, "\"\(excerpt(keyword))\" is not read, only OFF with ST, C and N before it", cure: "write points of three coordinates")
    }
    var ahead = scanner
    if ahead.word()?.uppercased() == "BINARY" {
      throw scanner.failure(.unsupported, "the binary form of OFF is not read", cure: "write text, or a PLY file")
    }
    // The counts stand on this line or on the next.
    if scanner.isAtLineEnd, !scanner.nextLine() {
      throw scanner.failure(.truncated, "the text ends before the numbers of points and faces", cure: "fetch the file again")
    }
    return hasNormals
  }

  func encodedOFF() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 * points.count * (normals == nil ? 1 : 2) + 10 * triangles.count)
    bytes.append(text: "\(normals == nil ? "" : "N")OFF\n\(count) \(triangles.count / 3) 0\n")
    appendPoints(to: &bytes)
    appendTriangles(to: &bytes)
    return bytes
  }

  /// A line for each point, its normal behind it where there is one.
  func appendPoints(to bytes: inout [UInt8]) {
    for start in stride(from: 0, to: points.count, by: 3) {
      bytes.append(line: points[start..<start + 3], then: normals?[start..<start + 3] ?? [])
    }
  }

  /// A line for each triangle: 3 and its corners.
  func appendTriangles(to bytes: inout [UInt8]) {
    for start in stride(from: 0, to: triangles.count, by: 3) {
      bytes.append(text: "3 \(triangles[start]) \(triangles[start + 1]) \(triangles[start + 2])\n")
    }
  }
}

extension TextScanner {
  /// The next coordinate of a point or a normal on the line, or `nil` at its end.
  mutating func coordinate() throws(FileFormatError) -> Double? {
    guard let x = try number() else { return nil }
    guard GeometryFile.accepts(x) else {
      throw failure(.malformed, "the coordinate \(x) is beyond ±\(GeometryFile.coordinateLimit)", cure: GeometryFile.coordinateCure)
    }
    return x
  }

  /// Appends the next three coordinates of the line.
  mutating func appendVector(to vectors: inout [Double]) throws(FileFormatError) {
    for axis in 0..<3 {
      guard let x = try coordinate() else { throw failure(.malformed, "three coordinates are expected, the line ends after \(axis)") }
      vectors.append(x)
    }
  }
}
