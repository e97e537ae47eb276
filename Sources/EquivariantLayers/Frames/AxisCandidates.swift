import GroupTheory

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
    for c in all { scales[c.kind] = max(scales[c.kind], euclideanNorm(c.vector)) }
    self.scales = scales
  }

  /// A candidate with its part in an eigenspace and what of that is outside of the axes chosen in it.
  struct Member {
    let number: Int
    let inside: [Double]
    let rest: [Double]
  }

  /// The candidates of the first kind that reaches out of the axes chosen in an eigenspace about as far as any, those that do so about as
  /// far as the first of them, and how far that is relative to the largest of the kind; nil where all of them lie in the axes.
  func reaching(outOf chosen: [[Double]], in space: [[Double]]) -> (members: [Member], kind: Int, reach: Double)? {
    let kinds = scales.indices.map { members(ofKind: $0, in: space, outside: chosen) }
    let furthest = kinds.map(\.reach).max() ?? 0
    guard furthest > 0, let kind = kinds.firstIndex(where: { $0.reach >= furthest / 16 }) else { return nil }
    return (kinds[kind].members, kind, kinds[kind].reach)
  }

  private func members(ofKind kind: Int, in space: [[Double]], outside chosen: [[Double]]) -> (members: [Member], reach: Double) {
    guard scales[kind] > 0 else { return ([], 0) }
    var largest = 0.0
    let members = all.indices.filter { all[$0].kind == kind }.map { number in
      let vector = all[number].vector
      var inside = [Double](repeating: 0, count: vector.count)
      for e in space {
        let overlap = dot(e, vector)
        for i in inside.indices { inside[i] += overlap * e[i] }
      }
      var rest = inside
      for e in chosen {
        let overlap = dot(e, rest)
        for i in rest.indices { rest[i] -= overlap * e[i] }
      }
      largest = max(largest, euclideanNorm(rest))
      return Member(number: number, inside: inside, rest: rest)
    }
    // Less is what rounding leaves of vectors in the span of others.
    guard largest > 64 * .ulpOfOne * scales[kind] else { return ([], 0) }
    return (members.filter { euclideanNorm($0.rest) > largest / 2 }, largest / scales[kind])
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
