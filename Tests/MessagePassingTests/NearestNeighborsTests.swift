import DifferentiableTensors
import EquivarianceTesting
import FileFormats
import Foundation
import Testing

@testable import MessagePassing

@Suite(.serialized) struct NearestNeighborsTests {
  /// All pairs compared: the reference for every search.
  private struct AllPairs<Scalar: TensorScalar> {
    /// For every query all points, the nearest first.
    let sorted: [[Neighbor<Scalar>]]

    init(_ points: Tensor<Scalar>, _ queries: Tensor<Scalar>) {
      let (p, q, d) = (points.elements, queries.elements, points.shape[1])
      sorted = (0..<queries.shape[0]).map { query in
        var row: [Neighbor<Scalar>] = []
        for point in 0..<points.shape[0] {
          var square: Scalar = 0
          for axis in 0..<d {
            let difference = p[point * d + axis] - q[query * d + axis]
            square += difference * difference
          }
          row.append(Neighbor(squaredDistance: square, index: Int32(point)))
        }
        return row.sorted()
      }
    }

    func nearest(_ k: Int) -> Neighbors<Scalar> { lists { Array($0.prefix(k)) } }
    func within(_ radius: Scalar) -> Neighbors<Scalar> { lists { $0.filter { $0.squaredDistance <= radius * radius } } }

    private func lists(_ kept: ([Neighbor<Scalar>]) -> [Neighbor<Scalar>]) -> Neighbors<Scalar> {
      let lists = sorted.map(kept)
      return Neighbors(
        offsets: lists.reduce(into: [0]) { $0.append($0.last! + $1.count) }, indices: lists.flatMap { $0.map(\.index) },
        squaredDistances: lists.flatMap { $0.map(\.squaredDistance) })
    }
  }

  /// Normal points, points of a small lattice with many ties and repetitions, points on a line, points that coincide.
  private func clouds(_ n: Int, _ d: Int, using generator: inout RandomSource) -> [Tensor<Float>] {
    let normal = Tensor<Float>.normal([n, d], using: &generator)
    let lattice = Tensor<Float>((0..<n * d).map { _ in Float(Int.random(in: 0..<3, using: &generator)) }, shape: [n, d])
    let line = Tensor<Float>((0..<n * d).map { Float($0 / d) }, shape: [n, d])
    return [normal, lattice, line, .ones([n, d])]
  }

  @Test(arguments: [1, 3, 8]) func equalsAllPairs(dimension d: Int) {
    var generator = RandomSource(seed: UInt64(d))
    for n in [1, 17, 40] {
      for points in clouds(n, d, using: &generator) {
        let search = NearestNeighbors(points)
        #expect(search.order.sorted() == Array(0..<Int32(n)))
        let queries = Tensor<Float>.normal([5, d], using: &generator)
        let (own, others) = (AllPairs(points, points), AllPairs(points, queries))
        for k in Set([0, 1, min(7, n), n]) {
          #expect(search.nearest(k, to: queries) == others.nearest(k))
          #expect(search.nearest(k) == own.nearest(k))
        }
        for radius in [0, 1, 1.5] as [Float] { #expect(search.within(radius) == own.within(radius)) }
      }
    }
  }

  @Test func equalsSciPy() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = try NumericArchive(contentsOf: folder.appending(path: "References/nearest_neighbors.npz").path)
    func tensor(_ name: String) throws -> Tensor<Double> {
      let array = try file.array(name)
      return Tensor(try array.doubles(), shape: Shape(array.shape))
    }
    let search = NearestNeighbors(try tensor("points"))
    let near = search.nearest(9, to: try tensor("queries"))
    #expect(try near.indices.map { Int($0) } == file.ints("indices"))
    for (squared, distance) in zip(near.squaredDistances, try file.doubles("distances")) {
      #expect(abs(squared.squareRoot() - distance) <= 4 * distance.ulp)
    }
    let within = search.within(try file.doubles("radius")[0], of: try tensor("queries"))
    #expect(try within.indices.map { Int($0) } == file.ints("within"))
    #expect(try (0..<within.count).map { within[$0].indices.count } == file.ints("counts"))
  }

