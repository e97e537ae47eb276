import CKernels
import Requirements

extension Tensor {
  /// The same elements in another shape, without a copy; one dimension may be -1 and is computed.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func reshaped(to target: Shape) -> Tensor {
    if target == shape { return self }
    require(target.elementCount == count, "a shape of \(count) elements is expected for \(shape), received \(target)")
    let out = Tensor(storage: storage, shape: target)
    guard isTracked else { return out }
    let source = shape
    return out.recorded(from: node) { _, g, _ in InputGradients(g.reshaped(to: source)) }
  }
  /// The same elements in another shape; one dimension may be -1 and is computed.
  public func reshaped(_ dimensions: Int...) -> Tensor {
    let known = dimensions.filter { $0 >= 0 }.reduce(1, *)
    require(dimensions.count { $0 < 0 } <= 1, "at most one computed dimension is expected, received \(dimensions)")
    require(
      !dimensions.contains { $0 < 0 } || known > 0, "sizes above 0 beside a computed dimension are expected, received \(dimensions)")
    return reshaped(to: Shape(dimensions.map { $0 < 0 ? count / known : $0 }))
  }
  /// The same elements with a new axis of size 1.
  public func expandingAxis(_ axis: Int) -> Tensor {
    var d = shape.dimensions
    let position = axis < 0 ? axis + rank + 1 : axis
    require((0...rank).contains(position), "an axis in 0...\(rank) is expected, received \(axis)")
    d.insert(1, at: position)
    return reshaped(to: Shape(d))
  }
  /// The same elements without an axis of size 1.
  public func squeezed(axis: Int) -> Tensor {
    var d = shape.dimensions
    let position = shape.index(of: axis)
    require(d[position] == 1, "an axis of size 1 is expected, received axis \(axis) of \(shape)")
    d.remove(at: position)
    return reshaped(to: Shape(d))
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this tensor.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { shape.index(of: $0) }
    require(axes.count == rank && Set(axes).count == rank, "a permutation of the \(rank) axes is expected, received \(order)")
    if axes == Array(0..<rank) { return self }
    let strides = shape.strides
    let out = Tensor(uninitialized: Shape(axes.map { shape[$0] }))
    if count > 0 {
      let steps = axes.map { strides[$0] }
      out.shape.dimensions.withUnsafeBufferPointer { d in
        steps.withUnsafeBufferPointer { s in
          nonisolated(unsafe) let (d, s, x, y) = (d.baseAddress, s.baseAddress, pointer, out.pointer)
          let (n, type) = (Int32(rank), Scalar.kernelType)
          let width = Swift.max(1, out.shape[-1])
          Threads.split(count / width, grain: Swift.max(1, 16384 / width)) { start, rows in
            ck_permute(type, n, d, s, start, start &+ rows, x, y)
          }
        }
      }
    }
    guard isTracked else { return out }
    var inverse = axes
    for (i, a) in axes.enumerated() { inverse[a] = i }
    return out.recorded(from: node) { _, g, _ in InputGradients(g.permuted(inverse)) }
  }
  /// The tensor with the last two axes exchanged.
  public func transposed() -> Tensor {
    require(rank >= 2, "a tensor with at least two axes is expected, received \(shape)")
    return transposed(-2, -1)
  }
  /// The tensor with two axes exchanged.
  public func transposed(_ a: Int, _ b: Int) -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(shape.index(of: a), shape.index(of: b))
    return permuted(order)
  }

  /// The elements whose index on an axis lies in a range.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    let k = shape.index(of: axis)
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[k],
      "a range in 0 ..< \(shape[k]) is expected on axis \(axis) of \(shape), received \(range)")
    if range.count == shape[k] { return self }
    var target = shape
    target[k] = range.count
    let out = Tensor(uninitialized: target)
    let inner = shape.product((k + 1)..<rank) * MemoryLayout<Scalar>.stride
    ck_copy_rows(
      shape.product(0..<k), range.count * inner, UnsafeRawPointer(pointer) + range.lowerBound * inner, shape[k] * inner, out.pointer,
      range.count * inner)
    guard isTracked else { return out }
    let size = shape[k]
    return out.recorded(from: node) { _, g, _ in InputGradients(part: PartialGradient(g, axis: k, start: range.lowerBound, of: size)) }
  }
  /// One index of an axis, which disappears.
  public func selected(axis: Int, _ index: Int) -> Tensor { sliced(axis: axis, index..<index + 1).squeezed(axis: axis) }

  /// Zeros before and after the elements of an axis, so that it gets the given size. This is the transpose of ``sliced(axis:_:)``.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func padded(axis: Int, before: Int, to size: Int) -> Tensor {
    let k = shape.index(of: axis)
    let length = shape[k]
    require(before >= 0 && before + length <= size, "a size of at least \(before + length) is expected for \(shape), received \(size)")
    if size == length { return self }
    var target = shape
    target[k] = size
    let out = Tensor.zeros(target)
    let inner = shape.product((k + 1)..<rank) * MemoryLayout<Scalar>.stride
    ck_copy_rows(
      shape.product(0..<k), length * inner, pointer, length * inner, UnsafeMutableRawPointer(out.pointer) + before * inner, size * inner)
    guard isTracked else { return out }
    return out.recorded(from: node) { _, g, _ in InputGradients(g.sliced(axis: k, before..<before + length)) }
  }

  /// Tensors one after the other along an axis; the other dimensions must agree.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func concatenated(_ parts: [Tensor], axis: Int = -1) -> Tensor {
    guard let first = parts.first else { fatalError("at least one tensor is expected to concatenate") }
    if parts.count == 1 { return first }
    let k = first.shape.index(of: axis)
    var target = first.shape
    for p in parts.dropFirst() {
      require(p.rank == first.rank, "tensors of rank \(first.rank) are expected, received \(p.shape)")
      for i in 0..<first.rank where i != k {
        require(p.shape[i] == first.shape[i], "shapes equal to \(first.shape) but for axis \(k) are expected, received \(p.shape)")
      }
      target[k] += p.shape[k]
    }
    let out = Tensor(uninitialized: target)
    let inner = target.product((k + 1)..<target.rank) * MemoryLayout<Scalar>.stride
    let outer = target.product(0..<k)
    let row = target[k] * inner
    var starts: [Int] = []
    var start = 0
    for p in parts {
      let width = p.shape[k]
      ck_copy_rows(outer, width * inner, p.pointer, width * inner, UnsafeMutableRawPointer(out.pointer) + start * inner, row)
      starts.append(start)
      start += width
    }
    guard isRecording, parts.contains(where: { $0.node != nil }) else { return out }
    let widths = parts.map { $0.shape[k] }
    return out.recorded(from: parts) { _, g, needed in
      InputGradients(widths.indices.map { needed[$0] ? g.sliced(axis: k, starts[$0]..<starts[$0] + widths[$0]) : nil })
    }
  }
  /// Tensors of one shape along a new axis.
  public static func stacked(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(parts.map { $0.expandingAxis(axis) }, axis: axis)
  }
}
