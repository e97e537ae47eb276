import Equivariant

/// A test sample with the whole paths of its bodies from the input frame to the target frame.
struct DenseTrajectory {
  /// The number of the sample in the test split.
  let number: Int
  /// The charges or masses, or 1 for springs.
  let charges: [Double]
  /// The positions of each body at closely spaced times, [body][time].
  let paths: [[SIMD3<Double>]]
  /// The velocities at the input frame.
  let velocities: [SIMD3<Double>]

  /// Simulates samples of the test split once more.
  ///
  /// A data set keeps only two frames of a trajectory. The states are drawn from the stream of random numbers in the same way as for the
  /// data set (training and validation samples first), and every second step of the integrator is kept.
  static func ofTestSamples(_ numbers: [Int], _ c: RunConfiguration) -> [DenseTrajectory] {
    let system = c.data.system.system(bodies: c.data.bodies)
    var generator = MersenneTwister(seed: c.data.seed)
    system.skipStates((c.usesPublishedStream ? 10_000 : c.data.trainCount) + 2000, using: &generator)
    let states = (0...(numbers.max() ?? 0)).map { _ in system.drawState(using: &generator) }
    let frames = system.publishedSampling
    let interval = 2
    let fine = NBodySampling(length: frames.length, interval: interval, includesStart: true)
    let kept = (frames.step(ofFrame: 30) / interval)...(frames.step(ofFrame: 40) / interval)
    let simulated = system.simulate(numbers.map { states[$0] }, sampling: fine, frames: Array(kept), threads: Threads.count)
    return numbers.enumerated().map { place, number in
      let states = (0..<kept.count).map { simulated.state(trajectory: place, frameIndex: $0) }
      return DenseTrajectory(
        number: number, charges: states[0].charges,
        paths: (0..<c.data.bodies).map { body in states.map { vector($0.positions, body) } },
        velocities: (0..<c.data.bodies).map { vector(states[0].velocities, $0) })
    }
  }
}

/// Row `k` of an array of 3-vectors.
func vector(_ values: [some BinaryFloatingPoint], _ k: Int) -> SIMD3<Double> {
  SIMD3(Double(values[3 * k]), Double(values[3 * k + 1]), Double(values[3 * k + 2]))
}
