import DifferentiableTensors

/// Builds the tree of ``NearestNeighbors``: every cell is halved along its longest side.
struct NeighborTreeBuilder<Scalar: TensorScalar> {
  /// Cells are halved until they have at most so many points.
  private static var leafSize: Int { 16 }

  private(set) var depth = 0
  private(set) var order: [Int32]
  private(set) var splits: [NearestNeighbors<Scalar>.Split]
  private(set) var coordinates: [Scalar]

  /// The coordinate of a point along the axis that its cell is cut across.
  private typealias Key = (coordinate: Scalar, index: Int32)

  private let points: UnsafeMutablePointer<Scalar>
  private let count: Int
  private let dimension: Int

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  init(_ tensor: Tensor<Scalar>) {
    (points, count, dimension) = (tensor.pointer, tensor.shape[0], tensor.shape[1])
    while count > Self.leafSize << depth { depth += 1 }
    order = (0..<Int32(count)).map { $0 }
    splits = [NearestNeighbors<Scalar>.Split](repeating: .init(axis: 0, below: 0, above: 0), count: (1 << depth) - 1)
    coordinates = []
    withExtendedLifetime(tensor) { build() }
  }

  private func cell(_ number: Int, _ level: Int) -> Range<Int> { (number * count) >> level..<((number + 1) * count) >> level }

  @inline(__always) private mutating func build() {
    let this = self
    let depth = depth
    var values = [Scalar](repeating: 0, count: count * dimension)
    order.withUnsafeMutableBufferPointer { order in
      splits.withUnsafeMutableBufferPointer { splits in
        values.withUnsafeMutableBufferPointer { values in
          nonisolated(unsafe) let (order, splits, values, this) = (order, splits, values, this)
          // The upper levels one cell after the other, then their cells side by side; where cells are cut does not depend on it.
          let serial = min(depth, 4)
          for level in 0..<serial { for number in 0..<1 << level { this.halve(number, level, order, splits) } }
          Threads.run(pieces: 1 << serial) { piece in
            for level in serial..<max(serial, depth) {
              let below = level - serial
              for number in piece << below..<(piece + 1) << below { this.halve(number, level, order, splits) }
            }
            let below = depth - serial
            for number in piece << below..<(piece + 1) << below { this.copyLeaf(number, order, values) }
          }
        }
      }
    }
    coordinates = values
  }

  /// Orders a cell such that its lower half comes first.
  @inline(__always) private func halve(
    _ number: Int, _ level: Int, _ order: UnsafeMutableBufferPointer<Int32>,
    _ splits: UnsafeMutableBufferPointer<NearestNeighbors<Scalar>.Split>
  ) {
    let range = cell(number, level)
    let middle = cell(2 * number + 1, level + 1).lowerBound - range.lowerBound
    let axis = longestAxis(order, range)
    withUnsafeTemporaryAllocation(of: Key.self, capacity: range.count) { keys in
      for (place, position) in range.enumerated() {
        let index = order[position]
        keys.initializeElement(at: place, to: (points[Int(index) * dimension + axis], index))
      }
      Self.select(middle, keys)
      var below = keys[0].coordinate
      for place in 1..<middle where keys[place].coordinate > below { below = keys[place].coordinate }
      splits[(1 << level) - 1 + number] = .init(axis: Int32(axis), below: below, above: keys[middle].coordinate)
      for (place, position) in range.enumerated() { order[position] = keys[place].index }
    }
  }

  /// The axis along which the points of a range extend farthest; the first of several.
  @inline(__always) private func longestAxis(_ order: UnsafeMutableBufferPointer<Int32>, _ range: Range<Int>) -> Int {
    var (best, length) = (0, -Scalar.infinity)
    for axis in 0..<dimension {
      var low = points[Int(order[range.lowerBound]) * dimension + axis]
      var high = low
      for position in range {
        let x = points[Int(order[position]) * dimension + axis]
        low = min(low, x)
        high = max(high, x)
      }
      if high - low > length { (best, length) = (axis, high - low) }
    }
    return best
  }

  /// Moves the key of the given rank to its place, smaller ones before it and larger ones behind it (Hoare's selection).
  @inline(__always) private static func select(_ rank: Int, _ keys: UnsafeMutableBufferPointer<Key>) {
    @inline(__always) func isLess(_ a: Key, _ b: Key) -> Bool {
      a.coordinate < b.coordinate || (a.coordinate == b.coordinate && a.index < b.index)
    }
    var (low, high) = (0, keys.count - 1)
    // Pivots at random places: no order of the points makes this slow but by chance.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    while low < high {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let pivot = keys[low + Int((state >> 33) % UInt64(high - low + 1))]
      var (i, j) = (low, high)
      while i <= j {
        while isLess(keys[i], pivot) { i += 1 }
        while isLess(pivot, keys[j]) { j -= 1 }
        if i <= j {
          keys.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if rank <= j {
        high = j
      } else if rank >= i {
        low = i
      } else {
        return
      }
    }
  }

  /// Copies the points of a leaf, one coordinate after the other.
  @inline(__always) private func copyLeaf(
    _ number: Int, _ order: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Scalar>
  ) {
    let range = cell(number, depth)
    for axis in 0..<dimension {
      for (row, position) in range.enumerated() {
        values[range.lowerBound * dimension + axis * range.count + row] = points[Int(order[position]) * dimension + axis]
      }
    }
  }
}
