import DifferentiableTensors

/// A point and the square of its distance. The order is that of distances, and among equal ones that of numbers.
struct Neighbor<Scalar: TensorScalar>: Comparable {
  let squaredDistance: Scalar
  let index: Int32

  @inline(__always) static func < (a: Neighbor, b: Neighbor) -> Bool {
    a.squaredDistance < b.squaredDistance || (a.squaredDistance == b.squaredDistance && a.index < b.index)
  }
}

/// Takes the points that a search comes across.
protocol NeighborCollector<Scalar> {
  associatedtype Scalar: TensorScalar
  /// Points at a larger squared distance are of no use.
  var limit: Scalar { get }
  mutating func offer(_ neighbor: Neighbor<Scalar>)
}

/// All points up to a distance.
struct WithinCollector<Scalar: TensorScalar>: NeighborCollector {
  let limit: Scalar
  private(set) var found: [Neighbor<Scalar>] = []

  init(limit: Scalar) { self.limit = limit }

  @inline(__always) mutating func offer(_ neighbor: Neighbor<Scalar>) { found.append(neighbor) }
}

/// The `capacity` nearest points: a heap with the farthest of them on top.
struct NearestCollector<Scalar: TensorScalar>: NeighborCollector {
  private let capacity: Int
  private var heap: [Neighbor<Scalar>] = []
  private(set) var limit = Scalar.infinity

  init(_ capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  @inline(__always) mutating func offer(_ neighbor: Neighbor<Scalar>) {
    if heap.count < capacity {
      heap.append(neighbor)
      var place = heap.count - 1
      while place > 0, heap[(place - 1) / 2] < neighbor {
        heap[place] = heap[(place - 1) / 2]
        place = (place - 1) / 2
      }
      heap[place] = neighbor
      if heap.count == capacity { limit = heap[0].squaredDistance }
    } else if neighbor < heap[0] {
      sink(neighbor, size: capacity)
      limit = heap[0].squaredDistance
    }
  }

  /// Writes the points found, the nearest first, and begins anew.
  @inline(__always) mutating func takeSorted(into indices: UnsafeMutablePointer<Int32>, _ distances: UnsafeMutablePointer<Scalar>) {
    for place in stride(from: heap.count - 1, through: 0, by: -1) {
      indices[place] = heap[0].index
      distances[place] = heap[0].squaredDistance
      sink(heap[place], size: place)
    }
    heap.removeAll(keepingCapacity: true)
    limit = .infinity
  }

  /// Replaces the top of the heap's first `size` places.
  @inline(__always) private mutating func sink(_ neighbor: Neighbor<Scalar>, size: Int) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < size else { break }
      if child + 1 < size, heap[child] < heap[child + 1] { child += 1 }
      guard neighbor < heap[child] else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = neighbor
  }
}

/// A walk through the tree of ``NearestNeighbors``.
///
/// A cell is left out where the sum of the squared distances to its nearest faces is beyond the limit. This sum is taken in the same order
/// as that of a squared distance, and rounding is monotonic, so that no point at the limit is missed by rounding.
struct NeighborSearch<Scalar: TensorScalar> {
  let count: Int
  let dimension: Int
  let depth: Int
  let order: UnsafeBufferPointer<Int32>
  let splits: UnsafeBufferPointer<NearestNeighbors<Scalar>.Split>
  let coordinates: UnsafeBufferPointer<Scalar>

  /// Offers the collector every point that may be of use to it.
  @inline(__always) func run(from query: UnsafePointer<Scalar>, into collector: inout some NeighborCollector<Scalar>) {
    guard count > 0 else { return }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: dimension + leafCapacity) { memory in
      memory.initialize(repeating: 0)
      visit(0, level: 0, query, gaps: memory.baseAddress!, squares: memory.baseAddress! + dimension, &collector)
    }
  }

  /// The most points that a leaf has.
  private var leafCapacity: Int { (count >> depth) + 1 }

  /// Searches a cell; `gaps` are the distances to it along each axis.
  private func visit<Collector: NeighborCollector<Scalar>>(
    _ number: Int, level: Int, _ query: UnsafePointer<Scalar>, gaps: UnsafeMutablePointer<Scalar>, squares: UnsafeMutablePointer<Scalar>,
    _ collector: inout Collector
  ) {
    if level == depth { return look(into: number, query, squares, &collector) }
    let split = splits[(1 << level) - 1 + number]
    let axis = Int(split.axis)
    let gap = gaps[axis]
    let below = max(gap, query[axis] - split.below)
    let above = max(gap, split.above - query[axis])
    let first = below <= above ? 0 : 1
    for side in [first, 1 - first] {
      gaps[axis] = side == 0 ? below : above
      var bound: Scalar = 0
      for axis in 0..<dimension { bound += gaps[axis] * gaps[axis] }
      if bound <= collector.limit {
        visit(2 * number + side, level: level + 1, query, gaps: gaps, squares: squares, &collector)
      }
    }
    gaps[axis] = gap
  }

  @inline(__always) private func look<Collector: NeighborCollector<Scalar>>(
    into leaf: Int, _ query: UnsafePointer<Scalar>, _ squares: UnsafeMutablePointer<Scalar>, _ collector: inout Collector
  ) {
    let (start, end) = ((leaf * count) >> depth, ((leaf + 1) * count) >> depth)
    let size = end - start
    var column = coordinates.baseAddress! + start * dimension
    for row in 0..<size { squares[row] = 0 }
    for axis in 0..<dimension {
      let x = query[axis]
      for row in 0..<size {
        let difference = column[row] - x
        squares[row] += difference * difference
      }
      column += size
    }
    for row in 0..<size where squares[row] <= collector.limit {
      collector.offer(Neighbor(squaredDistance: squares[row], index: order[start + row]))
    }
  }
}
