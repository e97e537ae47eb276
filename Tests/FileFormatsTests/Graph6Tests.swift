import FuzzSupport
import Testing

@testable import FileFormats

struct Graph6Tests {
  /// Written by networkx 3 (`to_graph6_bytes`, `to_sparse6_bytes`): a path of 4 nodes, the Petersen graph, no edges, one node, none.
  @Test(
    arguments: [
      ("Ch", 4, [(0, 1), (1, 2), (2, 3)]), (":Cdv", 4, [(0, 1), (1, 2), (2, 3)]),
      (
        "IheA@GUAo", 10,
        [
          (0, 1), (1, 2), (2, 3), (0, 4), (3, 4), (0, 5), (1, 6), (2, 7), (5, 7), (3, 8), (5, 8), (6, 8), (4, 9), (6, 9), (7, 9),
        ]
      ), ("B?", 3, []), (":B", 3, []), ("@", 1, []), (":@", 1, []), ("?", 0, []), (":?", 0, []), (":An", 2, [(0, 1)]),
    ] as [(String, Int, [(Int, Int)])])
  func decodes(text: String, nodes: Int, edges: [(Int, Int)]) throws {
    let graph = Graph6(nodeCount: nodes, edges: edges)
    for header in ["", text.hasPrefix(":") ? ">>sparse6<<" : ">>graph6<<"] {
      #expect(try Graph6.parse(Array((header + text + "\n" + header + text).utf8), path: "p") == [graph, graph])
    }
    if !text.hasPrefix(":") { #expect(graph.encoded == text) }
  }

  /// Cycles and the Petersen graph, written in sparse6 by networkx: paddings of all kinds.
  @Test(arguments: [
    (":FaYnGV", 7), (":GaYnL`n", 8), (":O`ESyTl^E\\ZxuBn", 16), (":P_`abcdefghijklm_N", 17), (":S_`abcdefghijklmnop_Q", 20),
  ])
  func sparseCycles(text: String, n: Int) throws {
    #expect(try Graph6.parse(Array(text.utf8), path: "p") == [Graph6(nodeCount: n, edges: (0..<n).map { ($0, ($0 + 1) % n) })])
  }

  @Test func sparsePetersen() throws {
    let graphs = try [":I`ES@obGkqegW~", "IheA@GUAo"].map { try Graph6.parse(Array($0.utf8), path: "p") }
    #expect(graphs[0] == graphs[1])
  }

  /// All three forms of the number of nodes, and every number of padding bits.
  @Test func roundTrip() throws {
    var generator = SplitMix(seed: 1)
    try withTemporaryFolder { folder in
      let graphs = [0, 1, 2, 3, 5, 6, 7, 8, 62, 63, 64, 200].map { n in
        Graph6(nodeCount: n, edges: (0..<n).flatMap { j in (0..<j).filter { _ in Bool.random(using: &generator) }.map { (j, $0) } })
      }
      try Graph6.write(graphs, to: folder + "/a.g6")
      #expect(try Graph6.read(folder + "/a.g6") == graphs)
    }
    let large = try Graph6.parse(Array(":~~~~~~~~".utf8), path: "p")
    #expect(large == [Graph6(nodeCount: (1 << 36) - 1, edges: [])])
  }

  /// What networkx writes for a graph of 300000 nodes begins so.
  @Test func longForm() {
    let error = failure { try Graph6.parse(Array("~~??@HN_".utf8), path: "p") }
    #expect(error?.kind == .truncated && error?.cause.contains("300000 nodes") == true)
  }

  @Test(
    arguments: [
      ("", .empty, nil, nil), (">>graph6<<", .malformed, nil, nil), (" \r\n\t\n", .malformed, nil, nil), ("Ch\nC", .truncated, 2, 1),
      ("Ch\r\n\r\n \r\nC\r\n", .truncated, 4, 1),
      ("Chh", .malformed, 1, 2), ("C h", .malformed, 1, 1), ("Ci\nAc", .malformed, 2, 1),
      ("~?", .truncated, 1, 2), ("~??C", .malformed, 1, 0), ("~~?????C", .malformed, 1, 0), ("~~~~~~~~", .truncated, 1, 8),
      ("&C", .unsupported, 1, 0), (";C", .unsupported, 1, 0), (">>graph6<<C", .truncated, 1, 11), (":Cd~~~", .unsupported, 1, 3),
      (">>digraph6<<&AG", .malformed, 1, 0), ("Ch\n>>graph6<<Chh", .malformed, 2, 12), ("C\u{7F}", .malformed, 1, 1),
      ("Ch\nC\u{E9}", .malformed, 2, 1),
      (":A?", .unsupported, 1, 2), (":Anc", .malformed, 1, 2), (":B_", .unsupported, 1, 2),
    ] as [(String, FileFormatError.Kind, Int?, Int?)])
  func errors(text: String, kind: FileFormatError.Kind, line: Int?, byte: Int?) {
    let error = failure { try Graph6.parse(Array(text.utf8), path: "p") }
    #expect(error?.kind == kind && error?.path == "p" && error?.place.line == line, "\(String(describing: error))")
    if let byte { #expect(error?.place.byte == byte, "\(String(describing: error))") }
  }

  /// As networkx reads them.
  @Test(arguments: ["Ch\r\nB?\r\n", "Ch\n\nB?\n\n \n", " Ch \t\nB?  ", "\r\n>>graph6<<Ch\rB?\r", "\u{0C}Ch\n>>graph6<<\nB?"])
  func lineEndsAndBlanks(text: String) throws {
    let graphs = [Graph6(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)]), Graph6(nodeCount: 3, edges: [])]
    #expect(try Graph6.parse(Array(text.utf8), path: "p") == graphs)
    #expect(try Graph6.parse(Array(text.replacing("Ch", with: ":Cdv").replacing("B?", with: ":B").utf8), path: "p") == graphs)
  }

  @Test func missingFile() {
    #expect(failure { try Graph6.read("/nowhere/a.g6") }?.kind == .missing)
  }
}
