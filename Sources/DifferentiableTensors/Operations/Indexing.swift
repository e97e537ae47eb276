import CKernels
import Requirements
import Synchronization

/// Row numbers for gathering and for sums over rows: position k refers to row `self[k]` of 0 ..< `rowCount`.
///
/// It is built once for a graph and shared. It also holds the positions of each row in increasing order, made on first use, so that sums
/// are taken in the same order on any number of threads.
public final class RowIndex: Sendable {
  /// The row of each position.
  public let rows: [Int32]
  /// The number of rows referred to.
  public let rowCount: Int
  private let grouping = Mutex<Grouping?>(nil)

  /// The positions by row: row r owns `order[offsets[r] ..< offsets[r + 1]]`.
  package final class Grouping: Sendable {
    package let offsets: [Int32]
    package let order: [Int32]
    /// Whether the positions lie in order already.
    package let isSorted: Bool
    /// 1 / (number of positions) of each row, 0 for none.
    let inverseFloat: Tensor<Float>
    let inverseDouble: Tensor<Double>
    init(offsets: [Int32], order: [Int32]) {
      self.offsets = offsets
      self.order = order
      isSorted = zip(order, order.dropFirst()).allSatisfy { $0 < $1 }
      let inverse = zip(offsets, offsets.dropFirst()).map { $0 == $1 ? 0 : 1 / Double($1 - $0) }
      inverseDouble = Tensor(inverse)
      inverseFloat = Tensor(inverse.map { Float($0) })
    }
    func inverses<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor<Scalar> {
      if let floats = inverseFloat as? Tensor<Scalar> { return floats }
      return inverseDouble as! Tensor<Scalar>
    }
  }

  /// An index of row numbers, each of which must lie in 0 ..< `rowCount`.
  public init(_ rows: [Int], rowCount: Int) {
    for (k, r) in rows.enumerated() {
      require(r >= 0 && r < rowCount, "rows in 0 ..< \(rowCount) are expected, received \(r) at position \(k)")
    }
    self.rows = rows.map { Int32($0) }
    self.rowCount = rowCount
  }

  /// The number of positions.
  public var count: Int { rows.count }

  /// How many positions refer to each row.
  public var multiplicities: [Int] {
    let g = grouped
    return (0..<rowCount).map { Int(g.offsets[$0 + 1] - g.offsets[$0]) }
  }

  package var grouped: Grouping {
    grouping.withLock { stored in
      if let stored { return stored }
      var offsets = [Int32](repeating: 0, count: rowCount + 1)
      for r in rows { offsets[Int(r) + 1] += 1 }
      for r in 0..<rowCount { offsets[r + 1] += offsets[r] }
      var next = offsets
      var order = [Int32](repeating: 0, count: rows.count)
      for (k, r) in rows.enumerated() {
        order[Int(next[Int(r)])] = Int32(k)
        next[Int(r)] += 1
      }
      let made = Grouping(offsets: offsets, order: order)
      stored = made
      return made
    }
  }
}

extension RowIndex {
  /// Calls `body` for ranges of rows, of similar work for rows of `n` elements, with the positions of each row.
  @inline(__always) func eachRange(
    ofRowsOfWidth n: Int,
    _ body: @Sendable (_ start: Int, _ end: Int, _ offsets: UnsafePointer<Int32>?, _ order: UnsafePointer<Int32>?) -> Void
  ) {
    let groups = grouped
    let rowsInGrain = max(1, 16384 / max(n, 1) * rowCount / max(count, 1))
    groups.offsets.withUnsafeBufferPointer { offsets in
      groups.order.withUnsafeBufferPointer { order in
        nonisolated(unsafe) let (o, k) = (offsets.baseAddress, order.baseAddress)
        Threads.split(rowCount, grain: rowsInGrain) { start, count in body(start, start &+ count, o, k) }
      }
    }
  }
}

extension Tensor {
  /// The number of elements of a row: all dimensions but the first.
  @inline(__always) var rowWidth: Int { rank == 1 ? 1 : shape[0] == 0 ? shape.product(1..<rank) : count / shape[0] }

