import CKernels

extension Tensor {
  /// The Euclidean norm over an axis, which is right wherever it is a number of the element type: no square of a component over- or
  /// underflows. At zero all its derivatives are taken as 0, not NaN.
  public func norm(axis: Int = -1, keepingDimensions keep: Bool = false) -> Tensor {
    let scaled = scaledForSquares(axis: axis)
    // Not `> 0`: the norm of NaN is NaN.
    let positive = scaled.square.detached .!= Tensor(0)
    let safe = Tensor.select(positive, scaled.square, .ones(positive.shape))
    let unscaled = Tensor.select(positive, safe.squareRoot(), .zeros(positive.shape))
    let norm = scaled.scale.map { unscaled * $0 } ?? unscaled
    return keep ? norm : norm.squeezed(axis: axis)
  }

  /// x / |x| over an axis, for components of any size; zero for a zero vector, with zero derivatives.
  public func normalized(axis: Int = -1) -> Tensor {
    let scaled = scaledForSquares(axis: axis)
    return scaled.x * Tensor.inverseRoot(scaled.square)
  }

  /// x / |x| and 1 / |x| over an axis, which stays with size 1; zeros for a zero vector, with zero derivatives.
  package func directionAndInverseNorm(axis: Int = -1) -> (direction: Tensor, inverseNorm: Tensor) {
    let scaled = scaledForSquares(axis: axis)
    let inverse = Tensor.inverseRoot(scaled.square)
    return (scaled.x * inverse, scaled.scale.map { inverse / $0 } ?? inverse)
  }

  /// 1 / √x, 0 where x is 0.
  private static func inverseRoot(_ square: Tensor) -> Tensor {
    let positive = square.detached .!= Tensor(0)
    return select(positive, select(positive, square, .ones(square.shape)).power(-0.5), .zeros(square.shape))
  }

  /// These vectors in units of powers of two, with the sums of their squares, where squares or the powers of them in derivatives would
  /// leave the range of the element type; elsewhere the vectors themselves, without a scale. Powers of two change no digit.
  private func scaledForSquares(axis: Int) -> (x: Tensor, square: Tensor, scale: Tensor?) {
    let square = squaredNorm(axis: axis, keepingDimensions: true)
    guard let scale = unitsForSquares(square, axis: axis) else { return (self, square, nil) }
    let x = self / scale
    return (x, x.squaredNorm(axis: axis, keepingDimensions: true), scale)
  }

  /// Powers of two, in units of which the squares of these vectors, and the powers of them in derivatives, stay in the range of the element
  /// type; the axis has size 1 in them. Nil where they stay in it as they are.
  package func unitsForSquares(axis: Int = -1) -> Tensor? {
    detached.unitsForSquares(detached.squaredNorm(axis: axis, keepingDimensions: true), axis: axis)
  }

  private func unitsForSquares(_ square: Tensor, axis: Int) -> Tensor? {
    let k = shape.index(of: axis)
    let (outer, r, inner) = (shape.product(0..<k), shape[k], shape.product((k + 1)..<rank))
    if ck_squares_fit(Scalar.kernelType, outer, r, inner, pointer, square.pointer) != 0 { return nil }
    let units = powersOfTwo(outer, r, inner)
    // Numbers that are not finite have no other unit.
    return units.min().item == 1 && units.max().item == 1 ? nil : units.reshaped(to: square.shape)
  }

  /// For [outer, r, inner], a power of two [outer, inner] next to the largest magnitude over the middle; 1 where that is 0 or not finite.
  func powersOfTwo(_ outer: Int, _ r: Int, _ inner: Int) -> Tensor {
    let out = Tensor(uninitialized: [outer, inner])
    ck_powers_of_two(Scalar.kernelType, outer, r, inner, pointer, out.pointer)
    return out
  }

  /// A power of two next to the largest magnitude of each row of the first axis, [rows]: a row is divided by it so that its squares, and
  /// products of a few of its elements, stay in range.
  package var powersOfTwoByRow: Tensor {
    let rows = shape[0]
    return powersOfTwo(rows, rows == 0 ? 0 : count / rows, 1).reshaped(rows)
  }
}
