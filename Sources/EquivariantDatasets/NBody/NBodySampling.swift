import Requirements

/// How long a trajectory is and which steps of it are kept: every `interval`-th step is a frame.
///
/// The published generators count frames in two ways: those of charges and springs leave the initial state out, so that frame k is step
/// (k + 1) · interval; that of masses begins with it, so that frame k is step k · interval. Neither keeps the last step.
public struct NBodySampling: Sendable, Equatable {
  /// The length of the run in integrator steps; a multiple of ``interval``.
  public let length: Int
  /// The number of steps between frames.
  public let interval: Int
  /// Whether frame 0 is the initial state.
  public let includesStart: Bool

  /// A run of `length` steps of which every `interval`-th is kept, with or without the initial state.
  public init(length: Int, interval: Int, includesStart: Bool = false) {
    require(
      interval >= 1 && length >= 2 * interval && length.isMultiple(of: interval),
      "expected a length of at least two intervals and a multiple of the interval, received length \(length) and interval \(interval)")
    (self.length, self.interval, self.includesStart) = (length, interval, includesStart)
  }

  /// The number of frames: length / interval, less one when the initial state is left out.
  public var frameCount: Int { length / interval - (includesStart ? 0 : 1) }

  /// The integrator step of a frame: k · interval, or (k + 1) · interval when the initial state is left out.
  public func step(ofFrame frame: Int) -> Int { (includesStart ? frame : frame + 1) * interval }
}

extension NBodySystem {
  /// The sampling of the published runs: 5000 steps, of which every 100th is kept, with the initial state for masses only; that makes 49
  /// frames for charges and springs, and 50 for masses.
  public var publishedSampling: NBodySampling {
    if case .gravity = interaction { return NBodySampling(length: 5000, interval: 100, includesStart: true) }
    return NBodySampling(length: 5000, interval: 100)
  }
}