  /// Row `index[k]` of this tensor as row k of the result. This is the transpose of ``scatterAdded(_:)``.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func gathered(_ index: RowIndex) -> Tensor {
    require(rank >= 1 && shape[0] == index.rowCount, "\(index.rowCount) rows are expected, received shape \(shape)")
    var target = shape
    target[0] = index.count
    let out = Tensor(uninitialized: target)
    let n = rowWidth
    nonisolated(unsafe) let (x, y) = (pointer, out.pointer)
    index.rows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      nonisolated(unsafe) let i = base
      Threads.split(index.count, grain: Swift.max(1, 16384 / Swift.max(n, 1))) { start, count in
        ck_gather(Scalar.kernelType, count, n, x, i + start, y + start &* n)
      }
    }
    guard isTracked else { return out }
    return out.recorded(from: node) { _, g, _ in InputGradients(g.scatterAdded(index)) }
  }

  /// Row r of the result is the sum of this tensor's rows k with `index[k]` = r. This is the transpose of ``gathered(_:)``.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func scatterAdded(_ index: RowIndex) -> Tensor {
    require(rank >= 1 && shape[0] == index.count, "\(index.count) rows are expected, received shape \(shape)")
    var target = shape
    target[0] = index.rowCount
    let out = Tensor(uninitialized: target)
    let n = rowWidth
    nonisolated(unsafe) let (x, y) = (pointer, out.pointer)
    index.eachRange(ofRowsOfWidth: n) { start, end, offsets, order in
      ck_segment_sum(Scalar.kernelType, start, end, n, x, offsets, order, y)
    }
    guard isTracked else { return out }
    return out.recorded(from: node) { _, g, _ in InputGradients(g.gathered(index)) }
  }

  /// The sum of the rows of each segment: another name for ``scatterAdded(_:)``.
  public func segmentSum(_ index: RowIndex) -> Tensor { scatterAdded(index) }

  /// The mean of the rows of each segment; zero for an empty one.
  public func segmentMean(_ index: RowIndex) -> Tensor {
    let sums = scatterAdded(index)
    var target = sums.shape
    for i in 1..<Swift.max(1, rank) { target[i] = 1 }
    return sums * index.grouped.inverses(Scalar.self).viewed(as: target)
  }

  /// The largest element of each segment, column by column; equal ones share the gradient, and an empty segment gives `empty`.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func segmentMax(_ index: RowIndex, empty: Scalar = 0) -> Tensor {
    require(rank >= 1 && shape[0] == index.count, "\(index.count) rows are expected, received shape \(shape)")
    var target = shape
    target[0] = index.rowCount
    let out = Tensor(uninitialized: target)
    let n = rowWidth
    nonisolated(unsafe) let (source, y) = (pointer, out.pointer)
    index.eachRange(ofRowsOfWidth: n) { start, end, offsets, order in
      ck_segment_max(Scalar.kernelType, start, end, n, source, offsets, order, Double(empty), y)
    }
    guard isTracked else { return out }
    let x = detached
    return out.recorded(from: node) { _, g, _ in
      let winners = x .== out.gathered(index)
      let shares = winners / Tensor.maximum(winners.scatterAdded(index), .ones(target)).gathered(index)
      return InputGradients(g.gathered(index) * shares)
    }
  }

  /// exp(x) divided by its sum over the segment, column by column, without overflow; it is the same for all shifts of a segment.
  public func segmentSoftmax(_ index: RowIndex) -> Tensor {
    let powers = (self - detached.segmentMax(index).gathered(index)).exp()
    return powers / powers.scatterAdded(index).gathered(index)
  }

  /// a[i[k]] + b[j[k]] + c[k] in one pass, without c where it is nil, as a message combines the features of both its ends. Row r of `added`
  /// is added to row `rows[r]` of the result.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func gatheredSum(
    _ a: Tensor, _ i: RowIndex, _ b: Tensor, _ j: RowIndex, plus c: Tensor? = nil, adding added: [(values: Tensor, rows: RowIndex)] = []
  ) -> Tensor {
    require(
      a.rank == 2 && b.rank == 2 && a.shape[0] == i.rowCount && b.shape[0] == j.rowCount && a.shape[1] == b.shape[1],
      "matrices of \(i.rowCount) and \(j.rowCount) rows and one width are expected, received \(a.shape) and \(b.shape)")
    let target = Shape(i.count, a.shape[1])
    require(i.count == j.count, "two indices of \(i.count) rows are expected, received \(j.count)")
    if let c { require(c.shape == target, "a matrix of \(target) is expected, received \(c.shape)") }
    let out = Tensor(uninitialized: target)
    let n = a.shape[1]
    nonisolated(unsafe) let (p, q, r, y) = (a.pointer, b.pointer, c?.pointer, out.pointer)
    i.rows.withUnsafeBufferPointer { i in
      j.rows.withUnsafeBufferPointer { j in
        guard let i = i.baseAddress, let j = j.baseAddress else { return }
        nonisolated(unsafe) let (u, v) = (i, j)
        Threads.split(target[0], grain: Swift.max(1, 16384 / Swift.max(1, n))) { start, count in
          ck_gather_add(Scalar.kernelType, count, n, p, u + start, q, v + start, r.map { $0 + start &* n }, y + start &* n)
        }
      }
    }
    for (values, rows) in added {
      require(
        values.shape == [rows.count, n] && rows.rowCount == target[0],
        "\(rows.count) rows of width \(n) for \(target[0]) rows are expected, received \(values.shape) for \(rows.rowCount)")
      for (r, row) in rows.rows.enumerated() { ck_accumulate(Scalar.kernelType, n, values.pointer + r &* n, out.pointer + Int(row) &* n) }
    }
    if added.isEmpty {
      guard isRecording, a.node != nil || b.node != nil || c?.node != nil else { return out }
      return out.recorded(from: a.node, b.node, c?.node) { _, g, needed in
        InputGradients(needed[0] ? g.scatterAdded(i) : nil, needed[1] ? g.scatterAdded(j) : nil, needed[2] ? g : nil)
      }
    }
    let indices = added.map(\.rows)
    return out.recorded(from: [a, b] + (c.map { [$0] } ?? []) + added.map(\.values)) { _, g, needed in
      InputGradients([g.scatterAdded(i), g.scatterAdded(j)] + (c == nil ? [] : [g]) + indices.map { g.gathered($0) })
    }
  }
}
