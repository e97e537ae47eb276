import DifferentiableTensors
import MessagePassing

/// The spectrum of the Laplacian L = D − A of a graph, with repeated eigenvalues recognised by a tolerance, and the properties of
/// eigenspaces that do not depend on a choice of eigenvectors.
public struct LaplacianSpectrum: Sendable {
  /// The eigenvalues, ascending, each as often as it is repeated.
  public let values: [Double]
  /// The indices of ``values`` that belong to each distinct eigenvalue, ascending.
  public let clusters: [Range<Int>]
  /// For each node i and distinct eigenvalue, Pᵢᵢ with P the projection on the eigenspace: the squared norm of the i-th row of its
  /// eigenvectors, and vᵢ² for a simple eigenvalue. The numbers are row-major, [nodes, clusters].
  public let weights: [Double]

  /// Decomposes the Laplacian of a graph. Eigenvalues form a chain as long as neighbours differ by at most `tolerance` times the largest
  /// (or times 1, if that is more); a chain is one repeated eigenvalue.
  public init(of graph: SimpleGraph, tolerance: Double = 1e-8) {
    let n = graph.nodeCount
    let laplacian = Tensor<Double>(shape: [n, n]) { out in
      out.initialize(repeating: 0)
      for (i, row) in graph.neighbors.enumerated() {
        out[i * n + i] = Double(row.count)
        for j in row { out[i * n + j] = -1 }
      }
    }
    let (values, vectors) = withoutRecording { laplacian.symmetricEigen() }
    let eigenvalues = values.elements
    let ranks = clusterRanks(eigenvalues, tolerance: tolerance * max(1, eigenvalues.last ?? 0))
    var clusters: [Range<Int>] = []
    for k in eigenvalues.indices {
      if k > 0 && ranks[k] == ranks[k - 1] {
        clusters[clusters.count - 1] = clusters.last!.lowerBound..<k + 1
      } else {
        clusters.append(k..<k + 1)
      }
    }
    self.values = eigenvalues
    self.clusters = clusters
    weights = vectors.withElements { v in
      (0..<n).flatMap { i in clusters.map { $0.reduce(0) { $0 + v[i * n + $1] * v[i * n + $1] } } }
    }
  }
}

/// The place of each number among those that are told apart: numbers in increasing order share a place as long as each differs from the one
/// before by at most the tolerance. Unlike rounding, this has no grid with lines that could separate equal numbers.
func clusterRanks(_ values: [Double], tolerance: Double) -> [Int] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Int](repeating: 0, count: values.count)
  var rank = 0
  for (k, i) in order.enumerated() {
    if k > 0 && values[i] - values[order[k - 1]] > tolerance { rank += 1 }
    ranks[i] = rank
  }
  return ranks
}
