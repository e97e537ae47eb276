import DifferentiableTensors
import Requirements

/// The points near given ones, found exactly by a k-d tree (Bentley 1975).
///
/// It is made for few dimensions (up to about 8): a search then looks at a number of points that grows with the logarithm of their count.
/// Points at equal distance come in the order of their numbers, so that the result is that of comparing all pairs of points. It depends
/// neither on the number of threads nor on the unit of the coordinates: squares are taken in a unit in which they neither overflow nor
/// vanish.
///
/// ```swift
/// let search = NearestNeighbors(points)            // [points, d]
/// let near = search.nearest(20)                    // each point's own neighbours, itself among them
/// print(near[7].indices)
/// ```
public struct NearestNeighbors<Scalar: TensorScalar>: Sendable {
  /// The number of points.
  public let count: Int
  /// The number of coordinates of a point.
  public let dimension: Int
  /// The numbers of the points, cell by cell of the tree: points near each other in this order are near each other in space, and every
  /// cell of the tree is a range of it.
  public let order: [Int32]

  /// Inner nodes, level by level; node c of level t halves the cell c · count / 2ᵗ ..< (c + 1) · count / 2ᵗ of ``order``.
  let splits: [Split]
  /// The number of levels above the leaves.
  let depth: Int
  /// The points of each leaf in turn, one coordinate after the other.
  let coordinates: [Scalar]
  /// The points in the unit of the search.
  private let points: Tensor<Scalar>
  /// Powers of two whose product takes coordinates to the unit of the search; nil where they are as they were given.
  private let units: [Scalar]?

  /// A plane between the halves of a cell: the largest coordinate below it and the least above.
  struct Split: Sendable {
    var axis: Int32
    var below: Scalar
    var above: Scalar
  }

