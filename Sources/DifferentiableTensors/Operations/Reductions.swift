import CKernels
import Requirements

extension Tensor {
  /// The sum of all elements, as a scalar.
  public func sum() -> Tensor { summed(to: Shape([])) }

  /// Sums over axes.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func sum(axes: [Int], keepingDimensions keep: Bool = false) -> Tensor {
    let reduced = Set(axes.map { shape.index(of: $0) })
    let out = summed(to: shape.reducing(reduced, keepingDimensions: true))
    return keep ? out : out.reshaped(to: shape.reducing(reduced, keepingDimensions: false))
  }
  /// The sum over one axis.
  public func sum(axis: Int, keepingDimensions keep: Bool = false) -> Tensor { sum(axes: [axis], keepingDimensions: keep) }

  /// The mean of all elements.
  public func mean() -> Tensor { sum() * (1 / Scalar(Swift.max(1, count))) }
  /// Means over axes.
  public func mean(axes: [Int], keepingDimensions keep: Bool = false) -> Tensor {
    let n = Set(axes.map { shape.index(of: $0) }).reduce(1) { $0 * shape[$1] }
    return sum(axes: axes, keepingDimensions: keep) * (1 / Scalar(Swift.max(1, n)))
  }
  /// The mean over one axis.
  public func mean(axis: Int, keepingDimensions keep: Bool = false) -> Tensor { mean(axes: [axis], keepingDimensions: keep) }

  /// The mean squared deviation from the mean over an axis (divided by n).
  public func variance(axis: Int, keepingDimensions keep: Bool = false) -> Tensor {
    (self - mean(axis: axis, keepingDimensions: true)).squared().mean(axis: axis, keepingDimensions: keep)
  }

  /// The largest element along an axis; equal ones share the gradient.
  public func max(axis: Int, keepingDimensions keep: Bool = false) -> Tensor { extremum(1, axis, keep) }
  /// The smallest element along an axis; equal ones share the gradient.
  public func min(axis: Int, keepingDimensions keep: Bool = false) -> Tensor { extremum(-1, axis, keep) }
  /// The largest element of all, as a scalar.
  public func max() -> Tensor { reshaped(to: [count]).max(axis: 0) }
  /// The smallest element of all, as a scalar.
  public func min() -> Tensor { reshaped(to: [count]).min(axis: 0) }

  private func extremum(_ sign: Int32, _ axis: Int, _ keep: Bool) -> Tensor {
    let k = shape.index(of: axis)
    require(shape[k] > 0, "an axis with elements is expected, received axis \(axis) of \(shape)")
    let out = Tensor(uninitialized: shape.reducing([k], keepingDimensions: true))
    let (outer, inner) = (shape.product(0..<k), shape.product((k + 1)..<rank))
    Tensor.extremum(sign, outer, shape[k], inner, pointer, out.pointer)
    var result = out
    if isTracked {
      let x = detached
      result = out.recorded(from: node) { _, g, _ in
        let winners = x .== out
        return InputGradients(g * (winners / winners.sum(axis: k, keepingDimensions: true)))
      }
    }
    return keep ? result : result.reshaped(to: shape.reducing([k], keepingDimensions: false))
  }

  /// The extremum over the middle of [outer, r, inner]. Long runs are cut into pieces of a fixed length.
  private static func extremum(
    _ sign: Int32, _ outer: Int, _ r: Int, _ inner: Int, _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
  ) {
    nonisolated(unsafe) let (x, y) = (x, y)
    let type = Scalar.kernelType
    let run = 65536
    if outer == 1, inner == 1, r >= 2 * run {
      let pieces = (r + run - 1) / run
      let partial = Tensor(uninitialized: [pieces])
      nonisolated(unsafe) let p = partial.pointer
      Threads.split(pieces, grain: 1) { start, count in
        for i in start..<start + count { ck_extremum(type, sign, 1, Swift.min(run, r &- i &* run), 1, 1, x + i &* run, p + i) }
      }
      return extremum(sign, 1, pieces, 1, p, y)
    }
    if outer == 1 {
      return Threads.split(inner, grain: Swift.max(64, 32768 / r)) { start, count in
        ck_extremum(type, sign, 1, r, count, inner, x + start, y + start)
      }
    }
    Threads.split(outer, grain: Swift.max(1, 32768 / Swift.max(1, r * inner))) { start, count in
      ck_extremum(type, sign, count, r, inner, inner, x + start &* r &* inner, y + start &* inner)
    }
  }

  /// The largest magnitude of an element: 0 where there is none, and infinite where an element is not finite.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  package func largestMagnitude() -> Scalar {
    var largest = Scalar(0)
    for i in 0..<count {
      let magnitude = pointer[i].magnitude
      if !(magnitude < .infinity) { return .infinity }
      if magnitude > largest { largest = magnitude }
    }
    return largest
  }

  /// The position of the largest element along the innermost axis (the first of equal ones).
  public func argmax() -> [Int] {
    require(rank > 0 && shape[-1] > 0, "an innermost axis with elements is expected, received \(shape)")
    let n = shape[-1]
    return withElements { x in
      (0..<(count / n)).map { r in (1..<n).reduce(0) { x[r * n + $1] > x[r * n + $0] ? $1 : $0 } }
    }
  }

  /// e^x / sum e^x over an axis.
  public func softmax(axis: Int = -1) -> Tensor {
    let e = (self - detached.max(axis: axis, keepingDimensions: true)).exp()
    return e / e.sum(axis: axis, keepingDimensions: true)
  }
  /// log softmax, without overflow.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let shifted = self - detached.max(axis: axis, keepingDimensions: true)
    return shifted - shifted.exp().sum(axis: axis, keepingDimensions: true).log()
  }

  /// The sum of squares over an axis.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func squaredNorm(axis: Int = -1, keepingDimensions keep: Bool = false) -> Tensor {
    if shape.index(of: axis) == rank - 1 {
      let out = Tensor.rowDot(self, self)
      return keep ? out : out.reshaped(to: shape.reducing([rank - 1], keepingDimensions: false))
    }
    return squared().sum(axis: axis, keepingDimensions: keep)
  }

  /// (x - mean) / sqrt(variance + epsilon) over the innermost axis, as in layer normalisation.
  public func standardized(epsilon: Scalar = 1e-5) -> Tensor {
    let centred = self - mean(axis: -1, keepingDimensions: true)
    let variance = Tensor.rowDot(centred, centred) * (1 / Scalar(shape[-1]))
    return centred * (variance + epsilon).power(-0.5)
  }
}
