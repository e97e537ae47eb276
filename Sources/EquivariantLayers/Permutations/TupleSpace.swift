import DifferentiableTensors
import GroupTheory
import MessagePassing
import Requirements

/// The tuples of points of a batch of sets, on which features of any order live: a feature is a matrix [tuples, channels].
///
/// The sets of the batch may have different sizes. Order 0 has one row for each set, order 1 one for each point, and order 2 one for each
/// pair of points of one set: set by set, in lexicographic order. Where the points are of several kinds that are permuted independently
/// (the layers of neurons of a network), a set of the batch has a size for each kind, and every axis of a tuple names its kind.
///
/// The space has all pairs, unless a list of them is given (edges), or its features are symmetric (then it has only pairs i ≤ j) or zero on
/// the diagonal (then no tuple repeats a point). With a list, or where it is symmetric, it has orders up to 2.
///
/// Tables of rows are made on first use and kept: make one space for a batch and give it to all layers.
public final class TupleSpace: Sendable {
  /// The number of points by kind, then by set.
  public let sizes: [[Int]]
  /// The conditions that all features on this space fulfil.
  public let subspace: TensorSubspace
  /// The pairs of the space, as points of the whole batch; nil for all.
  let pairs: Graph?
  /// The first point of each set, by kind, and after them the number of points.
  let offsets: [[Int]]
  let tables = Memo<TableKey>()

  enum TableKey: Hashable, Sendable {
    case tuples([Int])
    case map(from: [Int], to: [Int], via: [Int])
    case orders([Int], via: [[Int]])
    case inverseCounts([Int], kept: [Int], isFloat: Bool)
    case sizeClasses
  }

  /// All tuples of sets of points of one kind.
  public convenience init(sizes: [Int], subspace: TensorSubspace = []) { self.init(sizesByKind: [sizes], subspace: subspace) }

  /// All tuples of sets of points of several kinds; every kind has a size for each set.
  public convenience init(sizesByKind: [[Int]], subspace: TensorSubspace = []) {
    self.init(sizesByKind, subspace, pairs: nil)
  }

  /// Only some pairs: the edges (receiver, sender) of a graph, in its order, each once; the sets are the graphs side by side in it. Loops
  /// are pairs of the diagonal. Pairs that are not in the list count as zero in sums and are left out of results.
  ///
  /// In a symmetric space each pair is given once, with receiver ≤ sender; in one with zero diagonals there are no loops.
  public convenience init(pairs graph: Graph, subspace: TensorSubspace = []) {
    self.init([graph.graphSizes], subspace, pairs: graph)
  }

  private init(_ sizes: [[Int]], _ subspace: TensorSubspace, pairs: Graph?) {
    require(!sizes.isEmpty, "expected sizes of at least one kind of points")
    for row in sizes {
      require(
        row.count == sizes[0].count && row.allSatisfy { $0 >= 0 }, "expected \(sizes[0].count) sizes of each kind, received \(row)")
    }
    require(sizes.count == 1 || !subspace.contains(.symmetric), "symmetric features are expected on points of one kind only")
    (self.sizes, self.subspace, self.pairs) = (sizes, subspace, pairs)
    offsets = sizes.map { $0.reduce(into: [0]) { $0.append($0.last! + $1) } }
    guard let pairs else { return }
    let setOfPoint = sizes[0].enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    for (i, j) in zip(pairs.receivers.rows, pairs.senders.rows) {
      require(setOfPoint[Int(i)] == setOfPoint[Int(j)], "pairs within one set are expected, received (\(i), \(j))")
      require(i != j || !subspace.contains(.zeroDiagonal), "pairs of two points are expected, received (\(i), \(j))")
      require(i <= j || !subspace.contains(.symmetric), "pairs with the smaller point first are expected, received (\(i), \(j))")
    }
    require(tuples([0, 0]).lookup!.count == pairs.edgeCount, "each pair is expected once, some are repeated")
  }

  /// The number of sets in the batch.
  public var setCount: Int { sizes[0].count }

  /// The number of rows of a feature with these axes, each named by its kind.
  public func rowCount(axes: [Int]) -> Int { tuples(axes).sets.count }

  /// The number of rows of a feature of points of one kind.
  public func rowCount(order: Int) -> Int { rowCount(axes: Array(repeating: 0, count: order)) }

  /// The set of each tuple.
  public func sets(axes: [Int]) -> RowIndex { RowIndex(tuples(axes).sets.map { Int($0) }, rowCount: setCount) }