  /// The far ends of the number line: no order of roundings loses a point.
  @Test func extremeCoordinates() {
    var generator = RandomSource(seed: 9)
    for scale in [1e-30, 1e15] {
      let points = Tensor<Float>.normal([100, 3], standardDeviation: scale, using: &generator) + 1
      #expect(NearestNeighbors(points).nearest(5) == AllPairs(points, points).nearest(5))
    }
    // Squares are beyond Float: the order is that of distances all the same.
    let far = Tensor<Float>.normal([100, 3], standardDeviation: 1e30, using: &generator)
    #expect(
      NearestNeighbors(far).nearest(5).indices
        == AllPairs(far.converted(to: Double.self), far.converted(to: Double.self)).nearest(5).indices)
    #expect(NearestNeighbors(Tensor<Double>.zeros([0, 3])).nearest(0).count == 0)
    #expect(NearestNeighbors(Tensor<Double>.zeros([0, 3])).within(1, of: .ones([2, 3])).offsets == [0, 0, 0])
  }

  @Test func threadsDoNotMatter() {
    var generator = RandomSource(seed: 4)
    let points = Tensor<Float>.normal([1500, 3], using: &generator)
    struct Found: Equatable {
      var order: [Int32]
      var near: Neighbors<Float>
      var within: Neighbors<Float>
    }
    let counts = threadCountsThatMatter([2, 5]) {
      let search = NearestNeighbors(points)
      return Found(order: search.order, near: search.nearest(6), within: search.within(0.1))
    }
    #expect(counts == [])
  }

  @Test func cellsOfALevelCoverAllPoints() {
    let search = NearestNeighbors(Tensor<Float>((0..<100).map { Float($0) }, shape: [100, 1]))
    for level in 0...search.depth {
      let cells = (0..<1 << level).map { search.cell($0, level: level) }
      #expect(cells.flatMap { $0 } == Array(0..<100))
      // On a line, cells are its pieces.
      for cell in cells { #expect(search.order[cell].max()! - search.order[cell].min()! == cell.count - 1) }
    }
  }

  /// A search that leaves out one cell too many is found out.
  @Test func missedPointIsRejected() {
    var generator = RandomSource(seed: 2)
    let points = Tensor<Float>.normal([50, 3], using: &generator)
    let broken = NearestNeighbors(points.sliced(axis: 0, 0..<49)).nearest(3, to: points)
    #expect(broken != AllPairs(points, points).nearest(3))
  }
}

/// Clouds in units in which squares of distances over- or underflow.
@Suite struct NeighborsOfAnySizeTests {
  private func check<S: TensorScalar>(_ size: S) {
    var generator = RandomSource(seed: 3)
    let points = Tensor<S>.normal([400, 3], using: &generator)
    let queries = Tensor<S>.normal([50, 3], using: &generator)
    let (plain, scaled) = (NearestNeighbors(points), NearestNeighbors(points * size))
    let power = S(sign: .plus, exponent: size.exponent, significand: 1)
    let same = NearestNeighbors(points * power)
    #expect(plain.nearest(7).indices == same.nearest(7).indices, "\(size)")
    #expect(plain.nearest(7, to: queries).indices == same.nearest(7, to: queries * power).indices, "\(size)")
    #expect(plain.within(0.5).indices == same.within(power / 2).indices, "\(size)")
    #expect(plain.within(0.5, of: queries).offsets == same.within(power / 2, of: queries * power).offsets, "\(size)")
    // Not a power of two: but for ties, which these points have not.
    #expect(plain.nearest(7).indices == scaled.nearest(7).indices, "\(size)")
    #expect(Set(scaled.within(0).indices).count == 400)
  }
  @Test(arguments: [Float(1e-36), 1e-25, 1e-20, 1e20, 1e35]) func float(size: Float) { check(size) }
  @Test(arguments: [1e-300, 1e-170, 1e155, 1e160, 1e300]) func double(size: Double) { check(size) }

  /// Squares in the caller's units, where there are such numbers.
  @Test func squares() {
    let points = Tensor<Float>([0, 0, 3e18, 4e18], shape: [2, 2])
    let near = NearestNeighbors(points * 10).nearest(2)
    #expect(near[0].squaredDistances.last == .infinity && near[0].indices.last == 1)
    let small = NearestNeighbors(Tensor<Double>([0, 0, 3e-100, 4e-100], shape: [2, 2])).nearest(2)
    #expect((small[0].squaredDistances.last! / 25e-200 - 1).magnitude < 1e-15)
  }
}
