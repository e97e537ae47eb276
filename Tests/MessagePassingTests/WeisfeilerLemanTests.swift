import Equivariant
import Foundation
import Testing

/// Colours against a refinement without hashes, known pairs, and counts from the literature.
@Suite struct WeisfeilerLemanTests {
  private static let nodes = WeisfeilerLeman(.nodes)
  private static let pairs = WeisfeilerLeman(.pairs)
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func ring(_ n: Int, step: Int = 1) -> SimpleGraph {
    SimpleGraph(nodeCount: n, edges: (0..<n).map { ($0, ($0 + step) % n) })
  }

  private static func random(_ n: Int, using generator: inout RandomSource) -> SimpleGraph {
    SimpleGraph(nodeCount: n, edges: (0..<n).flatMap { i in (0..<i).map { ($0, i) } }.filter { _ in Bool.random(using: &generator) })
  }

  private static func undistinguished(_ graphs: [SimpleGraph], by algorithm: WeisfeilerLeman) -> Int {
    let counts = graphs.reduce(into: [WeisfeilerLeman.Color: Int]()) { $0[algorithm($1), default: 0] += 1 }
    return counts.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
  }

  @Test(arguments: WeisfeilerLeman.Tuples.allCases, [nil, 0, 1, 3]) func doesNotSeeNumbers(_ tuples: WeisfeilerLeman.Tuples, _ rounds: Int?)
  {
    var generator = RandomSource(seed: 3)
    let algorithm = WeisfeilerLeman(tuples, rounds: rounds)
    for n in [0, 1, 2, 7, 12] {
      let (graph, images) = (Self.random(n, using: &generator), generator.permutation(n))
      let colors = (0..<n).map { $0 % 3 }
      var moved = colors
      for (i, image) in images.enumerated() { moved[image] = colors[i] }
      #expect(algorithm(graph) == algorithm(graph.relabelled(images)))
      #expect(algorithm(graph, nodeColors: colors) == algorithm(graph.relabelled(images), nodeColors: moved))
      if n > 2 { #expect(algorithm(graph) != algorithm(graph, nodeColors: colors)) }
    }
  }

  @Test func knownPairs() {
    let triangles = SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    #expect(Self.nodes(Self.ring(6)) == Self.nodes(triangles) && Self.pairs(Self.ring(6)) != Self.pairs(triangles))
    // Regular graphs of other degrees or sizes: no colours split, yet they are told apart.
    let complete = SimpleGraph(nodeCount: 6, edges: (0..<6).flatMap { i in (0..<i).map { ($0, i) } })
    #expect(Set([Self.ring(6), Self.ring(7), complete].map { Self.nodes($0) }).count == 3)
    // Two paths together, of 8 and 4 nodes or of 6 and 6: the third round sees that the ends of four are near to each other.
    func chain(_ n: Int) -> [(Int, Int)] { (1..<n).map { ($0 - 1, $0) } }
    let (a, b) = (chain(8) + chain(4).map { ($0 + 8, $1 + 8) }, chain(6) + chain(6).map { ($0 + 6, $1 + 6) })
    let (x, y) = (SimpleGraph(nodeCount: 12, edges: a), SimpleGraph(nodeCount: 12, edges: b))
    #expect(
      (0..<5).map { WeisfeilerLeman(.nodes, rounds: $0)(x) == WeisfeilerLeman(.nodes, rounds: $0)(y) } == [true, true, true, false, false])
  }

  /// The 4 × 4 rook's graph and Shrikhande's are strongly regular: only 3-FWL tells them apart.
  @Test func stronglyRegularGraphs() throws {
    // All graphs with the parameters (16, 6, 2, 2), from Spence's list.
    let text = "O~`HW}GPHDaNaGPCcPWaN\nO}iSZ@OOxPChEIDP`YWLw\n"
    let graphs = try Graph6.parse(Array(text.utf8), path: "").map { SimpleGraph($0) }
    let (rook, shrikhande) = (graphs[0], graphs[1])
    #expect(rook.edgeCount == 48 && shrikhande.edgeCount == 48 && Self.pairs(rook) == Self.pairs(shrikhande))
    // With one node marked they still are equal for 1-WL.
    let mark = [1] + Array(repeating: 0, count: 15)
    #expect(Self.nodes(rook, nodeColors: mark) == Self.nodes(shrikhande, nodeColors: mark))
    #expect(Self.pairs(rook, nodeColors: mark) != Self.pairs(shrikhande, nodeColors: mark))
  }

  /// Colours as what they stand for, written out: no hashes.
  @Test func equalsRefinementInWords() {
    func words(_ graph: SimpleGraph, rounds: Int) -> [String] {
      var colors = graph.neighbors.map { _ in "o" }
      for _ in 0..<rounds {
        colors = graph.neighbors.indices.map { i in
          "\(colors[i])(" + graph.neighbors[i].map { colors[$0] }.sorted().joined(separator: ",") + ")"
        }
      }
      return colors.sorted()
    }
    func pairWords(_ graph: SimpleGraph, rounds: Int) -> [String] {
      let n = graph.nodeCount
      var colors = (0..<n * n).map { $0 / n == $0 % n ? "=" : graph.neighbors[$0 / n].contains($0 % n) ? "-" : " " }
      for _ in 0..<rounds {
        colors = (0..<n * n).map { p in
          colors[p] + "[" + (0..<n).map { colors[p / n * n + $0] + "|" + colors[$0 * n + p % n] }.sorted().joined(separator: ",") + "]"
        }
      }
      return colors.sorted()
    }
    var generator = RandomSource(seed: 11)
    let graphs = (0..<60).map { _ in Self.random(5, using: &generator) } + [Self.ring(5), Self.ring(5, step: 2)]
    for rounds in 0...2 {
      let (nodes, pairs) = (WeisfeilerLeman(.nodes, rounds: rounds), WeisfeilerLeman(.pairs, rounds: rounds))
      let own = graphs.map { (nodes($0), pairs($0)) }
      let (texts, pairTexts) = (graphs.map { words($0, rounds: rounds) }, graphs.map { pairWords($0, rounds: rounds) })
      for i in graphs.indices {
        for j in 0..<i {
          #expect((own[i].0 == own[j].0) == (texts[i] == texts[j]), "\(i) \(j)")
          #expect((own[i].1 == own[j].1) == (pairTexts[i] == pairTexts[j]), "\(i) \(j)")
        }
      }
    }
  }

  /// All connected graphs with eight nodes: 312 pairs are equal for 1-WL and 320 after four rounds, by a count in Python with dictionaries of
  /// tuples for colours; none for 2-FWL.
  @Test func connectedGraphsOfEightNodes() throws {
    let graphs = try SimpleGraph.read(graph6: Self.root.appending(path: "Data/graphs/graph8c.g6").path)
    #expect(Self.undistinguished(graphs, by: Self.nodes) == 312 && Self.undistinguished(graphs, by: Self.pairs) == 0)
    #expect(Self.undistinguished(graphs, by: WeisfeilerLeman(.nodes, rounds: 4)) == 320)
  }

  @Test func circularSkipLinks() throws {
    let graphs = try SimpleGraph.read(graph6: Self.root.appending(path: "Data/graphs/csl_41.g6").path)
    #expect(Self.undistinguished(graphs, by: Self.nodes) == 45 && Self.undistinguished(graphs, by: Self.pairs) == 0)
  }
}
