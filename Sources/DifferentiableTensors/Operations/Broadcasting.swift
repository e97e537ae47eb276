import CKernels
import Requirements

/// An elementwise operation of two tensors as loops: neighbouring axes on which both are full, or on which the same one repeats, are one
/// loop.
struct BroadcastLoops {
  var sizes: [Int] = []  // outermost first
  var leftStrides: [Int] = []  // 0 where the left operand repeats
  var rightStrides: [Int] = []

  init(_ a: Shape, _ b: Shape, result: Shape) {
    var leftStride = 1
    var rightStride = 1
    for axis in stride(from: -1, through: -result.rank, by: -1) where result[axis] != 1 {
      let size = result[axis]
      let inLeft = -axis <= a.rank && a[axis] != 1
      let inRight = -axis <= b.rank && b[axis] != 1
      if let last = sizes.indices.last, (leftStrides[last] != 0) == inLeft, (rightStrides[last] != 0) == inRight {
        sizes[last] *= size
      } else {
        sizes.append(size)
        leftStrides.append(inLeft ? leftStride : 0)
        rightStrides.append(inRight ? rightStride : 0)
      }
      if inLeft { leftStride *= size }
      if inRight { rightStride *= size }
    }
    while sizes.count < 2 {
      sizes.append(1)
      leftStrides.append(0)
      rightStrides.append(0)
    }
    sizes.reverse()
    leftStrides.reverse()
    rightStrides.reverse()
  }
}

extension Tensor {
  /// y = op(a, b) with broadcasting, outside any graph.
  @inline(__always) static func elementwise(_ op: Int, _ a: Tensor, _ b: Tensor) -> Tensor {
    let kind = Int32(truncatingIfNeeded: op)
    if a.shape == b.shape {
      let out = Tensor(uninitialized: a.shape)
      let n = out.count
      if n < 16384 {
        ck_binary(Scalar.kernelType, kind, 1, n, a.pointer, n, 1, b.pointer, n, 1, out.pointer)
      } else {
        nonisolated(unsafe) let (p, q, y) = (a.pointer, b.pointer, out.pointer)
        Threads.split(n, grain: 8192) { start, n in
          ck_binary(Scalar.kernelType, kind, 1, n, p + start, n, 1, q + start, n, 1, y + start)
        }
      }
      return out
    }
    if b.count == 1 && b.rank <= a.rank {
      let out = Tensor(uninitialized: a.shape)
      nonisolated(unsafe) let (p, q, y) = (a.pointer, b.pointer, out.pointer)
      Threads.split(out.count, grain: 8192) { start, n in
        ck_binary(Scalar.kernelType, kind, 1, n, p + start, n, 1, q, 0, 0, y + start)
      }
      return out
    }
    return broadcastElementwise(kind, a, b)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func broadcastElementwise(_ kind: Int32, _ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = Shape.broadcast(a.shape, b.shape)
    let out = Tensor(uninitialized: shape)
    if out.count == 0 { return out }
    let loops = BroadcastLoops(a.shape, b.shape, result: shape)
    let last = loops.sizes.count - 1
    let (m, n) = (loops.sizes[last - 1], loops.sizes[last])
    let (ra, ca) = (loops.leftStrides[last - 1], loops.leftStrides[last] == 0 ? 0 : 1)
    let (rb, cb) = (loops.rightStrides[last - 1], loops.rightStrides[last] == 0 ? 0 : 1)
    let outer = loops.sizes[0..<(last - 1)].reduce(1, *)
    nonisolated(unsafe) let (p, q, y) = (a.pointer, b.pointer, out.pointer)
    let kernelType = Scalar.kernelType
    if outer == 1 {
      Threads.split(m, grain: Swift.max(1, 8192 / n)) { start, m in
        ck_binary(kernelType, kind, m, n, p + start &* ra, ra, ca, q + start &* rb, rb, cb, y + start &* n)
      }
      return out
    }
    Threads.split(outer, grain: Swift.max(1, 8192 / (m * n))) { start, count in
      for o in start..<start + count {
        var (rest, left, right) = (o, 0, 0)
        for k in stride(from: last - 2, through: 0, by: -1) {
          let i = rest % loops.sizes[k]
          rest /= loops.sizes[k]
          left += i * loops.leftStrides[k]
          right += i * loops.rightStrides[k]
        }
        ck_binary(kernelType, kind, m, n, p + left, ra, ca, q + right, rb, cb, y + o &* m &* n)
      }
    }
    return out
  }

  /// Repeats the elements to fill `shape`, aligned at the innermost axis. This is the transpose of ``summed(to:)``.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func broadcast(to target: Shape) -> Tensor {
    if shape == target { return self }
    require(Shape.broadcast(shape, target) == target, "a shape that broadcasts to \(target) is expected, received \(shape)")
    let out: Tensor
    if count == 1 {
      out = Tensor(repeating: pointer[0], shape: target)
    } else {
      // x + 0 keeps every value but the sign of a zero: multiply by one instead.
      out = Tensor.broadcastElementwise(Int32(CK_MUL), Tensor(repeating: 1, shape: target.onesOutside(shape)), self)
    }
    guard isTracked else { return out }
    let source = shape
    return out.recorded(from: node) { _, g, _ in InputGradients(g.summed(to: source)) }
  }

