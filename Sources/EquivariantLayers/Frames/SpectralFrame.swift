import DifferentiableTensors
import GroupTheory
import MessagePassing
import Requirements

/// The frame of Sₙ on graphs from the spectrum of the Laplacian (Puny et al. 2022, "Frame Averaging for Invariant and Equivariant Network
/// Design", section 3.3), made exact.
///
/// Each node has a row: its features, and for each distinct eigenvalue λ of the Laplacian the weight Pᵢᵢ of the node in the eigenspace of λ
/// (the published row has its root, which orders nodes in the same way). Rows are invariants: relabelling nodes relabels them. Nodes in the
/// order of their rows are a frame, F(σA) = σ F(A).
///
/// Nothing is compared exactly or rounded. In each column, equal numbers are those in a chain of gaps below a tolerance, and rows are
/// compared by their places in these chains. A graph whose columns have no gap near the tolerance thus has the same frame up to σ, whatever
/// the rounding errors. The authors' code takes eigenvalues as equal where their single-precision values are, and misses repeated ones,
/// whose eigenvectors then depend on the labels.
public struct SpectralFrame: Sendable, Hashable {
  /// Which permutations the frame has.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// All orders of nodes that sort the rows: all permutations within blocks of equal rows, as published. They are often too many to
    /// enumerate.
    case blocks
    /// Those among these that a search tree finds best: blocks are refined by the colours of neighbours (1-WL), a node of the largest block
    /// is made different from the others, and so on until all differ. The leaves with the greatest (colours on the way, framed graph) are
    /// kept. They are one coset of the automorphism group, so that all give the same framed graph, and an average over them costs one
    /// evaluation.
    case refined
  }

  /// Which permutations the frame has.
  public var form: Form
  /// Eigenvalues closer than this, times the largest, are one.
  public var eigenvalueTolerance: Double
  /// Entries of rows closer than this (for features, times the largest feature) are equal. Too large a value makes blocks larger, but
  /// causes no error.
  public var rowTolerance: Double
  /// The most nodes of the search tree that are visited.
  public var nodeLimit: Int

  /// The frame with its tolerances.
  public init(_ form: Form = .refined, eigenvalueTolerance: Double = 1e-8, rowTolerance: Double = 1e-6, nodeLimit: Int = 100_000) {
    require(
      eigenvalueTolerance >= 0 && rowTolerance >= 0 && nodeLimit > 0,
      "tolerances of at least 0 and a positive limit are expected, received \(eigenvalueTolerance), \(rowTolerance), \(nodeLimit)")
    self.form = form
    self.eigenvalueTolerance = eigenvalueTolerance
    self.rowTolerance = rowTolerance
    self.nodeLimit = nodeLimit
  }

  /// The frame of a graph with features [nodes][width] of its nodes, if any.
  /// - Throws: ``GraphFrameError/searchLimit(visited:)`` where the search of the refined form takes more than ``nodeLimit`` nodes; the
  ///   blocks form has no search, and its elements can be sampled.
  public func callAsFunction(_ graph: SimpleGraph, features: [[Double]] = []) throws(GraphFrameError) -> GraphFrame {
    let blocks = blocks(of: graph, features: features)
    guard form == .refined else { return GraphFrame(blocks: blocks) }
    var search = CanonicalSearch(graph, nodeLimit: nodeLimit)
    let (element, automorphisms) = try search.run(from: blocks)
    return GraphFrame(element: element, automorphisms: automorphisms)
  }

  /// The nodes, in blocks of equal rows, in the order of their rows.
  public func blocks(of graph: SimpleGraph, features: [[Double]] = []) -> [[Int]] {
    let n = graph.nodeCount
    let spectrum = LaplacianSpectrum(of: graph, tolerance: eigenvalueTolerance)
    let width = spectrum.clusters.count
    var rows = [[Int]](repeating: [], count: n)
    func append(_ column: [Double], tolerance: Double) {
      for (i, rank) in clusterRanks(column, tolerance: tolerance).enumerated() { rows[i].append(rank) }
    }
    if !features.isEmpty {
      require(
        features.count == n && features.allSatisfy { $0.count == features[0].count && $0.allSatisfy(\.isFinite) },
        "a row of finite features, all of one length, is expected for each of \(n) nodes")
      for k in features[0].indices {
        let column = features.map { $0[k] }
        append(column, tolerance: rowTolerance * column.reduce(0) { max($0, $1.magnitude) })
      }
    }
    for k in 0..<width { append((0..<n).map { spectrum.weights[$0 * width + k] }, tolerance: rowTolerance) }
    let order = (0..<n).sorted { rows[$0] == rows[$1] ? $0 < $1 : rows[$0].lexicographicallyPrecedes(rows[$1]) }
    var blocks: [[Int]] = []
    for (k, i) in order.enumerated() {
      if k > 0 && rows[i] == rows[order[k - 1]] { blocks[blocks.count - 1].append(i) } else { blocks.append([i]) }
    }
    return blocks
  }
}

/// What can go wrong with a frame of a graph; each case says what to do.
public enum GraphFrameError: Error, Equatable, CustomStringConvertible {
  /// The search tree of the refined form has more nodes than the limit.
  case searchLimit(visited: Int)
  /// The frame has more elements than the limit.
  case tooManyElements(count: BigNatural, limit: Int)

  /// Cause and cure.
  public var description: String {
    switch self {
    case .searchLimit(let visited):
      "the graph's symmetry is not settled after \(visited) nodes of the search tree; raise the node limit, or sample the form `blocks`"
    case .tooManyElements(let count, let limit):
      "the frame has \(count) elements, and the limit is \(limit); sample it, raise the limit, or take the form `refined`"
    }
  }
}
