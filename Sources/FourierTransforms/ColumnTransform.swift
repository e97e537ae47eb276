import CKernels
import DifferentiableTensors

/// The order of the rows inside a transform, where a column is a signal: (group, slow, fast); outside it is (group, fast, slow).
struct RowOrder: Sendable {
  var groups = 1
  var slow: Int
  var fast = 1
  var count: Int { groups * slow * fast }
}

/// Applies a linear map of columns to the signals of a tensor, a block of them at a time, so that what lies between the stages of the map
/// stays in the caches; blocks are shared out to the threads.
///
/// The input is [outer, rows, inner], where outer and inner index the signals; the result is [outer, rows of the result, inner].
/// - Parameter body: Computes the result [target.count, n] of the input [source.count, n] of n columns.
func transformColumns<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, inner: Int, from source: RowOrder, to target: RowOrder, shape: Shape, workPerColumn: Int,
  _ body: @Sendable (_ n: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>) -> Void
) -> Tensor<Scalar> {
  let y = Tensor<Scalar>(uninitialized: shape)
  if y.count == 0 { return y }
  let columns = x.count / source.count
  // About a megabyte of doubles for the work of a block; whole registers of columns.
  let size = max(16, min(256, (1 << 17) / workPerColumn / 16 * 16))
  nonisolated(unsafe) let (input, output) = (x.pointer, y.pointer)
  Threads.run(pieces: (columns + size - 1) / size) { piece in
    let start = piece &* size
    let n = min(size, columns &- start)
    let (rows, results) = (
      Tensor<Scalar>(uninitialized: [source.count, n]), Tensor<Scalar>(uninitialized: [target.count, n])
    )
    load(input, inner, start, n, source, rows.pointer)
    body(n, rows.pointer, results.pointer)
    store(results.pointer, inner, start, n, target, output)
    withExtendedLifetime((rows, results)) {}
  }
  return y
}

private func load<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ inner: Int, _ start: Int, _ n: Int, _ order: RowOrder, _ rows: UnsafeMutablePointer<Scalar>
) {
  eachRun(order, inner, start, n) { outside, inside, width in
    if inner == 1 {
      ck_transpose(Scalar.kernelType, width, order.slow, x + outside, order.count, rows + inside, order.fast &* n)
    } else {
      let bytes = MemoryLayout<Scalar>.stride
      ck_copy_rows(order.slow, width &* bytes, x + outside, inner &* bytes, rows + inside, order.fast &* n &* bytes)
    }
  }
}

private func store<Scalar: TensorScalar>(
  _ rows: UnsafePointer<Scalar>, _ inner: Int, _ start: Int, _ n: Int, _ order: RowOrder, _ y: UnsafeMutablePointer<Scalar>
) {
  eachRun(order, inner, start, n) { outside, inside, width in
    if inner == 1 {
      ck_transpose(Scalar.kernelType, order.slow, width, rows + inside, order.fast &* n, y + outside, order.count)
    } else {
      let bytes = MemoryLayout<Scalar>.stride
      ck_copy_rows(order.slow, width &* bytes, rows + inside, order.fast &* n &* bytes, y + outside, inner &* bytes)
    }
  }
}

/// Calls `body`(offset outside, offset inside, width) for each group, fast row and run of neighbouring columns.
@inline(__always)
private func eachRun(_ order: RowOrder, _ inner: Int, _ start: Int, _ n: Int, _ body: (Int, Int, Int) -> Void) {
  var column = start
  while column < start + n {
    let (outer, place) = column.quotientAndRemainder(dividingBy: inner)
    let width = inner == 1 ? n : min(inner - place, start + n - column)
    for group in 0..<order.groups {
      for fast in 0..<order.fast {
        let outside = (outer * order.count + (group * order.fast + fast) * order.slow) * inner + place
        body(outside, (group * order.slow * order.fast + fast) * n + column - start, width)
      }
    }
    column += width
  }
}
