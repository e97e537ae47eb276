import Requirements

/// Samples of the task "given positions and velocities at one frame, predict the positions at a later one", in flat arrays.
public struct NBodySplit<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  /// The number of samples.
  public let count: Int
  /// The number of bodies.
  public let bodies: Int
  /// Charges or masses; shape [sample][body].
  public let charges: [Scalar]
  /// Edges as in ``NBodyState/edges``; shape [sample][body][body].
  public let edges: [Scalar]
  /// Positions at the input frame; shape [sample][body][3].
  public let positions0: [Scalar]
  /// Velocities at the input frame; shape [sample][body][3].
  public let velocities0: [Scalar]
  /// Positions at the target frame; shape [sample][body][3].
  public let positions1: [Scalar]
  /// Velocities at the target frame; shape [sample][body][3].
  public let velocities1: [Scalar]

  /// Samples from elsewhere: flat arrays of the shapes above. Edges are products of charges unless given; velocities at the target frame,
  /// where they are not known, are NaN.
  public init(
    bodies: Int, charges: [Scalar], edges: [Scalar]? = nil, positions0: [Scalar], velocities0: [Scalar], positions1: [Scalar],
    velocities1: [Scalar]? = nil
  ) {
    require(
      bodies > 0 && charges.count % bodies == 0, "a multiple of \(bodies) charges is expected, received \(charges.count)")
    let count = charges.count / bodies
    for values in [positions0, velocities0, positions1, velocities1 ?? positions0] {
      require(values.count == 3 * charges.count, "\(3 * charges.count) coordinates are expected, received \(values.count)")
    }
    self.count = count
    self.bodies = bodies
    self.charges = charges
    self.edges =
      edges
      ?? (0..<count * bodies * bodies).map { k in
        charges[k / bodies] * charges[k / (bodies * bodies) * bodies + k % bodies]
      }
    self.positions0 = positions0
    self.velocities0 = velocities0
    self.positions1 = positions1
    self.velocities1 = velocities1 ?? [Scalar](repeating: .nan, count: positions1.count)
  }
}

extension NBodySplit where Scalar == Double {
  /// The split whose input and target are the two frames kept in `trajectories`.
  init(_ trajectories: NBodyTrajectories) {
    require(trajectories.frames.count == 2, "expected an input and a target frame, received \(trajectories.frames)")
    let size = 3 * trajectories.bodies
    func take(_ values: [Double], _ place: Int) -> [Double] {
      (0..<trajectories.count).flatMap { (trajectory: Int) -> ArraySlice<Double> in
        let start = (2 * trajectory + place) * size
        return values[start..<start + size]
      }
    }
    count = trajectories.count
    bodies = trajectories.bodies
    charges = trajectories.charges
    edges = trajectories.edges
    positions0 = take(trajectories.positions, 0)
    velocities0 = take(trajectories.velocities, 0)
    positions1 = take(trajectories.positions, 1)
    velocities1 = take(trajectories.velocities, 1)
  }

  /// The split rounded to single precision.
  public var rounded: NBodySplit<Float> {
    NBodySplit<Float>(
      bodies: bodies, charges: charges.map { Float($0) }, edges: edges.map { Float($0) },
      positions0: positions0.map { Float($0) }, velocities0: velocities0.map { Float($0) },
      positions1: positions1.map { Float($0) }, velocities1: velocities1.map { Float($0) })
  }
}

/// An n-body data set: three splits drawn from one stream of random numbers, simulated in double precision.
public struct NBodyDataset<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  /// The training samples.
  public let train: NBodySplit<Scalar>
  /// The validation samples.
  public let valid: NBodySplit<Scalar>
  /// The test samples.
  public let test: NBodySplit<Scalar>
}

extension NBodyDataset where Scalar == Double {
  /// The set on which "nbody" tables are published (EGNN's `nbody_small`, seed 43): input frame 30 (t = 3.1), target frame 40 (t = 4.1).
  ///
  /// One stream is drawn in the order train (10,000 trajectories, of which the first `trainCount` are used), validation, test. About
  /// half of the trajectories have encounters close enough for the force clamp to act. In about 6 % the encounters amplify the last bit of
  /// the mathematics library (NumPy's depends on the machine), so that these trajectories agree with other people's files in distribution
  /// only; the others agree to single precision or better.
  ///
  /// The metric of the tables is the mean over samples, bodies and the three coordinates of the squared error.
  /// - Parameters:
  ///   - trainCount: Training samples kept; the tables use 3000.
  ///   - validCount: Validation samples kept, of 2000.
  ///   - testCount: Test samples kept, of 2000.
  ///   - seed: The seed of the stream.
  ///   - threads: How many threads share the simulation; the result does not depend on it.
  public static func published(
    trainCount: Int = 3000, validCount: Int = 2000, testCount: Int = 2000, seed: UInt32 = 43, threads: Int = 1
  ) -> NBodyDataset {
    generate(
      .charged(), drawn: (10_000, 2000, 2000), kept: (trainCount, validCount, testCount), inputFrame: 30, targetFrame: 40,
      seed: seed, threads: threads)
  }

  /// A set of any system: for each split, `drawn` trajectories are taken from the stream, and the first `kept` of them are simulated.
  public static func generate(
    _ system: NBodySystem, sampling: NBodySampling? = nil, drawn: (train: Int, valid: Int, test: Int),
    kept: (train: Int, valid: Int, test: Int), inputFrame: Int, targetFrame: Int, seed: UInt32, threads: Int = 1
  ) -> NBodyDataset {
    var generator = MersenneTwister(seed: seed)
    func split(_ drawn: Int, _ kept: Int) -> NBodySplit<Double> {
      require(0 <= kept && kept <= drawn, "expected to keep between 0 and \(drawn) trajectories, received \(kept)")
      let states = (0..<kept).map { _ in system.drawState(sampling: sampling, using: &generator) }
      system.skipStates(drawn - kept, sampling: sampling, using: &generator)
      return NBodySplit(system.simulate(states, sampling: sampling, frames: [inputFrame, targetFrame], threads: threads))
    }
    let train = split(drawn.train, kept.train)
    let valid = split(drawn.valid, kept.valid)
    return NBodyDataset(train: train, valid: valid, test: split(drawn.test, kept.test))
  }

  /// The set rounded to single precision.
  public var rounded: NBodyDataset<Float> {
    NBodyDataset<Float>(train: train.rounded, valid: valid.rounded, test: test.rounded)
  }
}
