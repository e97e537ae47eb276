extension GeometryFile {
  /// Reads lines of three numbers, or of six with normals or colours: the same number on every line.
  init(xyz file: FileBytes, _ lastColumns: LastColumns) throws(FileFormatError) {
    try file.requireNonEmpty("a file of points")
    try Self.refuseChemistry(file)
    var scanner = TextScanner(file)
    var points: [Double] = []
    var others: [Double] = []
    var columns: Int?
    // The lines of the points, where they are not those from the first on.
    var first = 1
    while scanner.nextLine() {
      var row = SIMD8<Double>()
      var count = 0
      while let number = try scanner.coordinate() {
        if count < 6 { row[count] = number }
        count += 1
      }
      if count != columns {
        guard columns == nil, count == 3 || count == 6 else { throw Self.columnFailure(count, expected: columns, scanner) }
        (columns, first) = (count, scanner.line)
      }
      for column in 0..<3 { points.append(row[column]) }
      if count == 6 { for column in 3..<6 { others.append(row[column]) } }
    }
    guard let columns else { throw scanner.failure(.malformed, "the file has no points", cure: "write at least one point") }
    let areNormals: Bool
    switch columns == 3 ? .ignored : lastColumns == .told ? Self.namedColumns(file) : lastColumns {
    case .ignored: areNormals = false
    case .normals: areNormals = true
    case .told:
      guard Self.areNormals(others) else {
        let (row, cause) = Self.doubt(others)
        throw scanner.failure(
          .malformed, line: Self.line(ofRow: row, file) ?? first, cause,
          cure: "say what they are by a first line \"# x y z nx ny nz\" or \"# x y z r g b\", or leave three columns")
      }
      areNormals = true
    }
    self.init(points: points, normals: areNormals ? others : nil)
  }

  /// What the first line names the columns, if it is a comment; `told` where it does not name them.
  private static func namedColumns(_ file: FileBytes) -> LastColumns {
    let line = file.storage.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let text = String(decoding: line, as: UTF8.self).lowercased()
    guard let mark = text.firstIndex(of: "#") else { return .told }
    let words = text[mark...].split { "# \t,;/".contains($0) }
    guard words.count == 6, words.prefix(3) == ["x", "y", "z"] else { return .told }
    switch words.dropFirst(3) {
    case ["nx", "ny", "nz"]: return .normals
    case ["r", "g", "b"], ["red", "green", "blue"]: return .ignored
    default: return .told
    }
  }

  /// The line of a row of numbers.
  private static func line(ofRow row: Int, _ file: FileBytes) -> Int? {
    var scanner = TextScanner(file)
    for _ in 0...row where !scanner.nextLine() { return nil }
    return scanner.line
  }

  /// Throws for a file of atoms: their number, a line of text, and lines that begin with the symbol of an element.
  private static func refuseChemistry(_ file: FileBytes) throws(FileFormatError) {
    let lines = file.storage.prefix(1 << 16).split(maxSplits: 3, omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
      .prefix(3).map { String(decoding: $0, as: UTF8.self).split { " \t\r\r\n".contains($0) } }
    guard lines.count == 3, lines[0].count == 1, let atoms = Int(lines[0][0]), atoms > 0, lines[2].count >= 4,
      let symbol = lines[2].first, symbol.count <= 3, symbol.unicodeScalars.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic }),
      lines[2].dropFirst().prefix(3).allSatisfy({ Double($0) != nil })
    else { return }
    throw FileFormatError(
      .unsupported, path: file.path, place: .init(line: 1),
      cause: "this is an XYZ file of chemistry (\(atoms) atoms with the symbols of their elements), not a cloud of points",
      cure:
        "leave lines of x y z alone for a cloud; `molecules inspect` and `molecules predict` read files of atoms, and `molecules train` learns "
        + "from archives .npz of one molecule")
  }

  private static func columnFailure(_ count: Int, expected: Int?, _ scanner: TextScanner) -> FileFormatError {
    let wanted = expected.map { "\($0) as on the lines before" } ?? "3 (a point) or 6 (a point and its normal or colour)"
    return scanner.failure(
      .malformed, "the line has \(count) number\(count == 1 ? "" : "s"), and \(wanted) are expected",
      cure: "leave the columns x y z or x y z nx ny nz, and put # before lines of text")
  }

  func encodedXYZ() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 * points.count * (normals == nil ? 1 : 2))
    if let normals, !Self.areNormals(normals) { bytes.append(text: "# x y z nx ny nz\n") }
    appendPoints(to: &bytes)
    return bytes
  }
}
