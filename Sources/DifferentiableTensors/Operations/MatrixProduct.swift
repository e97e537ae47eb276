import CKernels
import Requirements

/// General matrix products on the kernels of this package, which beat the system's BLAS at the sizes of models. Each element of a result is
/// summed in one order, however the work is cut, so that the bits are the same on any number of threads with one instruction set.
enum Product {
  /// A number of pieces that gives every thread the same work, where `most` allows it: up to four for each.
  private static func pieces(_ most: Int) -> Int {
    let threads = Threads.count
    if threads == 1 { return 1 }
    if most < threads { return max(1, most) }
    return min(most / threads, 4) &* threads
  }

  /// C = op(A) op(B) + bias + beta C on row-major matrices with row lengths lda, ldb, ldc.
  @inline(__always) static func gemm<Scalar: TensorScalar>(
    _ ta: Bool, _ tb: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Scalar>, _ lda: Int, _ b: UnsafePointer<Scalar>,
    _ ldb: Int, _ bias: UnsafePointer<Scalar>?, _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int, beta: Double = 0
  ) {
    let work = m &* n &* k
    let (first, second): (Int32, Int32) = (ta ? 1 : 0, tb ? 1 : 0)
    let kernelType = Scalar.kernelType
    if work < 1 << 19 { return ck_gemm(kernelType, first, second, m, n, k, a, lda, b, ldb, beta, bias, c, ldc) }
    nonisolated(unsafe) let (p, q, y, shift) = (a, b, c, bias)
    // A long inner dimension and a small result (gradients of weights): partial products of runs of fixed length, added in order.
    if k >= 384 && m &* n <= 1 << 15 && bias == nil && beta == 0 {
      let pieces = min(max(2, k / 400), 16)
      let run = (k + pieces - 1) / pieces
      let partial = Storage<Scalar>(count: pieces &* m &* n)
      nonisolated(unsafe) let s = partial.pointer
      Threads.run(pieces: pieces) { i in
        let start = i &* run
        ck_gemm(
          kernelType, first, second, m, n, min(run, k &- start), ta ? p + start &* lda : p + start, lda,
          tb ? q + start : q + start &* ldb, ldb, 0, nil, s + i &* m &* n, n)
      }
      if ldc == n {
        ck_sum(kernelType, 1, pieces, m &* n, m &* n, s, c)
      } else {
        let total = Storage<Scalar>(count: m &* n)
        ck_sum(kernelType, 1, pieces, m &* n, m &* n, s, total.pointer)
        let stride = MemoryLayout<Scalar>.stride
        ck_copy_rows(m, n &* stride, total.pointer, n &* stride, c, ldc &* stride)
        withExtendedLifetime(total) {}
      }
      withExtendedLifetime(partial) {}
      return
    }
    // Pieces of the longer side of C; a multiple of six rows fills the register tiles, of 64 columns the panels.
    if m >= n {
      let pieces = Product.pieces(min(work >> 18, m / 48))
      let run = ((m + pieces - 1) / pieces + 5) / 6 * 6
      // Several pieces share one transposed copy of B, unless it is so narrow that the kernel takes it as it is.
      let turned = tb && pieces > 1 && n > 4 ? Storage<Scalar>(count: k &* n) : nil
      if let turned { ck_transpose(kernelType, n, k, b, ldb, turned.pointer, n) }
      nonisolated(unsafe) let factor = turned.map { UnsafePointer($0.pointer) } ?? q
      let (transposed, length) = turned == nil ? (second, ldb) : (0, n)
      Threads.cut(m, size: run) { start, count in
        ck_gemm(
          kernelType, first, transposed, count, n, k, ta ? p + start : p + start &* lda, lda, factor, length, beta, shift,
          y + start &* ldc, ldc)
      }
      withExtendedLifetime(turned) {}
    } else {
      let pieces = Product.pieces(min(work >> 18, n / 64))
      let run = ((n + pieces - 1) / pieces + 63) / 64 * 64
      Threads.cut(n, size: run) { start, count in
        ck_gemm(
          kernelType, first, second, m, count, k, p, lda, tb ? q + start &* ldb : q + start, ldb, beta,
          shift.map { $0 + start }, y + start, ldc)
      }
    }
  }
}

