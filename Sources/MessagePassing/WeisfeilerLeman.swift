import Requirements

/// The Weisfeiler-Leman algorithm: colours of the nodes or pairs of a graph, refined in rounds by those around them. What it does not tell
/// apart, networks of its kind cannot tell apart either (Xu et al. 2019, "How Powerful are Graph Neural Networks?"; Maron et al. 2019,
/// "Provably Powerful Graph Networks").
///
/// A round gives each node its colour and the multiset of its neighbours' colours (1-WL, colour refinement), or each pair (i, j) its colour
/// and the multiset of (colour of (i, k), colour of (k, j)) over all nodes k (2-FWL, as strong as 3-WL). Pairs begin with the colours of
/// their nodes and whether they are an edge or one node. Multisets are sums of hashes, and colours have 128 bits: those of two different
/// multisets are equal with a probability of about 2⁻¹²⁸.
///
/// A round costs as many operations as the graph has edges, and n³ for pairs; memory is 16 bytes per colour.
public struct WeisfeilerLeman: Sendable, Hashable {
  /// What is coloured.
  public enum Tuples: Sendable, CaseIterable {
    /// 1-WL.
    case nodes
    /// 2-FWL.
    case pairs
  }

  /// What the algorithm sees of a graph, which is equal for graphs that it does not tell apart.
  public typealias Color = SIMD2<UInt64>

  /// What is coloured.
  public let tuples: Tuples
  /// The number of rounds; nil to go on until colours split no more.
  public let rounds: Int?

  /// The algorithm on nodes or pairs, to its end or for some rounds, as a network of as many layers; traps on a negative number.
  public init(_ tuples: Tuples, rounds: Int? = nil) {
    if let rounds { require(rounds >= 0, "a number of rounds that is not negative is expected, received \(rounds)") }
    (self.tuples, self.rounds) = (tuples, rounds)
  }

  /// The multiset of the colours after the last round, as one colour.
  /// - Parameters:
  ///   - graph: any graph.
  ///   - nodeColors: a number for each node to begin with; all equal where not given. Traps on another count.
  public func callAsFunction(_ graph: SimpleGraph, nodeColors: [Int]? = nil) -> Color {
    let n = graph.nodeCount
    if let nodeColors { require(nodeColors.count == n, "\(n) colours of nodes are expected, received \(nodeColors.count)") }
    let first = (nodeColors ?? Array(repeating: 0, count: n)).map { Self.mixed(Color(repeating: UInt64(bitPattern: Int64($0)))) }
    var colors = tuples == .nodes ? first : Self.pairs(of: graph, first)
    func refine() { colors = tuples == .nodes ? Self.refined(colors, graph) : Self.refined(colors, n) }
    var done = 0
    if let rounds {
      for _ in 0..<rounds { refine() }
      done = rounds
    } else {
      // Graphs of equal colours split in the same rounds; the first without a split is still compared: all nodes of rings and of complete
      // graphs are of one colour before and after it.
      var (count, next) = (-1, Set(colors).count)
      while next > count {
        refine()
        done += 1
        (count, next) = (next, Set(colors).count)
      }
    }
    return Self.mixed(Self.sum(colors) &+ Color(UInt64(n), UInt64(done)))
  }

  private static func pairs(of graph: SimpleGraph, _ nodes: [Color]) -> [Color] {
    let n = nodes.count
    var colors = [Color](repeating: .zero, count: n * n)
    for i in 0..<n { for j in 0..<n { colors[i * n + j] = nodes[i] &* 3 &+ nodes[j] &* 5 } }
    for (i, row) in graph.neighbors.enumerated() {
      colors[i * n + i] &+= 1
      for j in row { colors[i * n + j] &+= 2 }
    }
    return colors.map(mixed)
  }

  private static func refined(_ colors: [Color], _ graph: SimpleGraph) -> [Color] {
    zip(colors, graph.neighbors).map { own, row in mixed(own &* 3 &+ row.reduce(Color.zero) { $0 &+ mixed(colors[$1]) }) }
  }

  private static func refined(_ colors: [Color], _ n: Int) -> [Color] {
    colors.withUnsafeBufferPointer { colors in
      (0..<n * n).map { pair in
        let (i, j) = (pair / n, pair % n)
        var sum = Color.zero
        for k in 0..<n { sum &+= mixed(colors[i * n + k] &* 3 &+ colors[k * n + j]) }
        return mixed(colors[pair] &* 3 &+ sum)
      }
    }
  }

  private static func sum(_ colors: [Color]) -> Color { colors.reduce(.zero) { $0 &+ mixed($1) } }

  /// SplitMix64 (Steele et al. 2014), with another increment in each half.
  @inline(__always) private static func mixed(_ color: Color) -> Color {
    var z = color &+ Color(0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03)
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
