import Equivariant
import Foundation

/// Graphs with known automorphism groups.
enum GraphExamples {
  static func cycle(_ n: Int) -> SimpleGraph { SimpleGraph(nodeCount: n, edges: (0..<n).map { ($0, ($0 + 1) % n) }) }
  static func path(_ n: Int) -> SimpleGraph { SimpleGraph(nodeCount: n, edges: (1..<n).map { ($0 - 1, $0) }) }
  static func edgeless(_ n: Int) -> SimpleGraph { SimpleGraph(nodeCount: n, edges: []) }
  static func complete(_ n: Int) -> SimpleGraph { graph(n) { _, _ in true } }
  static func star(_ leaves: Int) -> SimpleGraph { SimpleGraph(nodeCount: leaves + 1, edges: (1...leaves).map { (0, $0) }) }
  static func cube(_ d: Int) -> SimpleGraph { graph(1 << d) { ($0 ^ $1).nonzeroBitCount == 1 } }
  static let petersen = graph(10) { a, b in
    a < 5 && b < 5 ? [1, 4].contains(b - a) : a >= 5 ? [2, 3].contains(b - a) : b - a == 5
  }
  /// Strongly regular (16, 6, 2, 2), as the Shrikhande graph, and different from it.
  static let rook = graph(16) { $0 / 4 == $1 / 4 || $0 % 4 == $1 % 4 }
  static let shrikhande = graph(16) { a, b in
    [1, 3, 4, 12, 5, 15].contains((b / 4 - a / 4 + 4) % 4 * 4 + (b - a + 16) % 4)
  }
  /// Strongly regular (13, 6, 2, 3).
  static let paley = graph(13) { [1, 3, 4, 9, 10, 12].contains(($1 - $0 + 13) % 13) }
  /// The smallest tree without symmetry.
  static let asymmetricTree = SimpleGraph(nodeCount: 7, edges: [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (2, 6)])

  static func graph(_ n: Int, _ joined: (Int, Int) -> Bool) -> SimpleGraph {
    SimpleGraph(nodeCount: n, edges: (0..<n).flatMap { j in (0..<j).filter { joined($0, j) }.map { ($0, j) } })
  }
  static func union(_ parts: SimpleGraph...) -> SimpleGraph {
    var edges: [(Int, Int)] = []
    var start = 0
    for part in parts {
      edges += part.edges.map { ($0 + start, $1 + start) }
      start += part.nodeCount
    }
    return SimpleGraph(nodeCount: start, edges: edges)
  }

  /// Name, graph, and the order of its automorphism group as the literature has it.
  static let all: [(name: String, graph: SimpleGraph, symmetries: Int)] = [
    ("nothing", edgeless(0), 1), ("a node", edgeless(1), 1), ("edgeless", edgeless(6), 720), ("complete", complete(6), 720),
    ("path", path(7), 2), ("cycle", cycle(8), 16), ("star", star(5), 120), ("tree", asymmetricTree, 1), ("cube", cube(3), 48),
    ("tesseract", cube(4), 384), ("Petersen", petersen, 120), ("rook", rook, 1152), ("Shrikhande", shrikhande, 192), ("Paley", paley, 78),
    ("two triangles", union(cycle(3), cycle(3)), 72), ("hexagon", cycle(6), 12),
    ("cycles and isolated nodes", union(cycle(4), cycle(5), edgeless(3)), 8 * 10 * 6),
    ("bipartite", graph(7) { $0 < 3 && $1 >= 3 }, 6 * 24),
  ]

  /// ../shared/data/graph_iso, nil where it is absent.
  static func shared(_ name: String) -> String? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appending(path: "shared/data/graph_iso/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
