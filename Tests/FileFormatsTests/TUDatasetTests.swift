import Foundation
import Testing

@testable import FileFormats

/// The parts of a data set as texts, `extra` in place of what they are otherwise.
private func tuParts(_ extra: [TUPart: String?] = [:]) -> [TUPart: FileBytes] {
  TUDatasetTests.texts.merging(extra.compactMapValues { $0 }) { $1 }.filter { extra[$0.key] != .some(nil) }.reduce(into: [:]) {
    $0[$1.key] = FileBytes(Array($1.value.utf8)[...], path: "D_\($1.key.rawValue).txt")
  }
}

struct TUDatasetTests {
  /// A triangle with a tail, a graph without nodes, a node without edges, an edge; edges in no order.
  static let texts: [TUPart: String] = [
    .adjacency: "2, 1\n1,2\n3, 2\n2, 3\n1, 3\n3, 1\n4 3\n3 4\n7, 6\n6, 7\n", .graphIndicator: "1\n1\n1\n1\n3\n4\n4\n",
    .graphLabels: "1\n-1\n1\n5\n", .nodeLabels: "0\n0\n3\n1\n0\n0\n2\n",
    .edgeLabels: "10\n10\n20\n20\n30\n30\n40\n40\n50\n50\n", .nodeAttributes: "0.5, 1\n0, 2\n0,3\n0,4\n-1e3,5\n0,6\n0,7\n",
    .graphAttributes: "1.5\n2\n3\n4",
  ]

  @Test func parts() throws {
    let data = try TUDataset(name: "D", parts: tuParts())
    #expect(data.nodeCounts == [4, 0, 1, 2] && data.edgeCounts == [4, 0, 0, 1] && data.graphLabels == [1, -1, 1, 5])
    #expect(data.edges.elementsEqual([(0, 1), (0, 2), (1, 2), (2, 3), (0, 1)], by: ==))
    #expect(data.edgeLabels?.values == [10, 30, 20, 40, 50] && data.edgeLabels?.width == 1 && data.edgeAttributes == nil)
    #expect(data.nodeLabels?.values == [0, 0, 3, 1, 0, 0, 2])
    #expect(data.nodeAttributes?.width == 2 && data.nodeAttributes?.count == 7 && Array(data.nodeAttributes![4]) == [-1000, 5])
    #expect(data.graphAttributes?.values == [1.5, 2, 3, 4])
    let bare = try TUDataset(
      name: "D", parts: tuParts([.nodeLabels: nil, .edgeLabels: nil, .nodeAttributes: nil, .graphAttributes: nil]))
    #expect(bare.nodeLabels == nil && bare.edgeLabels == nil && bare.nodeAttributes == nil && bare.edges.count == 5)
    let none = try TUDataset(
      name: "D", parts: [.adjacency: "", .graphIndicator: "", .graphLabels: "7\n"].mapValues { FileBytes(Array($0.utf8)[...], path: "p") })
    #expect(none.nodeCounts == [0] && none.edges.isEmpty && none != bare)
  }

  @Test func folders() throws {
    try withTemporaryFolder { folder in
      func write(_ name: String) throws {
        for (part, text) in Self.texts { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)_\(part.rawValue).txt")) }
      }
      #expect(failure { try TUDataset(folder: folder) }?.kind == .missing)
      #expect(failure { try TUDataset(folder: folder + "/nowhere") }?.kind == .missing)
      try write("D")
      #expect(failure { try TUDataset(folder: folder + "/D_A.txt") }?.kind == .unreadable)
      let data = try TUDataset(folder: folder)
      #expect(data == (try TUDataset(name: "D", parts: tuParts())))
      try write("E")
      let several = failure { try TUDataset(folder: folder) }
      #expect(several?.kind == .malformed && several?.cause.contains("\"D\", \"E\"") == true)
      #expect(try TUDataset(folder: folder, name: "E").edges.elementsEqual(data.edges, by: ==))
      try FileManager.default.removeItem(atPath: folder + "/E_graph_indicator.txt")
      let missing = failure { try TUDataset(folder: folder, name: "E") }
      #expect(missing?.kind == .missing && missing?.path.hasSuffix("/E_graph_indicator.txt") == true)
    }
  }

  /// Simple undirected graphs are made of what the files have, and what was done is counted.
  @Test(
    arguments: [
      ("1, 2\n2, 1\n2, 3\n3, 2\n4, 5\n5, 4\n4, 5\n5, 4\n", 2, 0, 0, "2 repeated lines merged"),
      ("1, 2\n2, 1\n2, 3\n3, 2\n4, 5\n5, 4\n5, 5\n", 0, 1, 0, "1 loop dropped"),
      ("1, 2\n2, 3\n4, 5\n", 0, 0, 3, "3 edges in one direction mirrored"),
      ("3, 2\n1, 1\n1, 2\n1, 2\n5, 4\n4, 4\n", 1, 2, 3, "1 repeated line merged, 2 loops dropped, 3 edges in one direction mirrored"),
      ("1, 2\n2, 1\n2, 3\n3, 2\n4, 5\n5, 4\n", 0, 0, 0, nil),
    ] as [(String, Int, Int, Int, String?)])
  func cleaning(lines: String, repeated: Int, loops: Int, oneWay: Int, note: String?) throws {
    let parts = [TUPart.adjacency: lines, .graphIndicator: "1\n1\n1\n2\n2\n", .graphLabels: "1\n-1\n"]
    let data = try TUDataset(name: "D", parts: parts.mapValues { FileBytes(Array($0.utf8)[...], path: "p") })
    #expect(data.edgeCounts == [2, 1] && data.edges.elementsEqual([(0, 1), (1, 2), (0, 1)], by: ==))
    let done = data.cleaning
    #expect((done.repeatedLines, done.loops, done.oneWayEdges) == (repeated, loops, oneWay) && done.note == note, "\(done)")
  }