  /// The points of each tuple, axis by axis, numbered through the batch.
  public func points(axes: [Int]) -> [RowIndex] {
    let list = tuples(axes)
    return zip(axes, list.points).map { kind, points in RowIndex(points.map { Int($0) }, rowCount: offsets[kind].last!) }
  }

  /// The row of a tuple of points numbered through the batch, or nil where there is none.
  public func row(of tuple: [Int], axes: [Int]) -> Int? {
    require(tuple.count == axes.count, "a tuple of \(axes.count) points is expected, received \(tuple)")
    guard let kind = axes.first else { return nil }
    require(zip(axes, tuple).allSatisfy { offsets[$0].last! > $1 && $1 >= 0 }, "points of the batch are expected, received \(tuple)")
    let set = offsets[kind].lastIndex { $0 <= tuple[0] }!
    return tuples(axes).row(set: set) { tuple[$0] }
  }
}

/// The tuples with some axes.
struct TupleList: Sendable {
  let axes: [Int]
  /// The points by axis, then by row.
  var points: [[Int32]]
  /// The set of each row.
  var sets: [Int32] = []
  /// The first points by kind.
  let offsets: [[Int]]
  /// The first row of each set.
  var starts: [Int] = []
  /// The row of each tuple of the list; nil where there are all tuples, whose places follow from their indices.
  var lookup: [Int: Int32]?

  /// The row of the tuple with these points.
  @inline(__always) func row(set: Int, _ point: (Int) -> Int) -> Int? {
    if let lookup { return lookup[key(point)].map { Int($0) } }
    var place = 0
    for (axis, kind) in axes.enumerated() {
      let first = offsets[kind][set], index = point(axis) - first, size = offsets[kind][set + 1] - first
      if index < 0 || index >= size { return nil }
      place = place * size + index
    }
    return starts[set] + place
  }

  func key(_ point: (Int) -> Int) -> Int {
    var key = 0
    for (axis, kind) in axes.enumerated() { key = key * offsets[kind].last! + point(axis) }
    return key
  }
}

extension TupleSpace {
  /// The tuples with axes of some kinds.
  func tuples(_ axes: [Int]) -> TupleList {
    require(axes.allSatisfy { sizes.indices.contains($0) }, "axes of \(sizes.count) kinds are expected, received \(axes)")
    return tables.value(.tuples(axes)) {
      var list = TupleList(axes: axes, points: Array(repeating: [], count: axes.count), offsets: offsets)
      let isPartial = axes.count > 1 && Set(axes).count < axes.count && !subspace.isEmpty
      if axes == [0, 0], let pairs {
        let setOfPoint = sizes[0].enumerated().flatMap { Array(repeating: Int32($0.offset), count: $0.element) }
        list.points = [pairs.receivers.rows, pairs.senders.rows]
        list.sets = pairs.receivers.rows.map { setOfPoint[Int($0)] }
        list.lookup = [:]
      } else {
        require(
          axes.count <= 2 || (pairs == nil && !subspace.contains(.symmetric)),
          "orders up to 2 are expected in a space that is symmetric or has only some pairs, received \(axes.count)")
        for set in 0..<setCount { append(to: &list, set, onlyOf: isPartial ? subspace : []) }
        if isPartial { list.lookup = [:] }
      }
      if list.lookup != nil {
        list.lookup!.reserveCapacity(list.sets.count)
        for row in list.sets.indices { list.lookup![list.key { Int(list.points[$0][row]) }] = Int32(row) }
      }
      return list
    }
  }

  /// All tuples of one set that fulfil the conditions, in lexicographic order.
  private func append(to list: inout TupleList, _ set: Int, onlyOf subspace: TensorSubspace) {
    list.starts.append(list.sets.count)
    let axes = list.axes, order = axes.count
    let bounds = axes.map { offsets[$0][set]..<offsets[$0][set + 1] }
    if bounds.contains(where: \.isEmpty) { return }
    var tuple = bounds.map(\.lowerBound)
    while true {
      let isThere =
        subspace.isEmpty
        || (0..<order).allSatisfy { b in
          (0..<b).allSatisfy { a in
            axes[a] != axes[b]
              || (tuple[a] != tuple[b] || !subspace.contains(.zeroDiagonal))
                && (tuple[a] <= tuple[b] || !subspace.contains(.symmetric))
          }
        }
      if isThere {
        for axis in 0..<order { list.points[axis].append(Int32(tuple[axis])) }
        list.sets.append(Int32(set))
      }
      var axis = order - 1
      while axis >= 0 {
        tuple[axis] += 1
        if tuple[axis] < bounds[axis].upperBound { break }
        tuple[axis] = bounds[axis].lowerBound
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
