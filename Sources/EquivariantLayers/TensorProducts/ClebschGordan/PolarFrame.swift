import DifferentiableTensors

extension Tensor {
  /// Rotations, as quaternions of any length, that take the polar axis (0, 1, 0) to the vectors [..., 3]; the identity for a zero vector.
  ///
  /// It is the shortest rotation from (0, 1, 0) in the upper half of space, and from (0, −1, 0) after half a turn in the lower one, so that
  /// it is nowhere singular. Results computed in the frame of a vector do not depend on the turn about the axis, so that no derivative sees
  /// the seam.
  static func rotations(fromPoleTo vectors: Tensor) -> Tensor {
    let unit = vectors.normalized()
    let (x, y, z) = (unit.sliced(axis: -1, 0..<1), unit.sliced(axis: -1, 1..<2), unit.sliced(axis: -1, 2..<3))
    let zero = Tensor.zeros(y.shape)
    let upper = Tensor.concatenated([y + 1, z, zero, -x])
    let lower = Tensor.concatenated([z, 1 - y, x, zero])
    return .select((y.detached .>= zero) + Tensor.zeros(upper.shape), upper, lower)
  }
}
