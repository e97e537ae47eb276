extension NBodySystem {
  /// Draws an initial state, and drops the numbers that the published generators spend on observation noise of size zero, so that
  /// successive calls give the successive trajectories of the published streams.
  ///
  /// The draws come in this order, with the last axis of each array running fastest:
  /// - charges: one uniform number for each body, with charge −1 below ½ and +1 otherwise; positions [3][bodies]; velocities [3][bodies];
  ///   noise, two arrays;
  /// - masses: positions [bodies][3]; velocities [bodies][3]; noise, three arrays;
  /// - springs: one uniform number for each entry of [bodies][bodies], of which the lower triangle counts, joined from ½ on; positions
  ///   [3][bodies]; velocities [3][bodies]; noise, two arrays.
  ///
  /// An array of noise has 3 · frames · bodies Gaussians. `sampling` nil stands for ``publishedSampling``.
  public func drawState(sampling: NBodySampling? = nil, using generator: inout MersenneTwister) -> NBodyState {
    var charges = [Double](repeating: 1, count: bodies)
    var edges: [Double]?
    switch interaction {
    case .coulomb:
      for body in 0..<bodies { charges[body] = generator.uniform() < 0.5 ? -1 : 1 }
    case .gravity:
      break
    case .springs:
      edges = drawSprings(using: &generator)
    }
    var positions = drawBodyVectors(using: &generator)
    for k in positions.indices { positions[k] *= positionDeviation }
    var velocities = drawBodyVectors(using: &generator)
    switch initialVelocities {
    case .speed(let speed): normalize(&velocities, to: speed)
    case .normalWithoutDrift: subtractMean(&velocities)
    }
    if let boxSize { Self.reflect(&positions, &velocities, box: boxSize) }
    generator.skipGaussians(noiseDraws(sampling))
    return NBodyState(charges: charges, edges: edges, positions: positions, velocities: velocities)
  }

  /// Drops the draws of `count` trajectories, and leaves the stream where `count` calls of ``drawState(sampling:using:)`` would, but
  /// faster.
  public func skipStates(_ count: Int, sampling: NBodySampling? = nil, using generator: inout MersenneTwister) {
    for _ in 0..<count {
      switch interaction {
      case .coulomb: generator.skipUniforms(bodies)
      case .gravity: break
      case .springs: generator.skipUniforms(bodies * bodies)
      }
      generator.skipGaussians(6 * bodies + noiseDraws(sampling))
    }
  }

  private func noiseDraws(_ sampling: NBodySampling?) -> Int {
    let array = 3 * (sampling ?? publishedSampling).frameCount * bodies
    if case .gravity = interaction { return 3 * array }
    return 2 * array
  }

  /// Standard normal vectors [bodies][3], drawn in that order for masses and as [3][bodies] otherwise.
  private func drawBodyVectors(using generator: inout MersenneTwister) -> [Double] {
    if case .gravity = interaction { return generator.gaussians(3 * bodies) }
    var result = [Double](repeating: 0, count: 3 * bodies)
    for axis in 0..<3 {
      for body in 0..<bodies { result[3 * body + axis] = generator.gaussian() }
    }
    return result
  }

  private func normalize(_ velocities: inout [Double], to speed: Double) {
    for body in 0..<bodies {
      let components = (3 * body)..<(3 * body + 3)
      let norm = components.reduce(0) { $0 + velocities[$1] * velocities[$1] }.squareRoot()
      for k in components { velocities[k] = velocities[k] * speed / norm }
    }
  }

  private func drawSprings(using generator: inout MersenneTwister) -> [Double] {
    var edges = (0..<(bodies * bodies)).map { _ in generator.uniform() < 0.5 ? 0.0 : 1.0 }
    for i in 0..<bodies {
      edges[i * bodies + i] = 0
      for j in 0..<i { edges[j * bodies + i] = edges[i * bodies + j] }
    }
    return edges
  }

  private func subtractMean(_ velocities: inout [Double]) {
    for axis in 0..<3 {
      let components = stride(from: axis, to: velocities.count, by: 3)
      let mean = components.reduce(0) { $0 + velocities[$1] } / Double(bodies)
      for k in components { velocities[k] -= mean }
    }
  }

  private static func reflect(_ positions: inout [Double], _ velocities: inout [Double], box: Double) {
    for k in positions.indices {
      if positions[k] > box {
        positions[k] = 2 * box - positions[k]
        velocities[k] = -velocities[k].magnitude
      } else if positions[k] < -box {
        positions[k] = -2 * box - positions[k]
        velocities[k] = velocities[k].magnitude
      }
    }
  }
}