  /// A tree of points [points, d] with finite coordinates. Building it takes time n log n.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public init(_ points: Tensor<Scalar>) {
    require(points.rank == 2 && points.shape[1] > 0, "points [points, d] are expected, received \(points.shape)")
    require(points.shape[0] < Int32.max, "fewer than \(Int32.max) points are expected, received \(points.shape[0])")
    let elements = UnsafeBufferPointer(start: points.pointer, count: points.count)
    if let place = elements.firstIndex(where: { !$0.isFinite }) {
      fatalError("finite coordinates are expected, point \(place / points.shape[1]) has \(elements[place])")
    }
    (count, dimension) = (points.shape[0], points.shape[1])
    units = Self.units(for: points)
    self.points = Self.scaled(points.detached, by: units)
    let builder = NeighborTreeBuilder(self.points)
    (depth, order, splits, coordinates) = (builder.depth, builder.order, builder.splits, builder.coordinates)
  }

  /// The `k` nearest points to each row of `queries` [queries, d], the nearest first.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func nearest(_ k: Int, to queries: Tensor<Scalar>) -> Neighbors<Scalar> {
    check(queries, k)
    return nearest(k, Self.scaled(queries.detached, by: units), sequence: nil)
  }

  /// The `k` nearest points to each of the points, the nearest first. The point itself is among them, unless `k` others with lower numbers
  /// are at the same place.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func nearest(_ k: Int) -> Neighbors<Scalar> {
    check(points, k)
    // Queries that follow each other look at the same leaves.
    return nearest(k, points, sequence: order)
  }

  /// The points at a distance up to `radius` from each row of `queries` [queries, d], the nearest first.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func within(_ radius: Scalar, of queries: Tensor<Scalar>) -> Neighbors<Scalar> {
    check(queries, 0)
    return within(radius, ofScaled: Self.scaled(queries.detached, by: units))
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func within(_ given: Scalar, ofScaled queries: Tensor<Scalar>) -> Neighbors<Scalar> {
    require(given >= 0, "a radius of at least 0 is expected, received \(given)")
    let radius = units?.reduce(given, *) ?? given
    var lists = [[Neighbor<Scalar>]](repeating: [], count: queries.shape[0])
    lists.withUnsafeMutableBufferPointer { lists in
      nonisolated(unsafe) let lists = lists
      Threads.split(queries.shape[0], grain: 64) { start, count in
        withSearch { search in
          for query in start..<start + count {
            var collector = WithinCollector(limit: radius * radius)
            search.run(from: queries.pointer + query * dimension, into: &collector)
            lists[query] = collector.found.sorted()
          }
        }
      }
    }
    return Neighbors(
      offsets: lists.reduce(into: [0]) { $0.append($0.last! + $1.count) }, indices: lists.flatMap { $0.map(\.index) },
      squaredDistances: unscaled(lists.flatMap { $0.map(\.squaredDistance) }))
  }

  /// The points at a distance up to `radius` from each of the points, including itself, the nearest first.
  public func within(_ radius: Scalar) -> Neighbors<Scalar> { within(radius, ofScaled: points) }

  /// Powers of two that bring the largest coordinate to a size at which the squares of all smaller ones can be taken; nil where it has such
  /// a size.
  private static func units(for points: Tensor<Scalar>) -> [Scalar]? {
    guard points.count > 0 else { return nil }
    let exponent = Int(points.detached.absolute().max().item.exponent)
    let (wanted, least, most) = Scalar.self == Float.self ? (50, -20, 50) : (480, -200, 480)
    guard exponent > Int.min / 2, !(least...most).contains(exponent) else { return nil }
    let power = wanted - exponent
    // In two steps: the power itself may be beyond the element type.
    return [power / 2, power - power / 2].map { Scalar(sign: .plus, exponent: Scalar.Exponent($0), significand: 1) }
  }

  private static func scaled(_ x: Tensor<Scalar>, by units: [Scalar]?) -> Tensor<Scalar> { units?.reduce(x) { $0 * $1 } ?? x }

  /// Squares of distances in the unit of the caller.
  private func unscaled(_ squares: [Scalar]) -> [Scalar] {
    guard let units else { return squares }
    return squares.map { square in units.reduce(square) { $0 / $1 / $1 } }
  }

  /// The places in ``order`` of a cell: the `number`-th of the 2ˡᵉᵛᵉˡ cells of a level, which differ in size by at most one point.
  public func cell(_ number: Int, level: Int) -> Range<Int> { (number * count) >> level..<((number + 1) * count) >> level }

  private func check(_ queries: Tensor<Scalar>, _ k: Int) {
    require(
      queries.rank == 2 && queries.shape[1] == dimension, "queries [queries, \(dimension)] are expected, received \(queries.shape)")
    require(k >= 0 && k <= count, "between 0 and \(count) neighbours are expected, received \(k)")
  }

  /// The nearest points to the queries, which are looked up in the sequence given.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func nearest(_ k: Int, _ queries: Tensor<Scalar>, sequence: [Int32]?) -> Neighbors<Scalar> {
    let total = queries.shape[0]
    var indices = [Int32](repeating: 0, count: total * k)
    var distances = [Scalar](repeating: 0, count: total * k)
    indices.withUnsafeMutableBufferPointer { indices in
      distances.withUnsafeMutableBufferPointer { distances in
        nonisolated(unsafe) let (indices, distances) = (indices, distances)
        Threads.split(k == 0 ? 0 : total, grain: 64) { start, count in
          var collector = NearestCollector<Scalar>(k)
          withSearch { search in
            for place in start..<start + count {
              let query = sequence.map { Int($0[place]) } ?? place
              search.run(from: queries.pointer + query * dimension, into: &collector)
              collector.takeSorted(into: indices.baseAddress! + query * k, distances.baseAddress! + query * k)
            }
          }
        }
      }
    }
    return Neighbors(offsets: (0...total).map { $0 * k }, indices: indices, squaredDistances: unscaled(distances))
  }

  @inline(__always) private func withSearch(_ body: (borrowing NeighborSearch<Scalar>) -> Void) {
    order.withUnsafeBufferPointer { order in
      splits.withUnsafeBufferPointer { splits in
        coordinates.withUnsafeBufferPointer { coordinates in
          body(
            NeighborSearch(
              count: count, dimension: dimension, depth: depth, order: order, splits: splits, coordinates: coordinates))
        }
      }
    }
  }
}

/// The neighbours of each of a number of queries.
public struct Neighbors<Scalar: TensorScalar>: Sendable, Equatable {
  /// The neighbours of query q are those at `offsets[q] ..< offsets[q + 1]`; there is one more offset than there are queries.
  public let offsets: [Int]
  /// The numbers of the points.
  public let indices: [Int32]
  /// The squares of their distances: infinite or 0 where the element type has no such number, though the order is that of distances.
  public let squaredDistances: [Scalar]

  /// The number of queries.
  public var count: Int { offsets.count - 1 }

  /// The neighbours of a query, the nearest first.
  public subscript(query: Int) -> (indices: ArraySlice<Int32>, squaredDistances: ArraySlice<Scalar>) {
    let range = offsets[query]..<offsets[query + 1]
    return (indices[range], squaredDistances[range])
  }
}