  /// Labels of edges go with the lines that are kept, and lines that are merged must agree.
  @Test func labelsOfCleanedEdges() throws {
    func labels(_ lines: String, _ labels: String) throws -> [Int]? {
      let parts = [TUPart.adjacency: lines, .graphIndicator: "1\n1\n1\n", .graphLabels: "1\n", .edgeLabels: labels]
      return try TUDataset(name: "D", parts: parts.mapValues { FileBytes(Array($0.utf8)[...], path: "p") }).edgeLabels?.values
    }
    #expect(try labels("3, 2\n2, 2\n1, 2\n1, 2\n", "7\n8\n9\n9\n") == [9, 7])
    #expect(failure { try labels("1, 2\n1, 2\n", "1\n2\n") }?.place.line == 2)
  }

  /// Sets for regression have attributes of graphs and no classes; without either the indicator counts the graphs.
  @Test func filesWithoutClasses() throws {
    let regression = try TUDataset(name: "D", parts: tuParts([.graphLabels: nil]))
    #expect(
      regression.graphLabels == nil && regression.graphAttributes?.values == [1.5, 2, 3, 4] && regression.nodeCounts == [4, 0, 1, 2])
    let bare = try TUDataset(name: "D", parts: tuParts([.graphLabels: nil, .graphAttributes: nil]))
    #expect(bare.graphLabels == nil && bare.nodeCounts == [4, 0, 1, 2])
    let error = failure {
      try TUDataset(name: "D", parts: tuParts([.graphLabels: nil, .graphAttributes: nil, .graphIndicator: "1\n1000000000000\n"]))
    }
    #expect(error?.place.line == 2 && error?.cause.contains("nodes of 2 graphs") == true)
  }

  /// Labels near 2⁵³ stay apart, and the largest is one like any other.
  @Test func largeLabels() throws {
    let large = ["9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808"]
    let data = try TUDataset(name: "D", parts: tuParts([.graphLabels: large.joined(separator: "\r\n") + "\r\n"]))
    #expect(data.graphLabels == large.map { Int($0)! })
  }

  @Test(
    arguments: [
      (.adjacency, "1, 2\n2, 1\n8, 1\n", .malformed, 3, "outside 1 ... 7"), (.adjacency, "0, 1\n", .malformed, 1, "outside 1 ... 7"),
      (.adjacency, "4, 5\n5, 4\n", .malformed, 1, "joins graphs 1 and 3"),
      (.adjacency, "1, 2, 3\n", .malformed, 1, "2 numbers"),
      (.adjacency, "1\n", .malformed, 1, "2 numbers"), (.adjacency, "1, x\n", .malformed, 1, "\"x\""),
      (.adjacency, "1, 1.5\n", .malformed, 1, "integer"), (.adjacency, "1, 2\n2, 1\n", .malformed, nil, "2 lines are expected"),
      (.graphIndicator, "1\n1\n1\n1\n3\n4\n5\n", .malformed, 7, "graph 5, but there are labels of 4"),
      (.graphIndicator, "0\n", .malformed, 1, "graph 0"), (.graphIndicator, "2\n1\n", .malformed, 2, "follow each other"),
      (.graphIndicator, "1000000000000\n", .malformed, 1, "labels of 4"), (.graphLabels, "", .malformed, 1, "labels of 0 graphs"),
      (.nodeLabels, "1\n2\n", .malformed, nil, "7 lines are expected, one for each node, there are 2"),
      (.nodeLabels, "0\n0\n0.5", .malformed, 3, "integer"), (.nodeAttributes, "1, 2\n3\n", .malformed, 2, "2 numbers"),
      (.nodeAttributes, "1, nan\n", .malformed, 1, "finite number"), (.graphAttributes, "1\n", .malformed, nil, "4 lines"),
      (.edgeLabels, "1\n1\n2\n2\n3\n4\n5\n5\n6\n6\n", .malformed, 6, "other values in another line (row 5)"),
    ] as [(TUPart, String, FileFormatError.Kind, Int?, String)])
  func errors(part: TUPart, text: String, kind: FileFormatError.Kind, line: Int?, cause: String) {
    let error = failure { try TUDataset(name: "D", parts: tuParts([part: text])) }
    #expect(error?.kind == kind && error?.place.line == line && error?.cause.contains(cause) == true, "\(String(describing: error))")
    // What is wrong with the number of lines of A is seen in the labels of edges.
    let file: TUPart = part == .adjacency && line == nil ? .edgeLabels : part == .graphLabels ? .graphIndicator : part
    #expect(error?.path == "D_\(file.rawValue).txt")
  }
}
