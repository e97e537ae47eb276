import Requirements

/// A simple undirected graph as a file holds it: the number of its nodes, and its edges (i, j) with i < j, each once, in increasing order
/// of (j, i).
///
/// It is read and written in graph6, and read in sparse6, the formats of nauty (McKay, "Description of graph6, sparse6 and digraph6
/// encodings"), which have a line of printable characters for each graph. The number of nodes may be as large as the format's 2³⁶ − 1;
/// there are never more edges than the bytes of the line can hold.
public struct Graph6: Sendable, Equatable {
  /// The number of nodes.
  public let nodeCount: Int
  /// The ends of each edge, the smaller first.
  public let edges: [(Int, Int)]

  /// A graph from its edges, in any order and direction; traps on a node outside 0 ..< `nodeCount`, a loop or a repeated edge.
  public init(nodeCount: Int, edges: [(Int, Int)]) {
    require((0..<1 << 36).contains(nodeCount), "from 0 to 2³⁶ − 1 nodes are expected, received \(nodeCount)")
    let sorted = edges.map { ($0.0 < $0.1) ? $0 : ($0.1, $0.0) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    for (i, j) in sorted {
      require(i >= 0 && j < nodeCount && i != j, "an edge of two nodes in 0 ..< \(nodeCount) is expected, received (\(i), \(j))")
    }
    require(zip(sorted, sorted.dropFirst()).allSatisfy { $0 != $1 }, "each edge is expected once")
    self.init(nodeCount: nodeCount, sorted: sorted)
  }

  private init(nodeCount: Int, sorted: [(Int, Int)]) {
    self.nodeCount = nodeCount
    edges = sorted
  }

  /// Whether both have the same nodes and edges, under the same numbers.
  public static func == (a: Graph6, b: Graph6) -> Bool {
    a.nodeCount == b.nodeCount && a.edges.elementsEqual(b.edges, by: ==)
  }

  /// The graphs of a file, one per line, in graph6 or sparse6; a header `>>graph6<<` or `>>sparse6<<` may stand before any of them. Lines
  /// end with a line feed, a carriage return or both; blanks around a graph and lines without one are left out.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable or without graphs, and one with line and byte for a line that is
  ///   cut off or too long, or has a character out of range, padding that is not as the format says, a loop or a repeated edge.
  public static func read(_ path: String) throws(FileFormatError) -> [Graph6] { try readNumbered(path).map(\.graph) }

  /// The graphs of a file with their lines, as ``read(_:)``.
  package static func readNumbered(_ path: String) throws(FileFormatError) -> [(line: Int, graph: Graph6)] {
    try parse(FileBytes(contentsOf: path))
  }

  /// Parses the bytes of a file, as ``read(_:)`` does; errors call the file `path`.
  /// - Throws: the errors of ``read(_:)``.
  public static func parse(_ bytes: [UInt8], path: String) throws(FileFormatError) -> [Graph6] {
    try parse(FileBytes(bytes[...], path: path)).map(\.graph)
  }

  /// Writes a file of graphs in graph6, one per line, without a header.
  /// - Throws: the errors of ``AtomicFile/write(_:to:)``.
  public static func write(_ graphs: [Graph6], to path: String) throws(FileFormatError) {
    try AtomicFile.write(graphs.flatMap { Array($0.encoded.utf8) + [UInt8(ascii: "\n")] }, to: path)
  }

  /// The graph in graph6, without a line feed. Its length grows as the square of the number of nodes.
  public var encoded: String {
    // The shortest of the three forms of the number of nodes.
    let digits = nodeCount < 63 ? 1 : nodeCount < 258_048 ? 3 : 6
    var bytes = [UInt8](repeating: 126, count: digits / 3)
    for k in (0..<digits).reversed() { bytes.append(63 + UInt8(nodeCount >> (6 * k) & 63)) }
    let start = bytes.count
    bytes += [UInt8](repeating: 63, count: (nodeCount * (nodeCount - 1) / 2 + 5) / 6)
    for (i, j) in edges {
      let bit = j * (j - 1) / 2 + i
      bytes[start + bit / 6] += 32 >> UInt8(bit % 6)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func parse(_ file: FileBytes) throws(FileFormatError) -> [(line: Int, graph: Graph6)] {
    try file.requireNonEmpty("graph6")
    var graphs: [(line: Int, graph: Graph6)] = []
    for (number, text) in file.lines {
      let header = [">>graph6<<", ">>sparse6<<"].first { text.starts(with: $0.utf8) }?.utf8.count ?? 0
      let bytes = text.dropFirst(header)
      if bytes.isEmpty { continue }
      let (nodeCount, edges) = try Graph6Line(bytes: bytes, path: file.path, number: number, before: header).graph()
      graphs.append((number, Graph6(nodeCount: nodeCount, sorted: edges)))
    }
    guard !graphs.isEmpty else {
      throw file.failure(.malformed, "the file has no graphs", cure: "write a graph a line, with nauty or as Graph6")
    }
    return graphs
  }
}

/// A line of a file of graphs, with six bits in each byte, most significant first, plus 63.
private struct Graph6Line {
  let bytes: ArraySlice<UInt8>
  let path: String
  let number: Int
  /// Bytes of the line that the header takes.
  let before: Int

  private func failure(_ kind: FileFormatError.Kind, at byte: Int, _ cause: String) -> FileFormatError {
    FileFormatError(
      kind, path: path, place: .init(line: number, byte: before + byte), cause: cause,
      cure: "write the graph again, with nauty or as Graph6")
  }

  private func bit(_ k: Int) -> Bool { (bytes[bytes.startIndex + k / 6] - 63) >> UInt8(5 - k % 6) & 1 == 1 }

  func graph() throws(FileFormatError) -> (nodeCount: Int, edges: [(Int, Int)]) {
    guard let first = bytes.first else { throw failure(.malformed, at: 0, "the line is empty, and a graph has a byte at least") }
    if first == UInt8(ascii: "&") || first == UInt8(ascii: ";") {
      throw failure(
        .unsupported, at: 0, first == UInt8(ascii: "&") ? "the graph is directed (digraph6)" : "the line is incremental sparse6")
    }
    let isSparse = first == UInt8(ascii: ":")
    let start = isSparse ? 1 : 0
    for (k, byte) in bytes.enumerated().dropFirst(start) where !(63...126).contains(byte) {
      throw failure(.malformed, at: k, "a byte from 63 to 126 is expected, this one is \(byte)")
    }
    let (nodeCount, body) = try size(at: start)
    return (nodeCount, try isSparse ? sparse(nodeCount, from: body) : dense(nodeCount, from: body))
  }

  /// The number of nodes, and where the edges begin.
  private func size(at start: Int) throws(FileFormatError) -> (Int, Int) {
    let marks = bytes.dropFirst(start).prefix(2).prefix { $0 == 126 }.count
    let (first, digits) = (start + marks, [1, 3, 6][marks])
    guard first + digits <= bytes.count else {
      throw failure(.truncated, at: bytes.count, "the number of nodes takes \(digits) bytes, there are \(bytes.count - first)")
    }
    var value = 0
    for byte in bytes.dropFirst(first).prefix(digits) { value = value << 6 | Int(byte - 63) }
    guard value >= [0, 63, 258_048][marks] else {
      throw failure(.malformed, at: start, "\(value) nodes are written in a longer form than the shortest")
    }
    return (value, first + digits)
  }

  private func dense(_ n: Int, from start: Int) throws(FileFormatError) -> [(Int, Int)] {
    let (available, bits) = (bytes.count - start, n.multipliedReportingOverflow(by: n - 1))
    let needed = bits.overflow ? Int.max : (bits.partialValue / 2 + 5) / 6
    guard available >= needed else {
      throw failure(.truncated, at: bytes.count, "a graph of \(n) nodes takes \(needed) bytes of edges, there are \(available)")
    }
    guard available == needed else {
      throw failure(.malformed, at: start + needed, "a graph of \(n) nodes takes \(needed) bytes of edges, there are \(available)")
    }
    var edges: [(Int, Int)] = []
    var k = 6 * start
    for j in 0..<n {
      for i in 0..<j {
        if bit(k) { edges.append((i, j)) }
        k += 1
      }
    }
    guard (k..<6 * bytes.count).allSatisfy({ !bit($0) }) else {
      throw failure(.malformed, at: bytes.count - 1, "the bits after the last edge are padding and must be 0")
    }
    return edges
  }

  /// Reads pairs of a bit b and a number x of k bits, with k enough for n − 1: v grows by b; then v becomes x where x > v, and any other x
  /// is joined to v.
  private func sparse(_ n: Int, from start: Int) throws(FileFormatError) -> [(Int, Int)] {
    let k = n > 1 ? Int.bitWidth - (n - 1).leadingZeroBitCount : 0
    var edges: [(Int, Int)] = []
    var (v, place) = (0, 6 * start)
    while place + k < 6 * bytes.count {
      let pair = place
      if bit(place) { v += 1 }
      place += 1
      var x = 0
      for _ in 0..<k {
        x = x << 1 | (bit(place) ? 1 : 0)
        place += 1
      }
      if x >= n || v >= n {
        // Up to five bits of padding may make up pairs.
        if pair >= 6 * bytes.count - 5 { break }
        throw failure(.malformed, at: pair / 6, "node \(max(x, v)) is named in a graph of \(n) nodes")
      }
      if x > v {
        v = x
      } else if x == v {
        throw failure(.unsupported, at: pair / 6, "node \(v) has a loop, and graphs here are simple")
      } else {
        edges.append((x, v))
      }
    }
    edges.sort { ($0.1, $0.0) < ($1.1, $1.0) }
    if let twice = zip(edges, edges.dropFirst()).first(where: { $0 == $1 }) {
      throw failure(.unsupported, at: start, "the edge \(twice.0) is there twice, and graphs here are simple")
    }
    return edges
  }
}
