import GroupTheory

/// The frames of a cloud whose covariance has repeated eigenvalues, or eigenvalues that differ so little that rounding turns their
/// eigenvectors: orthonormal axes in every eigenspace, from directions that invariants single out.
///
/// Nothing here depends on the choice of eigenvectors within an eigenspace, and every decision is between numbers that are either equal to
/// rounding or differ by more than the tolerance: the frames of a moved cloud are the moved frames to rounding, except for rows that are
/// told apart by the tolerance itself. The uncertainty of a direction is rounding / the distance of its row from the axes before it. Where
/// that distance is small, a network sees little of it. Since outputs are turned back by the direction all the same, they are then averaged
/// over turns about the axes before it.
struct RefinedFlags {
  /// Orthonormal axes, in the order of the eigenspaces.
  struct Frame {
    var axes: [[Double]] = []
    /// What the axes are before ``turn``: each is the part of its source in its eigenspace and outside the axes before it there.
    var sources: [Source] = []
    /// Axis k of the frame is Σ_j e_j turn[j, k].
    var turn = Matrix<Double>(zeros: 0, 0)
    var weight = 1.0
  }
  enum Source {
    case candidate(Int)
    /// A fixed vector, where it makes no difference which vector of the eigenspace is taken, except for the sign of the axis.
    case constant([Double])
  }

  /// Eigenvectors of one eigenvalue.
  let eigenspaces: [[[Double]]]
  let candidates: AxisCandidates
  let tolerance: Double
  let hasReflections: Bool
  /// The rank to which averages over the stabiliser of the cloud must be exact.
  let rank: Int
  /// The degree of a quadrature over all axes of a degenerate eigenspace, where above 0.
  var stabiliserDegree = 0
  /// Whether frames record the sources of their axes; otherwise sources and turns are left empty.
  var tellsSources = false

  /// A distance from the axes, relative to the size of the cloud, below which a direction is too uncertain to stand alone.
  private static let faint = 1.0 / 256

  /// The frames; their weights sum to 1.
  var frames: [Frame] {
    var found = [Frame()]
    for space in eigenspaces {
      found = found.flatMap { frame in
        axes(of: space, after: frame.axes).map { next in
          Frame(
            axes: frame.axes + next.axes, sources: frame.sources + next.sources,
            turn: tellsSources ? frame.turn.directSum(next.turn) : frame.turn, weight: frame.weight * next.weight)
        }
      }
    }
    if !hasReflections { found = found.filter { Matrix($0.axes).determinant > 0 } }
    let sum = found.reduce(0) { $0 + $1.weight }
    for k in found.indices { found[k].weight /= sum }
    return found
  }

  /// Orthonormal bases of one eigenspace, given the axes of the eigenspaces before it.
  private func axes(of space: [[Double]], after fixed: [[Double]]) -> [Frame] {
    // `firm` axes are known well enough; nil while all are.
    var partial: [(frame: Frame, firm: Int?)] = [(Frame(), nil)]
    var complete: [Frame] = []
    while let (frame, firm) = partial.popLast() {
      let count = frame.axes.count
      if count + 1 < space.count, let found = extremalDirections(in: space, outside: frame.axes, after: fixed) {
        let firm = firm ?? (found.reach < Self.faint ? count : nil)
        let rows = found.directions.reduce(0) { $0 + $1.rows }
        for direction in found.directions {
          var next = frame
          next.axes.append(direction.axis)
          if tellsSources { next.sources.append(.candidate(direction.candidate)) }
          next.weight *= Double(direction.rows) / Double(rows)
          partial.append((next, firm))
        }
        continue
      }
      // Nothing reaches out of the axes so far, or one axis is left.
      var whole = frame
      for axis in remainder(of: space, outside: frame.axes) {
        whole.axes.append(axis)
        if tellsSources { whole.sources.append(.constant(axis)) }
      }
      if tellsSources { whole.turn = .identity(space.count) }
      let first = firm ?? count
      // Turns of the others leave the cloud as it is, and the average over them is exact; of a single axis there are two signs.
      complete += turned(whole, from: first, degree: rank)
    }
    if stabiliserDegree > 0 && space.count > 1 { complete = complete.flatMap { turned($0, from: 0, degree: stabiliserDegree) } }
    return complete
  }

  /// A frame of one eigenspace with its axes from `first` on turned by all nodes of a quadrature.
  private func turned(_ frame: Frame, from first: Int, degree: Int) -> [Frame] {
    let count = frame.axes.count
    if first == count - 1 && !tellsSources {
      var (up, down) = (frame, frame)
      up.weight /= 2
      down.weight /= 2
      down.axes[first] = down.axes[first].map { -$0 }
      return [up, down]
    }
    return orthogonalQuadrature(count - first, degree: degree).map { node in
      let turn = Matrix<Double>.identity(first).directSum(node.matrix)
      var next = frame
      next.axes = frame.axes.indices.map { k in
        frame.axes[0].indices.map { i in (0..<count).reduce(0) { $0 + frame.axes[$1][i] * turn[$1, k] } }
      }
      if tellsSources { next.turn = frame.turn * turn }
      next.weight *= node.weight
      return next
    }
  }

  /// An orthonormal basis of the part of an eigenspace that is orthogonal to the chosen axes.
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

  /// Directions of the candidates with the largest invariants, each with one of the candidates and with the number of rows that have it,
  /// and how far they reach out of the axes, relative to the largest of their kind; nil where none does.
  private func extremalDirections(
    in space: [[Double]], outside chosen: [[Double]], after fixed: [[Double]]
  ) -> (directions: [(axis: [Double], candidate: Int, rows: Int)], reach: Double)? {
    guard let found = candidates.reaching(outOf: chosen, in: space, slack: 2 * tolerance) else { return nil }
    let scale = candidates.kinds[found.kind].scale
    func size(_ v: [Double]) -> Double { dot(v, v).squareRoot() / scale }
    var tied = found.members.map { member in
      let vector = candidates.vector(member.number)
      let coordinates = (fixed + chosen).map { dot($0, vector) / scale }
      return (
        key: [size(member.rest)] + candidates.scalars(member.number) + [size(member.inside), size(vector)] + coordinates, member: member
      )
    }
    // Largest first number, among equals largest second one, ...; equal up to the tolerance. Distances from the axes, which may be small,
    // are compared in units of the largest, but for their rounding.
    for place in tied[0].key.indices {
      let largest = tied.map { $0.key[place] }.max()!
      let slack = place == 0 ? max(tolerance * largest, 1024 * .ulpOfOne) : tolerance * max(1, largest.magnitude)
      tied.removeAll { $0.key[place] < largest - slack }
    }
    var directions: [(axis: [Double], candidate: Int, rows: Int)] = []
    for (_, member) in tied {
      let axis = orthonormalized(member.rest, to: chosen)
      // Rows that coincide make one frame of several times the weight, so that it does not matter whether they do so to the last digit.
      if let known = directions.firstIndex(where: { euclideanNorm(zip($0.axis, axis).map { $0 - $1 }) <= 256 * .ulpOfOne }) {
        directions[known].rows += 1
      } else {
        directions.append((axis, member.number, 1))
      }
    }
    return (directions, found.reach)
  }
}
