import GroupTheory
import RealModule

/// The rows of one cloud as what axes may point to.
struct AxisCandidates {
  /// A point or vector with what is known of it besides: `kind` tells blocks and channels apart, `scalars` are those of its row.
  struct Candidate {
    let vector: [Double]
    let kind: Int
    let scalars: [Double]
  }
  let all: [Candidate]
  /// The largest norm of each kind.
  let scales: [Double]

  init(_ all: [Candidate]) {
    self.all = all
    var scales = [Double](repeating: 0, count: (all.map(\.kind).max() ?? -1) + 1)
    for c in all { scales[c.kind] = max(scales[c.kind], norm(c.vector)) }
    self.scales = scales
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

private func norm(_ a: [Double]) -> Double { Double.sqrt(dot(a, a)) }

/// The frames of a cloud whose covariance has repeated eigenvalues: orthonormal axes in every eigenspace, from directions that invariants
/// single out.
struct RefinedFlags {
  typealias Frame = (axes: [[Double]], weight: Double)

  /// Eigenvectors of one eigenvalue.
  let eigenspaces: [[[Double]]]
  let candidates: AxisCandidates
  let tolerance: Double
  let hasReflections: Bool
  /// Rank to which averages over the stabiliser of the cloud must be exact.
  let rank: Int
  /// Where above 0, the degree of a quadrature over all axes of a degenerate eigenspace.
  var stabiliserDegree = 0

  /// Axes in the order of the eigenspaces; the weights sum to 1.
  var frames: [Frame] {
    var found: [Frame] = [([], 1)]
    for space in eigenspaces {
      found = found.flatMap { frame in
        axes(of: space, after: frame.axes).map { (frame.axes + $0.axes, frame.weight * $0.weight) }
      }
    }
    if !hasReflections { found = found.filter { Matrix($0.axes).determinant > 0 } }
    let sum = found.reduce(0) { $0 + $1.weight }
    return found.map { ($0.axes, $0.weight / sum) }
  }

  /// Orthonormal bases of one eigenspace, given the axes of those before it.
  private func axes(of space: [[Double]], after fixed: [[Double]]) -> [Frame] {
    var partial: [Frame] = [([], 1)]
    var complete: [Frame] = []
    while let (chosen, weight) = partial.popLast() {
      let left = space.count - chosen.count
      if left == 1 {
        let last = remainder(of: space, outside: chosen)[0]
        complete += [(chosen + [last], weight / 2), (chosen + [last.map { -$0 }], weight / 2)]
        continue
      }
      let directions = extremalDirections(in: space, outside: chosen, after: fixed)
      if directions.isEmpty {
        // Nothing reaches out of the axes so far: turns of the rest leave the cloud as it is, and the average over them is exact.
        let rest = remainder(of: space, outside: chosen)
        for node in orthogonalQuadrature(left, degree: rank) {
          complete.append((chosen + turned(rest, by: node.matrix), weight * node.weight))
        }
      } else {
        partial += directions.map { (chosen + [$0], weight / Double(directions.count)) }
      }
    }
    guard stabiliserDegree > 0 && space.count > 1 else { return complete }
    let nodes = orthogonalQuadrature(space.count, degree: stabiliserDegree)
    return complete.flatMap { frame in
      nodes.map { (turned(frame.axes, by: $0.matrix), frame.weight * $0.weight) }
    }
  }

  /// The axes Σ_j e_j h[j, k].
  private func turned(_ axes: [[Double]], by h: Matrix<Double>) -> [[Double]] {
    axes.indices.map { k in
      axes[0].indices.map { i in axes.indices.reduce(0) { $0 + axes[$1][i] * h[$1, k] } }
    }
  }

  /// An orthonormal basis of what an eigenspace has besides the chosen axes.
  private func remainder(of space: [[Double]], outside chosen: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    while chosen.count + basis.count < space.count {
      let taken = chosen + basis
      // The eigenvector that reaches out furthest.
      let best = space.max { a, b in outside(a, taken) < outside(b, taken) }!
      basis.append(orthonormalized(best, to: taken))
    }
    return basis
  }

  private func outside(_ v: [Double], _ axes: [[Double]]) -> Double { 1 - axes.reduce(0) { $0 + dot($1, v) * dot($1, v) } }

  /// The directions, each once, of the candidates with the largest invariants: those of the first kind that reaches out of the axes.
  private func extremalDirections(in space: [[Double]], outside chosen: [[Double]], after fixed: [[Double]]) -> [[Double]] {
    for (kind, scale) in candidates.scales.enumerated() where scale > 0 {
      var tied: [(key: [Double], rest: [Double])] = []
      for candidate in candidates.all where candidate.kind == kind {
        var inside = [Double](repeating: 0, count: candidate.vector.count)
        for e in space {
          let overlap = dot(e, candidate.vector)
          for i in inside.indices { inside[i] += overlap * e[i] }
        }
        var rest = inside
        for e in chosen {
          let overlap = dot(e, rest)
          for i in rest.indices { rest[i] -= overlap * e[i] }
        }
        let reach = norm(rest)
        guard reach > tolerance * scale else { continue }
        let coordinates = (fixed + chosen).map { dot($0, candidate.vector) / scale }
        let key = [reach / scale] + candidate.scalars + [norm(inside) / scale, norm(candidate.vector) / scale] + coordinates
        tied.append((key, rest))
      }
      guard let first = tied.first else { continue }
      // Largest first number, among equals largest second one, ...; equal up to the tolerance.
      for place in first.key.indices {
        let largest = tied.map { $0.key[place] }.max()!
        let slack = tolerance * max(1, largest.magnitude)
        tied.removeAll { $0.key[place] < largest - slack }
      }
      var directions: [[Double]] = []
      for candidate in tied {
        let direction = orthonormalized(candidate.rest, to: chosen)
        let known = directions.contains { norm(zip($0, direction).map { $0 - $1 }) <= tolerance * 4 }
        if !known { directions.append(direction) }
      }
      return directions
    }
    return []
  }
}
