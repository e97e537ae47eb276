extension GeometryFile {
  /// Reads a PLY file of any encoding: the element `vertex` with x, y, z and, where all three are there, nx, ny, nz; the lists
  /// `vertex_indices` (or `vertex_index`) of the element `face`.
  init(ply file: FileBytes) throws(FileFormatError) {
    let header = try PLYHeader(file)
    if header.encoding == .ascii {
      var rows = try PLYTextRows(file, header)
      try self.init(header, &rows, file)
    } else {
      var rows = PLYBinaryRows(file, header)
      try self.init(header, &rows, file)
    }
  }

  private init(_ header: PLYHeader, _ rows: inout some PLYRows, _ file: FileBytes) throws(FileFormatError) {
    guard let vertices = header.element("vertex"), vertices.count > 0 else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(line: header.element("vertex")?.line ?? header.lineCount),
        cause: "the file has no points", cure: "write an element \"vertex\" with at least one row")
    }
    var points: [Double] = []
    var normals: [Double]?
    var faces = PolygonFaces(pointCount: vertices.count)
    for element in header.elements {
      switch element.name {
      case "vertex": (points, normals) = try Self.readVertices(element, &rows, file)
      case "face": try Self.readFaces(element, into: &faces, &rows, file)
      default: try Self.skip(element, &rows)
      }
    }
    try rows.endFile()
    let triangles = try faces.triangulated(points) { place, cause, cure in rows.failure(at: place, cause, cure: cure) }
    self.init(points: points, normals: normals, triangles: triangles)
  }

  private static func readVertices<Rows: PLYRows>(
    _ element: PLYHeader.Element, _ rows: inout Rows, _ file: FileBytes
  ) throws(FileFormatError) -> (points: [Double], normals: [Double]?) {
    let names = ["x", "y", "z", "nx", "ny", "nz"]
    func has(_ part: ArraySlice<String>) -> Bool {
      part.allSatisfy { name in element.properties.contains { $0.name == name && $0.length == nil } }
    }
    guard has(names[..<3]) else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(line: element.line), cause: "the element \"vertex\" needs numbers x, y and z",
        cure: "write points of three coordinates")
    }
    let hasNormals = has(names[3...])
    // The place of each property among the names; those without one are read and forgotten.
    let places = element.properties.map { property in
      property.length == nil ? names[..<(hasNormals ? 6 : 3)].firstIndex(of: property.name) : nil
    }
    var points: [Double] = []
    var normals: [Double] = []
    points.reserveCapacity(3 * element.count)
    if hasNormals { normals.reserveCapacity(3 * element.count) }
    for index in 0..<element.count {
      var row = SIMD8<Double>()
      try rows.beginRow()
      for (property, place) in zip(element.properties, places) {
        guard let place else {
          try skip(property, &rows)
          continue
        }
        let value = try rows.value(property.type)
        guard accepts(value) else {
          throw rows.failure(
            "a finite number of magnitude up to \(coordinateLimit) is expected, \(names[place]) of point \(index) is \(value)",
            cure: coordinateCure)
        }
        row[place] = value
      }
      try rows.endRow()
      for place in 0..<3 { points.append(row[place]) }
      if hasNormals { for place in 3..<6 { normals.append(row[place]) } }
    }
    return (points, hasNormals ? normals : nil)
  }

  private static func readFaces<Rows: PLYRows>(
    _ element: PLYHeader.Element, into faces: inout PolygonFaces, _ rows: inout Rows, _ file: FileBytes
  ) throws(FileFormatError) {
    let corners = element.properties.firstIndex { ["vertex_indices", "vertex_index"].contains($0.name) && $0.length != nil }
    guard element.count == 0 || corners != nil else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(line: element.line), cause: "the element \"face\" needs a list vertex_indices",
        cure: "write faces as lists of their corners")
    }
    faces.reserveCapacity(element.count)
    for _ in 0..<element.count {
      try rows.beginRow()
      for (place, property) in element.properties.enumerated() {
        guard place == corners else {
          try skip(property, &rows)
          continue
        }
        let length = try length(property, &rows)
        faces.begin(at: rows.place)
        for _ in 0..<length {
          let value = try rows.value(property.type)
          guard let index = Int(exactly: value), faces.add(index) else {
            throw rows.failure(
              Int(exactly: value).map(faces.rangeCause) ?? "the number of a point is an integer, not \(value)",
              cure: "write faces of points that exist")
          }
        }
      }
      try rows.endRow()
    }
  }

  private static func skip(_ element: PLYHeader.Element, _ rows: inout some PLYRows) throws(FileFormatError) {
    for _ in 0..<element.count {
      try rows.beginRow()
      for property in element.properties { try skip(property, &rows) }
      try rows.endRow()
    }
  }

  private static func skip(_ property: PLYHeader.Property, _ rows: inout some PLYRows) throws(FileFormatError) {
    for _ in 0..<(property.length == nil ? 1 : try length(property, &rows)) { try rows.skip(property.type) }
  }

  /// The length of a list.
  private static func length(_ property: PLYHeader.Property, _ rows: inout some PLYRows) throws(FileFormatError) -> Int {
    let value = try rows.value(property.length!)
    guard let length = Int(exactly: value), length >= 0 else {
      throw rows.failure("the length of the list \"\(excerpt(property.name))\" is \(value)", cure: "write the file again")
    }
    return length
  }

  func encodedPLY(_ encoding: PLYEncoding) -> [UInt8] {
    let isSingle = isSinglePrecision
    var bytes: [UInt8] = []
    bytes.reserveCapacity((encoding == .ascii ? 20 : isSingle ? 4 : 8) * points.count * (normals == nil ? 1 : 2) + 13 * triangles.count / 3)
    bytes.append(text: "ply\nformat \(encoding.rawValue) 1.0\nelement vertex \(count)\n")
    for name in ["x", "y", "z"] + (normals == nil ? [] : ["nx", "ny", "nz"]) {
      bytes.append(text: "property \(isSingle ? "float" : "double") \(name)\n")
    }
    if !triangles.isEmpty {
      bytes.append(text: "element face \(triangles.count / 3)\nproperty list uchar int vertex_indices\n")
    }
    bytes.append(text: "end_header\n")
    switch encoding {
    case .ascii:
      appendPoints(to: &bytes)
      appendTriangles(to: &bytes)
    case .binaryLittleEndian, .binaryBigEndian:
      let isBig = encoding == .binaryBigEndian
      func append(_ x: Double) {
        if isSingle {
          bytes.append(littleEndian: isBig ? Float(x).bitPattern.byteSwapped : Float(x).bitPattern)
        } else {
          bytes.append(littleEndian: isBig ? x.bitPattern.byteSwapped : x.bitPattern)
        }
      }
      for start in stride(from: 0, to: points.count, by: 3) {
        for place in start..<start + 3 { append(points[place]) }
        if let normals { for place in start..<start + 3 { append(normals[place]) } }
      }
      for (place, corner) in triangles.enumerated() {
        if place.isMultiple(of: 3) { bytes.append(3) }
        bytes.append(littleEndian: isBig ? corner.byteSwapped : corner)
      }
    }
    return bytes
  }
}
