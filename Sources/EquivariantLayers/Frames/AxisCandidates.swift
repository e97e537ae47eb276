import GroupTheory

/// The rows of one cloud as candidates that axes may point to: points, or vectors, of several kinds (blocks and channels), with the scalars
/// of their rows. Arrays are flat, since clouds may have millions of points.
struct AxisCandidates {
  /// Candidates one after the other in memory: number `start + stride · k` for k < count.
  struct Kind {
    let start: Int
    let stride: Int
    let count: Int
    /// The largest norm.
    var scale = 0.0
  }
  /// A candidate with its part in an eigenspace and the part of that outside the axes chosen in it.
  struct Member {
    let number: Int
    let inside: [Double]
    let rest: [Double]
  }

  let dimension: Int
  private let components: [Double]
  private let scalars: [Double]
  private let scalarWidth: Int
  /// The row of candidate k is k / perRow of its block, which starts at candidate `start`.
  private let blocks: [(start: Int, perRow: Int)]
  let kinds: [Kind]

  /// Blocks of vectors [rows · perRow, d], and scalars [rows, width].
  init(dimension d: Int, blocks given: [(components: [Double], perRow: Int)], scalars: [Double], scalarWidth: Int) {
    dimension = d
    (self.scalars, self.scalarWidth) = (scalars, scalarWidth)
    components = given.count == 1 ? given[0].components : given.flatMap(\.components)
    var (blocks, kinds, start): ([(start: Int, perRow: Int)], [Kind], Int) = ([], [], 0)
    for (components, perRow) in given where perRow > 0 {
      let count = components.count / d
      blocks.append((start, perRow))
      for k in 0..<perRow { kinds.append(Kind(start: start + k, stride: perRow, count: count / perRow)) }
      start += count
    }
    self.blocks = blocks
    for k in kinds.indices { kinds[k].scale = Self.largestNorm(of: kinds[k], components, d) }
    self.kinds = kinds
  }

  /// The vector of a candidate.
  func vector(_ number: Int) -> [Double] { Array(components[number * dimension..<(number + 1) * dimension]) }

  /// The scalars of a candidate's row.
  func scalars(_ number: Int) -> ArraySlice<Double> {
    let block = blocks.last { $0.start <= number }!
    let row = (number - block.start) / block.perRow
    return scalars[row * scalarWidth..<(row + 1) * scalarWidth]
  }

  private static func largestNorm(of kind: Kind, _ components: [Double], _ d: Int) -> Double {
    components.withUnsafeBufferPointer { x in
      var largest = 0.0
      for k in 0..<kind.count {
        let place = (kind.start + kind.stride * k) * d
        var sum = 0.0
        for i in 0..<d { sum += x[place + i] * x[place + i] }
        largest = max(largest, sum)
      }
      return largest.squareRoot()
    }
  }

  /// The candidates of the first kind that reaches about as far out of the axes chosen in an eigenspace as any kind does: those that reach
  /// as far as the farthest of them to within `slack` of that, and how far this is relative to the largest of the kind. Nil where all of
  /// them lie in the axes.
  func reaching(
    outOf chosen: [[Double]], in space: [[Double]], slack: Double
  ) -> (members: [Member], kind: Int, reach: Double)? {
    let axes = Axes(space: space, chosen: chosen, dimension: dimension)
    let squares = kinds.map { $0.scale > 0 ? reachSquares(of: $0, axes) : [] }
    let reaches = zip(kinds, squares).map { kind, squares -> Double in
      var most = 0.0
      squares.withUnsafeBufferPointer { for square in $0 where square > most { most = square } }
      let largest = most.squareRoot()
      // Less is what rounding leaves of vectors in the span of others.
      return largest > 64 * .ulpOfOne * kind.scale ? largest / kind.scale : 0
    }
    let most = reaches.max() ?? 0
    guard most > 0, let number = reaches.firstIndex(where: { $0 >= most / 16 }) else { return nil }
    let kind = kinds[number]
    let least = reaches[number] * kind.scale * (1 - slack) - 4096 * .ulpOfOne * kind.scale
    let members = squares[number].indices.compactMap { k -> Member? in
      guard squares[number][k].squareRoot() >= least else { return nil }
      return axes.member(kind.start + kind.stride * k, components)
    }
    return (members, number, reaches[number])
  }

