/// How long a trajectory is and which steps of it are kept: every `interval`-th step is a frame.
public struct NBodySampling: Sendable, Equatable {
  /// The length of the run in integrator steps; a multiple of ``interval``.
  public let length: Int
  /// The number of steps between frames.
  public let interval: Int

  /// The published runs: 5000 steps, every 100th kept.
  public static let published = NBodySampling(length: 5000, interval: 100)

  /// A run of `length` steps of which every `interval`-th is kept.
  public init(length: Int, interval: Int) {
    precondition(
      interval >= 1 && length >= 2 * interval && length.isMultiple(of: interval),
      "expected a length of at least two intervals and a multiple of the interval, received length \(length) and interval \(interval)")
    (self.length, self.interval) = (length, interval)
  }

  /// The number of frames, length / interval − 1: frame k is the state at step (k + 1) · interval, and the last step is left out, as in
  /// the published generator.
  public var frameCount: Int { length / interval - 1 }

  /// The integrator step of a frame, (k + 1) · interval.
  public func step(ofFrame frame: Int) -> Int { (frame + 1) * interval }
}
