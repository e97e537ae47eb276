import Equivariant
import ExampleSupport
import RealModule

/// A placement of the nodes in the plane, with distances close to the numbers of edges between them.
///
/// The stress Σ (|xᵢ − xⱼ| − dᵢⱼ)² / dᵢⱼ² is minimised by majorisation, one node after the other (Gansner, Koren and North 2005), from a
/// few random placements with fixed seeds, of which the best is kept. The same graph is therefore always drawn in the same way.
struct GraphLayout {
  /// The places of the nodes, centred, in units of an edge.
  let places: [Point]

  init(_ graph: SimpleGraph, starts: Int = 6, sweeps: Int = 150) {
    let distances = Self.distances(graph)
    var best: (stress: Double, places: [Point]) = (.infinity, [])
    for start in 0..<starts {
      var generator = RandomSource(seed: UInt64(start))
      let radius = Double(graph.nodeCount).squareRoot()
      var places = (0..<graph.nodeCount).map { _ in
        Point(Double.random(in: -radius...radius, using: &generator), Double.random(in: -radius...radius, using: &generator))
      }
      for _ in 0..<sweeps { Self.sweep(&places, distances) }
      let stress = Self.stress(places, distances)
      if stress < best.stress { best = (stress, places) }
    }
    let centre = best.places.reduce(Point(), +) / Double(max(1, graph.nodeCount))
    places = best.places.map { $0 - centre }
  }

  /// The numbers of edges between nodes. Components that are not connected are a little farther apart than the ends of the longest path.
  static func distances(_ graph: SimpleGraph) -> [[Double]] {
    var rows = (0..<graph.nodeCount).map { root in
      var row = [Double](repeating: .infinity, count: graph.nodeCount)
      row[root] = 0
      var queue = [root]
      var next = 0
      while next < queue.count {
        let i = queue[next]
        next += 1
        for j in graph.neighbors[i] where row[j] == .infinity {
          row[j] = row[i] + 1
          queue.append(j)
        }
      }
      return row
    }
    let apart = 1.5 + (rows.joined().filter(\.isFinite).max() ?? 0)
    for i in rows.indices { for j in rows.indices where rows[i][j] == .infinity { rows[i][j] = apart } }
    return rows
  }

  static func stress(_ places: [Point], _ distances: [[Double]]) -> Double {
    var sum = 0.0
    for i in places.indices {
      for j in 0..<i {
        let error = length(places[i] - places[j]) / distances[i][j] - 1
        sum += error * error
      }
    }
    return sum
  }

  private static func length(_ v: Point) -> Double { (v * v).sum().squareRoot() }

  private static func sweep(_ places: inout [Point], _ distances: [[Double]]) {
    for i in places.indices where places.count > 1 {
      var (sum, weights) = (Point(), 0.0)
      for j in places.indices where j != i {
        let (d, v) = (distances[i][j], places[i] - places[j])
        let l = length(v)
        let weight = 1 / (d * d)
        sum += weight * (places[j] + (l > 1e-9 ? v * (d / l) : Point(d, 0)))
        weights += weight
      }
      places[i] = sum / weights
    }
  }
}
