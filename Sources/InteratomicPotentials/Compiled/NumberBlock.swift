import CKernels
import DifferentiableTensors
import Requirements

/// Memory for numbers that kernels read and write, aligned to cache lines.
final class NumberBlock<Scalar>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Scalar>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Scalar>.stride
    guard let raw = bytes < NumberBlock.large ? ck_allocate(bytes) : ck_allocate_large(bytes) else {
      fatalError("out of memory: \(count) elements of \(Scalar.self)")
    }
    pointer = raw.assumingMemoryBound(to: Scalar.self)
  }

  deinit {
    let bytes = max(count, 1) * MemoryLayout<Scalar>.stride
    if bytes < NumberBlock.large { ck_release(pointer, bytes) } else { ck_release_large(pointer, bytes) }
  }

  /// Blocks from which on memory is kept when it is freed.
  private static var large: Int { 1 << 20 }
}

extension NumberBlock where Scalar: TensorScalar {
  /// Numbers rounded to the element type.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  convenience init(rounding values: [Double]) {
    self.init(count: values.count)
    for (i, value) in values.enumerated() { pointer[i] = Scalar(value) }
  }

  func zero() { ck_fill(Scalar.kernelType, count, 0, pointer) }
}

/// Arrays that keep their memory from one evaluation to the next where the new size fits.
struct ReusedBlock<Scalar> {
  private var block: NumberBlock<Scalar>?

  /// Memory for at least `count` numbers, of any value.
  mutating func pointer(_ count: Int) -> UnsafeMutablePointer<Scalar> {
    if let block, block.count >= count { return block.pointer }
    // A little room for structures that gain a few pairs from step to step.
    let made = NumberBlock<Scalar>(count: count + count / 16)
    block = made
    return made.pointer
  }
}

/// A matrix of a linear map as its kernels want it, with its transpose for the way back; both padded with zeros to whole tiles of channels.
final class PlanMatrix<Scalar: TensorScalar>: @unchecked Sendable {
  let rows: Int
  let columns: Int
  let forward: NumberBlock<Scalar>
  let backward: NumberBlock<Scalar>

  /// From a matrix [rows, columns].
  init(_ matrix: DenseMatrix) {
    (rows, columns) = (padded(matrix.rows), padded(matrix.columns))
    var (plain, turned) = ([Double](repeating: 0, count: rows * columns), [Double](repeating: 0, count: rows * columns))
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns {
        plain[i * columns + j] = matrix[i, j]
        turned[j * rows + i] = matrix[i, j]
      }
    }
    (forward, backward) = (NumberBlock(rounding: plain), NumberBlock(rounding: turned))
  }

  /// y = x W, or y += x W, for rows of x and y that lie `x_width` and `y_width` numbers apart.
  func apply(
    _ count: Int, _ x: UnsafePointer<Scalar>, _ xWidth: Int, to y: UnsafeMutablePointer<Scalar>, _ yWidth: Int, adding: Bool
  ) {
    if count == 0 { return }
    ck_gemm(Scalar.kernelType, 0, 0, count, columns, rows, x, xWidth, forward.pointer, columns, adding ? 1 : 0, nil, y, yWidth)
  }

  /// x = y Wᵀ, or x += y Wᵀ.
  func pullBack(
    _ count: Int, _ y: UnsafePointer<Scalar>, _ yWidth: Int, to x: UnsafeMutablePointer<Scalar>, _ xWidth: Int, adding: Bool
  ) {
    if count == 0 { return }
    ck_gemm(Scalar.kernelType, 0, 0, count, rows, columns, y, yWidth, backward.pointer, rows, adding ? 1 : 0, nil, x, xWidth)
  }
}

/// The next multiple of the channels that kernels work on at a time.
func padded(_ channels: Int) -> Int { (channels + Int(CK_TILE) - 1) / Int(CK_TILE) * Int(CK_TILE) }

/// A matrix of doubles in row-major order, for what is prepared once.
struct DenseMatrix: Sendable {
  let rows: Int
  let columns: Int
  var elements: [Double]

  init(_ elements: [Double], rows: Int, columns: Int) {
    require(elements.count == rows * columns, "\(rows) x \(columns) elements are expected, received \(elements.count)")
    (self.elements, self.rows, self.columns) = (elements, rows, columns)
  }

  static func zero(_ rows: Int, _ columns: Int) -> DenseMatrix {
    DenseMatrix([Double](repeating: 0, count: rows * columns), rows: rows, columns: columns)
  }

  subscript(_ i: Int, _ j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  static func * (a: DenseMatrix, b: DenseMatrix) -> DenseMatrix {
    require(a.columns == b.rows, "\(a.columns) rows are expected, received \(b.rows)")
    var result = [Double](repeating: 0, count: a.rows * b.columns)
    result.withUnsafeMutableBufferPointer { result in
      if result.count == 0 { return }
      ck_gemm(
        Double.kernelType, 0, 0, a.rows, b.columns, a.columns, a.elements, a.columns, b.elements, b.columns, 0, nil, result.baseAddress!,
        b.columns)
    }
    return DenseMatrix(result, rows: a.rows, columns: b.columns)
  }

  static func * (a: DenseMatrix, factor: Double) -> DenseMatrix {
    DenseMatrix(a.elements.map { $0 * factor }, rows: a.rows, columns: a.columns)
  }

  /// Rows multiplied by factors.
  func scalingRows(_ factors: [Double]) -> DenseMatrix {
    var result = self
    for i in 0..<rows { for j in 0..<columns { result[i, j] *= factors[i] } }
    return result
  }

  /// Some of the rows.
  func rows(_ range: Range<Int>) -> DenseMatrix {
    DenseMatrix(Array(elements[range.lowerBound * columns..<range.upperBound * columns]), rows: range.count, columns: columns)
  }

  /// One above the other.
  static func stacked(_ parts: [DenseMatrix]) -> DenseMatrix {
    DenseMatrix(parts.flatMap(\.elements), rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns)
  }
}
