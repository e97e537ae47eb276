import Requirements

/// Trajectories of an ``NBodySystem``, sampled at frames, in contiguous arrays with the coordinates innermost.
///
/// The published files keep the bodies innermost: `loc[trajectory][frame][axis][body]`; here it is [trajectory][frame][body][axis].
public struct NBodyTrajectories: Sendable {
  /// The number of trajectories.
  public let count: Int
  /// The number of bodies.
  public let bodies: Int
  /// The frames kept, in rising order; see ``NBodySampling/step(ofFrame:)``.
  public let frames: [Int]
  /// Charges or masses; shape [trajectory][body].
  public let charges: [Double]
  /// Edges as in ``NBodyState/edges``; shape [trajectory][body][body].
  public let edges: [Double]
  /// Positions; shape [trajectory][frame][body][3].
  public let positions: [Double]
  /// Velocities; shape [trajectory][frame][body][3].
  public let velocities: [Double]
  /// The least distance of two bodies up to the last frame kept; shape [trajectory].
  public let closestApproach: [Double]
  /// The largest magnitude of a component of the total force on a body, before any clamp, up to the last frame kept; shape [trajectory].
  public let peakForce: [Double]

  /// The state of a trajectory at the `index`-th of the kept ``frames``.
  public func state(trajectory: Int, frameIndex index: Int) -> NBodyState {
    require((0..<count).contains(trajectory), "expected a trajectory in 0..<\(count), received \(trajectory)")
    require(frames.indices.contains(index), "expected a frame index in 0..<\(frames.count), received \(index)")
    let first = (trajectory * frames.count + index) * 3 * bodies
    return NBodyState(
      charges: Array(charges[(trajectory * bodies)..<((trajectory + 1) * bodies)]),
      edges: Array(edges[(trajectory * bodies * bodies)..<((trajectory + 1) * bodies * bodies)]),
      positions: Array(positions[first..<(first + 3 * bodies)]),
      velocities: Array(velocities[first..<(first + 3 * bodies)]))
  }
}
