extension GeometryFile {
  /// Reads lines of three numbers, or of six where normals follow the points: the same number on every line.
  init(xyz file: FileBytes) throws(FileFormatError) {
    try file.requireNonEmpty("a file of points")
    var scanner = TextScanner(file)
    var points: [Double] = []
    var normals: [Double] = []
    var columns: Int?
    while scanner.nextLine() {
      var row = SIMD8<Double>()
      var count = 0
      while let number = try scanner.coordinate() {
        if count < 6 { row[count] = number }
        count += 1
      }
      if count != columns {
        guard columns == nil, count == 3 || count == 6 else { throw Self.columnFailure(count, expected: columns, scanner) }
        columns = count
      }
      for column in 0..<3 { points.append(row[column]) }
      if count == 6 { for column in 3..<6 { normals.append(row[column]) } }
    }
    guard let columns else { throw scanner.failure(.malformed, "the file has no points", cure: "write at least one point") }
    self.init(points: points, normals: columns == 6 ? normals : nil)
  }

  private static func columnFailure(_ count: Int, expected: Int?, _ scanner: TextScanner) -> FileFormatError {
    let wanted = expected.map { "\($0) as on the lines before" } ?? "3 (a point) or 6 (a point and its normal)"
    return scanner.failure(
      .malformed, "the line has \(count) number\(count == 1 ? "" : "s"), and \(wanted) are expected",
      cure: "leave the columns x y z or x y z nx ny nz, and put # before lines of text")
  }

  func encodedXYZ() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 * points.count * (normals == nil ? 1 : 2))
    appendPoints(to: &bytes)
    return bytes
  }
}
