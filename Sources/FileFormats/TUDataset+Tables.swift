/// Numbers of a file of a TU data set.
protocol TUValue: Sendable, Equatable {
  static func next(_ scanner: inout TextScanner) throws(FileFormatError) -> Self?
}

extension Int: TUValue {
  static func next(_ scanner: inout TextScanner) throws(FileFormatError) -> Int? { try scanner.integer() }
}

extension Double: TUValue {
  static func next(_ scanner: inout TextScanner) throws(FileFormatError) -> Double? { try scanner.number() }
}

/// A file of lines with as many numbers each.
struct TUTable<Value: TUValue> {
  private let path: String
  let width: Int
  private(set) var values: [Value] = []
  /// The line of each row; nil where row k is line k + 1.
  private var lines: [Int]?
  var count: Int { values.count / width }
  var rows: TUDataset.Rows<Value> { .init(width: width, values: values) }

  /// Reads a file; lines have the given number of values, or else as many as the first.
  init(_ file: FileBytes, width expected: Int? = nil) throws(FileFormatError) {
    path = file.path
    var scanner = TextScanner(file)
    var width = expected
    var lines: [Int] = []
    while scanner.nextLine() {
      let start = values.count
      while let value = try Value.next(&scanner) { values.append(value) }
      let found = values.count - start
      guard found == width ?? found else {
        throw scanner.failure(.malformed, "\(width!) number\(width == 1 ? "" : "s") in a line are expected, there are \(found)")
      }
      width = found
      lines.append(scanner.line)
    }
    self.width = width ?? 1
    if !lines.enumerated().allSatisfy({ $1 == $0 + 1 }) { self.lines = lines }
  }

  /// An error at the line of a row.
  func failure(
    row: Int, kind: FileFormatError.Kind = .malformed, _ cause: String,
    cure: String = "correct the line, or take all files from one data set"
  ) -> FileFormatError {
    FileFormatError(kind, path: path, place: .init(line: lines?[row] ?? row + 1), cause: cause, cure: cure)
  }
}

/// The edges of a TU data set, checked: `A` and what goes with its lines.
struct TUAdjacency {
  let edges: [(Int, Int)]
  let edgeCounts: [Int]
  let lineCount: Int
  /// For each edge the rows of its two directions, that from the smaller to the larger end first.
  private let directions: [(Int, Int)]

  init(_ file: FileBytes, graphOfNode: [Int], nodeCounts: [Int]) throws(FileFormatError) {
    let table = try TUTable<Int>(file, width: 2)
    lineCount = table.count
    let nodes = graphOfNode.count
    for row in 0..<table.count {
      let (i, j) = (table.values[2 * row], table.values[2 * row + 1])
      guard (1...max(1, nodes)).contains(i), (1...max(1, nodes)).contains(j), nodes > 0 else {
        throw table.failure(row: row, "the edge (\(i), \(j)) has an end outside 1 ... \(nodes), the nodes of the indicator")
      }
      guard i != j else {
        throw table.failure(
          row: row, kind: .unsupported, "node \(i) has a loop, and graphs here are simple", cure: "leave loops out, from edge files too")
      }
      guard graphOfNode[i - 1] == graphOfNode[j - 1] else {
        throw table.failure(row: row, "the edge (\(i), \(j)) joins graphs \(graphOfNode[i - 1]) and \(graphOfNode[j - 1])")
      }
    }
    // Rows by their ends (i, j), and by their ends exchanged: of an undirected graph both name the same pairs in the same order.
    let byFirst = Self.sorted(
      Self.sorted(Array(0..<table.count), by: { table.values[2 * $0 + 1] }, nodes), by: { table.values[2 * $0] }, nodes)
    let bySecond = Self.sorted(
      Self.sorted(Array(0..<table.count), by: { table.values[2 * $0] }, nodes), by: { table.values[2 * $0 + 1] }, nodes)
    func ends(_ row: Int) -> (Int, Int) { (table.values[2 * row], table.values[2 * row + 1]) }
    for (row, next) in zip(byFirst, byFirst.dropFirst()) where ends(row) == ends(next) {
      throw table.failure(row: max(row, next), "the edge \(ends(row)) is there twice")
    }
    for (row, reverse) in zip(byFirst, bySecond) where ends(row) != (ends(reverse).1, ends(reverse).0) {
      let lonely = ends(row) < (ends(reverse).1, ends(reverse).0) ? row : reverse
      throw table.failure(
        row: lonely, "the edge \(ends(lonely)) is there in this direction only", cure: "list each edge in both directions")
    }
    var starts: [Int] = []
    for count in nodeCounts { starts.append((starts.last ?? 0) + count) }
    var edges: [(Int, Int)] = []
    var edgeCounts = [Int](repeating: 0, count: nodeCounts.count)
    var directions: [(Int, Int)] = []
    for (row, reverse) in zip(byFirst, bySecond) {
      let (i, j) = ends(row)
      guard i < j else { continue }
      let graph = graphOfNode[i - 1] - 1
      let first = starts[graph] - nodeCounts[graph] + 1
      edges.append((i - first, j - first))
      edgeCounts[graph] += 1
      directions.append((row, reverse))
    }
    (self.edges, self.edgeCounts, self.directions) = (edges, edgeCounts, directions)
  }

  /// Rows of a table of the lines of `A`, one for each edge; they must say the same of both directions.
  func undirected<Value>(_ table: TUTable<Value>) throws(FileFormatError) -> TUDataset.Rows<Value> {
    let rows = table.rows
    var values: [Value] = []
    values.reserveCapacity(directions.count * rows.width)
    for (row, reverse) in directions {
      guard rows[row] == rows[reverse] else {
        throw table.failure(row: max(row, reverse), "the edge has other values in the other direction (row \(min(row, reverse) + 1))")
      }
      values += rows[row]
    }
    return .init(width: rows.width, values: values)
  }

  /// Rows by a number from 1 to `largest`, those of equal numbers in their order.
  private static func sorted(_ rows: [Int], by number: (Int) -> Int, _ largest: Int) -> [Int] {
    var places = [Int](repeating: 0, count: largest + 2)
    for row in rows { places[number(row) + 1] += 1 }
    for k in 1..<places.count { places[k] += places[k - 1] }
    var result = [Int](repeating: 0, count: rows.count)
    for row in rows {
      result[places[number(row)]] = row
      places[number(row)] += 1
    }
    return result
  }
}