  /// Sums over the axes along which `target` would be repeated to this shape. This is the transpose of ``broadcast(to:)``.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func summed(to target: Shape) -> Tensor {
    if shape == target { return self }
    require(Shape.broadcast(target, shape) == shape, "a shape that broadcasts to \(shape) is expected, received \(target)")
    // Groups of axes, outermost first: kept or summed.
    var sizes: [Int] = []
    var kept: [Bool] = []
    for axis in stride(from: -1, through: -rank, by: -1) where shape[axis] != 1 {
      let keep = -axis <= target.rank && target[axis] != 1
      if let last = kept.last, last == keep {
        sizes[sizes.count - 1] *= shape[axis]
      } else {
        sizes.append(shape[axis])
        kept.append(keep)
      }
    }
    var value = self
    // Innermost group first: sizes are stored innermost first here.
    while let group = kept.firstIndex(of: false) {
      let inner = sizes[..<group].reduce(1, *)
      let outer = sizes[(group + 1)...].reduce(1, *)
      value = value.summedOnce(outer: outer, sizes[group], inner: inner)
      sizes.remove(at: group)
      kept.remove(at: group)
    }
    let out = Tensor(storage: value.storage, shape: target)
    guard isTracked else { return out }
    let source = shape
    return out.recorded(from: node) { _, g, _ in InputGradients(g.broadcast(to: source)) }
  }

  /// The sum over the middle of [outer, r, inner], outside any graph. Long sums are cut into runs of a fixed length, so that the order of
  /// additions does not depend on the number of threads.
  func summedOnce(outer: Int, _ r: Int, inner: Int) -> Tensor {
    let out = Tensor(uninitialized: Shape(outer, inner))
    nonisolated(unsafe) let (x, y) = (pointer, out.pointer)
    let kernelType = Scalar.kernelType
    let run = Swift.max(1, 32768 / Swift.max(1, inner))
    // A run of one row would leave as many rows as before.
    if outer == 1 && run > 1 && r >= 2 * run {
      let pieces = (r + run - 1) / run
      let partial = Tensor(uninitialized: Shape(pieces, inner))
      nonisolated(unsafe) let p = partial.pointer
      Threads.run(pieces: Swift.min(pieces, 65535)) { first in
        for i in stride(from: first, to: pieces, by: 65535) {
          ck_sum(kernelType, 1, Swift.min(run, r &- i &* run), inner, inner, x + i &* run &* inner, p + i &* inner)
        }
      }
      return partial.summedOnce(outer: 1, pieces, inner: inner)
    }
    if outer == 1 {
      // Columns do not see each other.
      Threads.split(inner, grain: Swift.max(64, 32768 / Swift.max(1, r))) { start, count in
        ck_sum(kernelType, 1, r, count, inner, x + start, y + start)
      }
      return out
    }
    Threads.split(outer, grain: Swift.max(1, 32768 / Swift.max(1, r * inner))) { start, count in
      ck_sum(kernelType, count, r, inner, inner, x + start &* r &* inner, y + start &* inner)
    }
    return out
  }
}

extension Shape {
  /// This shape with 1 where `other` has the full size, as an outer product with `other` needs it to fill this shape.
  fileprivate func onesOutside(_ other: Shape) -> Shape {
    var out = self
    for axis in stride(from: -1, through: -Swift.min(rank, other.rank), by: -1) where other[axis] == self[axis] { out[axis] = 1 }
    return out
  }
}