  /// The squares of how far the candidates of a kind reach out of the axes chosen.
  private func reachSquares(of kind: Kind, _ axes: Axes) -> [Double] {
    let d = dimension
    return [Double](unsafeUninitializedCapacity: kind.count) { squares, count in
      count = kind.count
      components.withUnsafeBufferPointer { x in
        if d == 3 {
          // The map to what is outside as one matrix, by columns.
          let (a, b, c) = (axes.outside(0), axes.outside(1), axes.outside(2))
          for k in 0..<kind.count {
            let p = x.baseAddress! + (kind.start + kind.stride * k) * 3
            let rest = a * p[0] + b * p[1] + c * p[2]
            squares[k] = rest.x * rest.x + rest.y * rest.y + rest.z * rest.z
          }
          return
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * d) { memory in
          for k in 0..<kind.count {
            let place = (kind.start + kind.stride * k) * d
            squares[k] = axes.split(x.baseAddress! + place, memory.baseAddress!, memory.baseAddress! + d)
          }
        }
      }
    }
  }

  /// An eigenspace and axes in it as flat arrays.
  private struct Axes {
    let space: [Double]
    let chosen: [Double]
    let dimension: Int

    init(space: [[Double]], chosen: [[Double]], dimension: Int) {
      (self.space, self.chosen, self.dimension) = (space.flatMap { $0 }, chosen.flatMap { $0 }, dimension)
    }

    /// The part of a unit vector of space that is in the eigenspace and outside the axes.
    func outside(_ i: Int) -> SIMD3<Double> {
      var rest = SIMD3<Double>()
      for start in stride(from: 0, to: space.count, by: 3) {
        rest += space[start + i] * SIMD3(space[start], space[start + 1], space[start + 2])
      }
      for start in stride(from: 0, to: chosen.count, by: 3) {
        let axis = SIMD3(chosen[start], chosen[start + 1], chosen[start + 2])
        rest -= (axis * rest).sum() * axis
      }
      return rest
    }

    /// A candidate with its parts.
    func member(_ number: Int, _ components: [Double]) -> Member {
      let d = dimension
      var (inside, rest) = ([Double](repeating: 0, count: d), [Double](repeating: 0, count: d))
      components.withUnsafeBufferPointer { x in
        inside.withUnsafeMutableBufferPointer { inside in
          rest.withUnsafeMutableBufferPointer { rest in
            _ = split(x.baseAddress! + number * d, inside.baseAddress!, rest.baseAddress!)
          }
        }
      }
      return Member(number: number, inside: inside, rest: rest)
    }

    /// Writes the part of v in the space and the part of that outside the axes; returns the square of the norm of the latter.
    @inline(__always) func split(
      _ v: UnsafePointer<Double>, _ inside: UnsafeMutablePointer<Double>, _ rest: UnsafeMutablePointer<Double>
    ) -> Double {
      let d = dimension
      for i in 0..<d { inside[i] = 0 }
      space.withUnsafeBufferPointer { space in
        for start in stride(from: 0, to: space.count, by: d) {
          var overlap = 0.0
          for i in 0..<d { overlap += space[start + i] * v[i] }
          for i in 0..<d { inside[i] += overlap * space[start + i] }
        }
      }
      for i in 0..<d { rest[i] = inside[i] }
      chosen.withUnsafeBufferPointer { chosen in
        for start in stride(from: 0, to: chosen.count, by: d) {
          var overlap = 0.0
          for i in 0..<d { overlap += chosen[start + i] * rest[i] }
          for i in 0..<d { rest[i] -= overlap * chosen[start + i] }
        }
      }
      var square = 0.0
      for i in 0..<d { square += rest[i] * rest[i] }
      return square
    }
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
