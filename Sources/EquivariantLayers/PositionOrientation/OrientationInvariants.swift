import DifferentiableTensors
import Requirements

extension OrientationGrid {
  /// The invariants of each vector r from a receiver to a sender under the motions that fix orientation o (Bekkers et al. 2024, table 1):
  ///
  /// - directions in space: a₁ = r·o, a₂ = |r − a₁ o|,
  /// - directions in the plane: a₁ = r·o, a₂ = −r_x o_y + r_y o_x,
  /// - frames: the three components of Rᵀ r.
  ///
  /// a₂ in space has a kink where r and o are parallel: there its derivatives count as 0, so that they are finite everywhere.
  /// - Parameter r: [pairs, d]
  /// - Returns: [pairs, n, 2 or 3]
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func spatialInvariants(_ r: Tensor<Scalar>) -> Tensor<Scalar> {
    let (n, d) = (count, dimension)
    require(r.rank == 2 && r.shape[1] == d, "vectors [pairs, \(d)] are expected, received \(r.shape)")
    let local = Tensor.matmul(r, frames.reshaped(n * d, d), transposingSecond: true).reshaped(r.shape[0], n, d)
    guard d == 3 && axesPerOrientation == 1 else { return local }
    let across = local.sliced(axis: 2, 1..<3).lengths(amongVectors: local)
    return .concatenated([local.sliced(axis: 2, 0..<1), across])
  }

  /// The invariants of each pair of orientations p (receiver) and o (sender) under the motions of space: o·p, or for frames the nine
  /// entries of R_pᵀ R_o.
  /// - Returns: [n, n, 1 or 9]
  public var fiberInvariants: Tensor<Scalar> {
    let (n, k) = (count, axesPerOrientation)
    let flat = axes.reshaped(n * k, dimension)
    return Tensor.matmul(flat, flat, transposingSecond: true).reshaped(n, k, n, k).permuted([0, 2, 1, 3]).reshaped(n, n, k * k)
  }
}

extension Tensor {
  /// The three invariants of pairs of positions with directions (pᵢ, oᵢ), the receiver, and (pⱼ, oⱼ): a₁ = r·oᵢ, a₂ = |r − a₁ oᵢ| and
  /// a₃ = oᵢ·oⱼ with r = pⱼ − pᵢ (Bekkers et al. 2024, table 1). Where r and oᵢ are parallel, derivatives of a₂ count as 0.
  ///
  /// - Parameters:
  ///   - r: [pairs, 3]
  ///   - receivers: oᵢ, [pairs, 3]
  ///   - senders: oⱼ, [pairs, 3]
  /// - Returns: [pairs, 3]
  public static func orientedPairInvariants(_ r: Tensor, receivers: Tensor, senders: Tensor) -> Tensor {
    require(
      r.rank == 2 && r.shape[1] == 3 && receivers.shape == r.shape && senders.shape == r.shape,
      "three lists [pairs, 3] are expected, received \(r.shape), \(receivers.shape) and \(senders.shape)")
    let along = rowDot(r, receivers)
    return concatenated([along, (r - along * receivers).lengths(amongVectors: r), rowDot(receivers, senders)])
  }

  /// |x| over the innermost axis, which stays with size 1; zero with zero derivatives where it is no more than the rounding of |v|.
  fileprivate func lengths(amongVectors v: Tensor) -> Tensor {
    if let units = v.unitsForSquares() { return (self / units).lengths(amongVectors: v / units) * units }
    let square = Tensor.rowDot(self, self)
    let noise = v.detached.squaredNorm(keepingDimensions: true) * (64 * Scalar.ulpOfOne * Scalar.ulpOfOne)
    let significant = square.detached .> noise
    let safe = Tensor.select(significant, square, .ones(square.shape))
    return .select(significant, safe.squareRoot(), .zeros(square.shape))
  }
}
