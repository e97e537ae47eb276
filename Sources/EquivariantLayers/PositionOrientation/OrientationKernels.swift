import DifferentiableTensors
import MessagePassing
import Requirements

/// The basis functions on the pairs of one input, computed once, of which the kernels of all convolutions of a network are made.
public struct OrientationKernels<Scalar: TensorScalar>: Sendable {
  /// Which nodes are joined.
  public let pairs: EdgePairs
  /// b(r, o), [pairs, n, basis]; n = 1 for networks on points without shared orientations.
  public let spatial: Tensor<Scalar>
  /// b at r = 0, the same for every node and orientation, [basis]; nil without self-loops.
  public let loop: Tensor<Scalar>?
  /// b′(p, o) of receiving and sending orientation, [n, n, basis′]; nil for convolutions that are not separable.
  public let fiber: Tensor<Scalar>?
  /// The quadrature weights of the orientations, [n].
  public let weights: Tensor<Scalar>
  /// The projection of functions of the orientation after each nonlinearity, [n, n]; nil for none.
  public let projection: Tensor<Scalar>?
  /// Whether kernels at the pairs, [pairs, n, channels], are kept for the backward pass or computed again there.
  public let keepsKernels: Bool

  /// Makes the kernels from their parts. By default kernels are kept from 128 basis functions on: with fewer, computing them again costs no
  /// more than reading them.
  public init(
    pairs: EdgePairs, spatial: Tensor<Scalar>, loop: Tensor<Scalar>?, fiber: Tensor<Scalar>?, weights: Tensor<Scalar>,
    projection: Tensor<Scalar>? = nil, keepsKernels: Bool? = nil
  ) {
    let n = weights.count
    require(
      spatial.rank == 3 && spatial.shape[0] == pairs.count && spatial.shape[1] == n,
      "a basis [\(pairs.count), \(n), functions] is expected, received \(spatial.shape)")
    if let fiber {
      require(
        fiber.rank == 3 && fiber.shape[0] == n && fiber.shape[1] == n,
        "a basis [\(n), \(n), functions] is expected, received \(fiber.shape)")
    }
    if let projection { require(projection.shape == [n, n], "a projection [\(n), \(n)] is expected, received \(projection.shape)") }
    (self.pairs, self.spatial, self.loop, self.fiber, self.weights) = (pairs, spatial, loop, fiber, weights)
    self.projection = projection
    self.keepsKernels = keepsKernels ?? (spatial.shape[2] >= 128)
  }
}
