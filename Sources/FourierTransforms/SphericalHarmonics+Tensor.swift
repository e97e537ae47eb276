import CKernels
import DifferentiableTensors
import GroupTheory
import Requirements

extension SphericalHarmonics {
  /// The harmonics at every point of a tensor: [..., 3] gives [..., count].
  ///
  /// They are differentiable to any order, with finite derivatives everywhere: at the zero vector those that are not determined are 0. They
  /// are computed in `Double`, so that `Float` results are rounded once.
  public func callAsFunction<Scalar: TensorScalar>(_ points: Tensor<Scalar>) -> Tensor<Scalar> {
    let values = evaluate(points, withJacobian: false).values
    guard points.requiresGradient else { return values }
    return .operation([points], value: values) { _, g in [pullback(points, g)] }
  }

  /// Values [..., count] and their derivatives [..., 3, count] with respect to (x, y, z); outside any graph.
  public func valuesAndJacobian<Scalar: TensorScalar>(_ points: Tensor<Scalar>) -> (values: Tensor<Scalar>, jacobian: Tensor<Scalar>) {
    let (values, jacobian) = evaluate(points, withJacobian: true)
    return (values, jacobian!)
  }

  private func evaluate<Scalar: TensorScalar>(
    _ points: Tensor<Scalar>, withJacobian: Bool
  ) -> (values: Tensor<Scalar>, jacobian: Tensor<Scalar>?) {
    require(points.rank >= 1 && points.shape[-1] == 3, "points of shape [..., 3] are expected, received \(points.shape)")
    let outer = points.shape.dimensions.dropLast()
    let values = Tensor<Scalar>(uninitialized: Shape(outer + [count]))
    let jacobian = withJacobian ? Tensor<Scalar>(uninitialized: Shape(outer + [3, count])) : nil
    let (lo, hi, width) = (Int32(degrees.lowerBound), Int32(degrees.upperBound), count)
    nonisolated(unsafe) let (x, y, d) = (points.pointer, values.pointer, jacobian?.pointer)
    Threads.split(points.count / 3, grain: max(16, 65536 / width)) { start, count in
      ck_harmonics(
        Scalar.kernelType, count, lo, hi, table.entries, normalizingInput ? 1 : 0, x + 3 &* start, y + start &* width,
        d.map { $0 + 3 &* start &* width })
    }
    return (values, jacobian)
  }

  /// The gradient with respect to the points of sum(Y(points) g).
  private func pullback<Scalar: TensorScalar>(_ points: Tensor<Scalar>, _ g: Tensor<Scalar>) -> Tensor<Scalar> {
    if isRecording { return recordedPullback(points, g) }
    let gradient = Tensor<Scalar>(uninitialized: points.shape)
    let (lo, hi, width) = (Int32(degrees.lowerBound), Int32(degrees.upperBound), count)
    nonisolated(unsafe) let (x, g, dx) = (points.pointer, g.pointer, gradient.pointer)
    Threads.split(points.count / 3, grain: max(16, 65536 / width)) { start, count in
      ck_harmonics_pullback(
        Scalar.kernelType, count, lo, hi, table.entries, normalizingInput ? 1 : 0, x + 3 &* start, g + start &* width, dx + 3 &* start)
    }
    return gradient
  }

  /// The same, made of differentiable operations: derivatives of solid harmonics are solid harmonics of one degree less, and those of
  /// harmonics of the direction u = x/|x| follow by the chain rule.
  private func recordedPullback<Scalar: TensorScalar>(_ points: Tensor<Scalar>, _ g: Tensor<Scalar>) -> Tensor<Scalar> {
    guard degrees.upperBound > 0 else { return .zeros(points.shape) }
    let key = LadderKey(degrees: degrees, normalization: normalization, type: ObjectIdentifier(Scalar.self))
    let (solid, ladder): (SphericalHarmonics, SparseMatrix<Scalar>) = LadderKey.memo.value(key) {
      let below = max(degrees.lowerBound - 1, 0)...(degrees.upperBound - 1)
      let solid = SphericalHarmonics(degrees: below, normalization: normalization, normalizingInput: false)
      return (solid, self.ladder(to: solid))
    }
    let unit = normalizingInput ? points.directionAndInverseNorm() : nil
    let u = unit?.direction ?? points
    // t[a, k] = Σ_j g[j] (coefficient of harmonic k in the derivative of harmonic j along axis a)
    let n = points.count / 3
    let t = Tensor.sparseProduct(ladder, g).reshaped(n, 3, solid.count)
    let gradient = Tensor.matmul(t, solid(u).reshaped(n, solid.count, 1)).reshaped(to: points.shape)
    guard let unit else { return gradient }
    return (gradient - u * Tensor.rowDot(u, gradient)) * unit.inverseNorm
  }

  /// The matrix [3 solid.count, count] that takes weights of these harmonics to weights of the harmonics of one degree less, whose sum is
  /// the derivative along each axis (see `HarmonicTable`).
  private func ladder<Scalar: TensorScalar>(to solid: SphericalHarmonics) -> SparseMatrix<Scalar> {
    var entries: [SparseMatrix<Scalar>.Entry] = []
    for l in degrees where l > 0 {
      for m in 0...l {
        let place = 6 * (l * (l + 1) / 2 + m)
        let (up, down, along) = (table.entries[place + 3], table.entries[place + 4], table.entries[place + 5])
        /// The harmonic of order k of degree l − 1 in the derivative of that of order j along an axis.
        func put(_ axis: Int, _ j: Int, _ k: Int, _ value: Double) {
          guard abs(k) < l, value != 0 else { return }
          entries.append((axis * solid.count + solid.index(degree: l - 1, order: k), index(degree: l, order: j), value))
        }
        put(1, m, m, along)
        put(2, m, m + 1, -down)
        put(0, m, -m - 1, -down)
        if m > 0 {
          put(1, -m, -m, along)
          put(2, m, m - 1, up)
          put(0, -m, m - 1, up)
          put(2, -m, -m - 1, -down)
          put(0, -m, m + 1, down)
        }
        if m > 1 {
          put(0, m, 1 - m, -up)
          put(2, -m, 1 - m, up)
        }
      }
    }
    return SparseMatrix(rows: 3 * solid.count, columns: count, entries)
  }
}

/// What the derivatives of harmonics are made of.
private struct LadderKey: Hashable {
  let degrees: ClosedRange<Int>
  let normalization: SphericalHarmonics.Normalization
  let type: ObjectIdentifier
  static let memo = Memo<LadderKey>()
}