extension Tensor {
  /// The matrix product op(a) op(b) over the last two axes; leading axes broadcast. op transposes where asked to.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func matmul(_ a: Tensor, _ b: Tensor, transposingFirst ta: Bool = false, transposingSecond tb: Bool = false) -> Tensor {
    require(a.rank >= 2 && b.rank >= 2, "two tensors with at least two axes are expected, received \(a.shape) and \(b.shape)")
    let (m, k) = ta ? (a.shape[-1], a.shape[-2]) : (a.shape[-2], a.shape[-1])
    let (kb, n) = tb ? (b.shape[-1], b.shape[-2]) : (b.shape[-2], b.shape[-1])
    require(
      k == kb, "equal inner dimensions are expected, received \(a.shape)\(ta ? " transposed" : "") and \(b.shape)\(tb ? " transposed" : "")"
    )
    if a.rank > 2 && b.rank == 2 && !ta {
      // Many rows against one matrix: a single product.
      var target = a.shape
      target[-1] = n
      return matmul(a.reshaped(to: Shape(a.shape.product(0..<a.rank - 1), k)), b, transposingSecond: tb).reshaped(to: target)
    }
    let out = batchedProduct(a, b, ta, tb, m, n, k)
    guard a.node != nil || b.node != nil, isRecording else { return out }
    return out.recorded(from: a.node, b.node) { _, g, needed in
      InputGradients(
        needed[0]
          ? (ta ? matmul(b, g, transposingFirst: tb, transposingSecond: true) : matmul(g, b, transposingSecond: !tb)).summed(to: a.shape)
          : nil,
        needed[1]
          ? (tb ? matmul(g, a, transposingFirst: true, transposingSecond: ta) : matmul(a, g, transposingFirst: !ta)).summed(to: b.shape)
          : nil)
    }
  }

  private static func batchedProduct(_ a: Tensor, _ b: Tensor, _ ta: Bool, _ tb: Bool, _ m: Int, _ n: Int, _ k: Int) -> Tensor {
    if a.rank == 2 && b.rank == 2 {
      let out = Tensor(uninitialized: Shape(m, n))
      Product.gemm(ta, tb, m, n, k, a.pointer, a.shape[1], b.pointer, b.shape[1], nil, out.pointer, n)
      return out
    }
    let (outerA, outerB) = (Shape(a.shape.dimensions.dropLast(2)), Shape(b.shape.dimensions.dropLast(2)))
    let outer = Shape.broadcast(outerA, outerB)
    let out = Tensor(uninitialized: Shape(outer.dimensions + [m, n]))
    if out.count == 0 { return out }
    let loops = BroadcastLoops(outerA, outerB, result: outer)
    nonisolated(unsafe) let (p, q, y) = (a.pointer, b.pointer, out.pointer)
    let (lda, ldb) = (a.shape[-1], b.shape[-1])
    let batches = outer.elementCount
    let one: @Sendable (Int) -> (Int, Int) = { batch in
      var (rest, left, right) = (batch, 0, 0)
      for d in loops.sizes.indices.reversed() {
        let i = rest % loops.sizes[d]
        rest /= loops.sizes[d]
        left += i * loops.leftStrides[d]
        right += i * loops.rightStrides[d]
      }
      return (left &* m &* k, right &* k &* n)
    }
    if batches < 4 && m &* n &* k >= 1 << 20 {
      for batch in 0..<batches {
        let (left, right) = one(batch)
        Product.gemm(ta, tb, m, n, k, p + left, lda, q + right, ldb, nil, y + batch &* m &* n, n)
      }
      return out
    }
    Threads.split(batches, grain: Swift.max(1, (1 << 17) / Swift.max(1, m * n * k))) { start, count in
      for batch in start..<start + count {
        let (left, right) = one(batch)
        ck_gemm(Scalar.kernelType, ta ? 1 : 0, tb ? 1 : 0, m, n, k, p + left, lda, q + right, ldb, 0, nil, y + batch &* m &* n, n)
      }
    }
    return out
  }

  /// x Wᵀ + bias over the innermost axis: x [..., in], weight [out, in], bias [out].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    require(
      weight.rank == 2 && x.rank >= 1 && x.shape[-1] == weight.shape[1],
      "an input [..., in] for a weight [out, in] of shape \(weight.shape) is expected, received \(x.shape)")
    let k = weight.shape[1]
    let n = weight.shape[0]
    if let bias { require(bias.shape == Shape(n), "a bias of shape [\(n)] is expected, received \(bias.shape)") }
    if x.rank != 2 {
      var target = x.shape
      target[-1] = n
      return linear(x.reshaped(to: Shape(x.shape.product(0..<x.rank - 1), k)), weight: weight, bias: bias).reshaped(to: target)
    }
    let m = x.shape[0]
    guard let bias else { return matmul(x, weight, transposingSecond: true) }
    let out = Tensor(uninitialized: Shape(m, n))
    Product.gemm(false, true, m, n, k, x.pointer, k, weight.pointer, k, bias.pointer, out.pointer, n)
    guard isRecording, x.node != nil || weight.node != nil || bias.node != nil else { return out }
    return out.recorded(from: x.node, weight.node, bias.node) { _, g, needed in
      InputGradients(
        needed[0] ? matmul(g, weight) : nil, needed[1] ? matmul(g, x, transposingFirst: true) : nil,
        needed[2] ? g.summed(to: Shape(n)) : nil)
    }
  }
}
