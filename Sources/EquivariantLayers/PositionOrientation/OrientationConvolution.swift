import DifferentiableTensors
import MessagePassing
import Requirements

extension Tensor {
  /// The spatial part of a separable convolution on positions and orientations (Bekkers et al. 2024, eq. 8): for every edge from node j to
  /// node i,
  ///
  /// y[i, o, c] += (W b[e, o])_c x[j, o, c].
  ///
  /// The second edge of a pair has the basis of the first at the opposite orientation, o + n/2 modulo n: it has no row of its own. The
  /// convolution is one pass over blocks of pairs: nothing of the size pairs × orientations × channels is stored, unless asked for.
  /// - Parameters:
  ///   - basis: b, [pairs, orientations, basis].
  ///   - weight: W, [channels, basis].
  ///   - x: [nodes, orientations, channels].
  ///   - pairs: the edges, without their self-loops. Where two edges are joined, the number of orientations is even (or 1).
  ///   - loop: W b of an edge from each node to itself, the same for all nodes and orientations, [channels], which adds loop ⊙ x. Nil for
  ///     none.
  ///   - keepsKernel: whether W b, [pairs, orientations, channels], is kept for the first backward pass, instead of being computed again.
  /// - Returns: y, [nodes, orientations, channels].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func orientationConvolution(
    basis: Tensor, weight: Tensor, features x: Tensor, pairs: EdgePairs, loop: Tensor? = nil, keepsKernel: Bool = false
  ) -> Tensor {
    require(
      basis.rank == 3 && weight.rank == 2 && x.rank == 3,
      "a basis [pairs, orientations, basis], a weight [channels, basis] and features [nodes, orientations, channels] are expected, "
        + "received \(basis.shape), \(weight.shape) and \(x.shape)")
    let (n, channels) = (x.shape[1], x.shape[2])
    require(
      basis.shape[0] == pairs.count && basis.shape[1] == n && x.shape[0] == pairs.receivers.rowCount && weight.shape[0] == channels
        && weight.shape[1] == basis.shape[2],
      "\(pairs.count) pairs of \(pairs.receivers.rowCount) nodes, one number of orientations, of channels and of basis functions are "
        + "expected, received \(basis.shape), \(weight.shape) and \(x.shape)")
    require(
      n % 2 == 0 || n == 1 || !pairs.isMutual.contains(true),
      "an even number of orientations is expected where edges are joined, received \(n)"
    )
    if let loop { require(loop.shape == [channels], "the kernel of loops, [\(channels)], is expected, received \(loop.shape)") }
    return OrientationForm(pairs: pairs).values(basis, weight, x, loop: loop, keepsKernel: keepsKernel)
  }
}
