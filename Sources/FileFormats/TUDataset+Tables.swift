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

/// A file of lines with equally many numbers each.
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

/// The edges of a TU data set, checked: `A` and what belongs to its lines.
struct TUAdjacency {
  let edges: [(Int, Int)]
  let edgeCounts: [Int]
  let lineCount: Int
  let cleaning: TUDataset.Cleaning
  /// The rows of edges, with those of one edge together, and where those of each edge begin, with the end of the last.
  private let rows: [Int]
  private let starts: [Int]

  init(_ file: FileBytes, graphOfNode: [Int], nodeCounts: [Int]) throws(FileFormatError) {
    let table = try TUTable<Int>(file, width: 2)
    lineCount = table.count
    let nodes = graphOfNode.count
    var cleaning = TUDataset.Cleaning()
    var proper: [Int] = []
    proper.reserveCapacity(table.count)
    for row in 0..<table.count {
      let (i, j) = (table.values[2 * row], table.values[2 * row + 1])
      guard (1...max(1, nodes)).contains(i), (1...max(1, nodes)).contains(j), nodes > 0 else {
        throw table.failure(row: row, "the edge (\(i), \(j)) has an end outside 1 ... \(nodes), the nodes of the indicator")
      }
      guard graphOfNode[i - 1] == graphOfNode[j - 1] else {
        throw table.failure(row: row, "the edge (\(i), \(j)) joins graphs \(graphOfNode[i - 1]) and \(graphOfNode[j - 1])")
      }
      if i == j { cleaning.loops += 1 } else { proper.append(row) }
    }
    // By the smaller end, then by the larger one, then by the direction and the line.
    func first(_ row: Int) -> Int { table.values[2 * row] }
    func second(_ row: Int) -> Int { table.values[2 * row + 1] }
    func ends(_ row: Int) -> (Int, Int) { (min(first(row), second(row)), max(first(row), second(row))) }
    let rows = Self.sorted(
      Self.sorted(Self.sorted(proper, by: { first($0) < second($0) ? 1 : 2 }, 2), by: { max(first($0), second($0)) }, nodes),
      by: { min(first($0), second($0)) }, nodes)
    var firstNodes: [Int] = []
    var nodeCount = 0
    for count in nodeCounts {
      firstNodes.append(nodeCount + 1)
      nodeCount += count
    }
    var edges: [(Int, Int)] = []
    var edgeCounts = [Int](repeating: 0, count: nodeCounts.count)
    var starts: [Int] = []
    var place = 0
    while place < rows.count {
      let (i, j) = ends(rows[place])
      let graph = graphOfNode[i - 1] - 1
      edges.append((i - firstNodes[graph], j - firstNodes[graph]))
      edgeCounts[graph] += 1
      starts.append(place)
      var (forward, backward) = (0, 0)
      while place < rows.count, ends(rows[place]) == (i, j) {
        if first(rows[place]) == i { forward += 1 } else { backward += 1 }
        place += 1
      }
      cleaning.repeatedLines += max(0, forward - 1) + max(0, backward - 1)
      if forward == 0 || backward == 0 { cleaning.oneWayEdges += 1 }
    }
    (self.edges, self.edgeCounts, self.rows, self.starts, self.cleaning) = (edges, edgeCounts, rows, starts + [rows.count], cleaning)
  }

  /// Rows of a table of the lines of `A`, one for each edge; all lines of an edge must say the same.
  func undirected<Value>(_ table: TUTable<Value>) throws(FileFormatError) -> TUDataset.Rows<Value> {
    let all = table.rows
    var values: [Value] = []
    values.reserveCapacity(edges.count * all.width)
    for (start, end) in zip(starts, starts.dropFirst()) {
      let row = rows[start]
      for other in rows[start + 1..<end] where all[other] != all[row] {
        throw table.failure(row: max(row, other), "the edge has other values in another line (row \(min(row, other) + 1))")
      }
      values += all[row]
    }
    return .init(width: all.width, values: values)
  }

  /// Rows sorted by a number from 1 to `largest`, with those of equal numbers in their order.
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
