import CKernels
import Requirements

/// A constant sparse matrix, to be applied to one axis of tensors by ``Tensor/sparseProduct(_:_:axis:)``.
public struct SparseMatrix<Scalar: TensorScalar>: Sendable {
  /// An element that is not zero.
  public typealias Entry = (row: Int, column: Int, value: Double)

  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The matrix by its rows, and the transpose by its rows.
  private let forward: Rows, backward: Rows

  fileprivate struct Rows: Sendable {
    var starts: [Int32]
    var columns: [Int32]
    var values: [Scalar]

    init(rows: Int, _ entries: [Entry]) {
      let sorted = entries.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
      starts = [Int32](repeating: 0, count: rows + 1)
      for entry in sorted { starts[entry.row + 1] += 1 }
      for r in 0..<rows { starts[r + 1] += starts[r] }
      columns = sorted.map { Int32($0.column) }
      values = sorted.map { Scalar($0.value) }
    }
  }

  /// A matrix from its entries, in any order; entries of one place add up.
  public init(rows: Int, columns: Int, _ entries: [Entry]) {
    for entry in entries {
      require(
        entry.row >= 0 && entry.row < rows && entry.column >= 0 && entry.column < columns,
        "entries inside \(rows)×\(columns) are expected, received (\(entry.row), \(entry.column))")
    }
    self.rows = rows
    self.columns = columns
    forward = Rows(rows: rows, entries)
    backward = Rows(rows: columns, entries.map { ($0.column, $0.row, $0.value) })
  }

  private init(rows: Int, columns: Int, forward: Rows, backward: Rows) {
    (self.rows, self.columns, self.forward, self.backward) = (rows, columns, forward, backward)
  }

  /// The transpose.
  public var transposed: SparseMatrix { SparseMatrix(rows: columns, columns: rows, forward: backward, backward: forward) }

  /// y [outer, rows, inner] = M x [outer, columns, inner].
  fileprivate func apply(_ outer: Int, _ inner: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>) {
    nonisolated(unsafe) let (x, y) = (x, y)
    let cost = Swift.max(1, forward.values.count &* inner)
    Threads.split(outer, grain: Swift.max(1, (1 << 15) / cost)) { start, count in
      forward.values.withUnsafeBufferPointer { values in
        ck_sparse(
          Scalar.kernelType, count, rows, columns, inner, forward.starts, forward.columns, values.baseAddress,
          x + start &* columns &* inner, y + start &* rows &* inner)
      }
    }
  }
}

extension Tensor {
  /// The product M x over one axis: y[..., r, ...] = Σ_c M[r, c] x[..., c, ...].
  public static func sparseProduct(_ matrix: SparseMatrix<Scalar>, _ x: Tensor, axis: Int = -1) -> Tensor {
    let place = axis < 0 ? axis + x.rank : axis
    require(
      place >= 0 && place < x.rank && x.shape[place] == matrix.columns,
      "a tensor with \(matrix.columns) places on axis \(axis) is expected, received \(x.shape)")
    var target = x.shape
    target[place] = matrix.rows
    let outer = Shape(x.shape.dimensions.prefix(place)).elementCount
    let inner = Shape(x.shape.dimensions.dropFirst(place + 1)).elementCount
    let y = Tensor(uninitialized: target)
    if y.count > 0 { matrix.apply(outer, inner, x.pointer, y.pointer) }
    guard x.node != nil, isRecording else { return y }
    return y.recorded(from: x.node) { _, g, _ in InputGradients(sparseProduct(matrix.transposed, g, axis: place)) }
  }
}
