import DifferentiableTensors
import MessagePassing

extension Tensor {
  /// The spatial part of a separable convolution on positions and orientations (Bekkers et al. 2024, eq. 8): for every edge from node j to
  /// node i,
  ///
  /// y[i, o, c] += (W b[e, o])_c x[j, o, c].
  ///
  /// The second edge of a pair has the basis of the first at the opposite orientation, o + n/2 modulo n: it stands in no row of its own.
  /// - Parameters:
  ///   - basis: b, [pairs, orientations, basis].
  ///   - weight: W, [channels, basis].
  ///   - features: x, [nodes, orientations, channels].
  ///   - pairs: the edges; their self-loops are not summed.
  /// - Returns: y, [nodes, orientations, channels].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func orientationConvolution(basis: Tensor, weight: Tensor, features x: Tensor, pairs: EdgePairs) -> Tensor {
    let kernel = linear(basis, weight: weight, bias: nil)
    let y = (kernel * x.gathered(pairs.senders)).scatterAdded(pairs.receivers)
    let mutual = pairs.isMutual.indices.filter { pairs.isMutual[$0] }
    guard !mutual.isEmpty else { return y }
    let n = x.shape[1]
    let rows = RowIndex(mutual, rowCount: pairs.count)
    let opposite = concatenated([kernel.sliced(axis: 1, n / 2..<n), kernel.sliced(axis: 1, 0..<n / 2)], axis: 1).gathered(rows)
    let ends = { (index: RowIndex) in RowIndex(mutual.map { Int(index.rows[$0]) }, rowCount: x.shape[0]) }
    return y + (opposite * x.gathered(ends(pairs.receivers))).scatterAdded(ends(pairs.senders))
  }
}
