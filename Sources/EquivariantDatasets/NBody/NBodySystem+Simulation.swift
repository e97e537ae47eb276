import CKernels
import DifferentiableTensors
import Requirements

extension NBodySystem {
  /// Integrates the system from each of the states and keeps the given frames.
  ///
  /// The states are at step 0; ``NBodySampling/step(ofFrame:)`` says which step a frame is. The run ends with the last frame asked for.
  /// Results do not depend on `threads`, on the instruction set, or on which trajectories are integrated together.
  /// - Parameters:
  ///   - states: Initial states, each of ``bodies`` bodies.
  ///   - sampling: Length and interval of the run; nil stands for ``publishedSampling``.
  ///   - frames: The frames to keep, strictly rising and inside 0..<`sampling.frameCount`; nil keeps all.
  ///   - threads: How many threads share the work.
  public func simulate(
    _ states: [NBodyState], sampling: NBodySampling? = nil, frames: [Int]? = nil, threads: Int = 1
  ) -> NBodyTrajectories {
    simulate(states, sampling: sampling ?? publishedSampling, frames: frames, threads: threads, level: Int(ck_level()))
  }

  /// The same as the public function, on the instruction set of the given level (see ck_level.h).
  func simulate(
    _ states: [NBodyState], sampling: NBodySampling, frames: [Int]?, threads: Int, level: Int
  ) -> NBodyTrajectories {
    let frames = frames ?? Array(0..<sampling.frameCount)
    checkFrames(frames, sampling)
    require(threads >= 1, "expected at least 1 thread, received \(threads)")
    for state in states { require(state.bodies == bodies, "expected states of \(bodies) bodies, received \(state.bodies)") }
    let lanes = Int(CK_NBODY_LANES)
    let blockCount = (states.count + lanes - 1) / lanes
    let stride = frames.count * 3 * bodies

    var positions = [Double](repeating: 0, count: states.count * stride)
    var velocities = positions
    var closest = [Double](repeating: 0, count: states.count)
    var peak = closest
    positions.withUnsafeMutableBufferPointer { positions in
      velocities.withUnsafeMutableBufferPointer { velocities in
        closest.withUnsafeMutableBufferPointer { closest in
          peak.withUnsafeMutableBufferPointer { peak in
            // Each block of eight trajectories writes to a range of its own.
            nonisolated(unsafe) let (positions, velocities, closest, peak) = (positions, velocities, closest, peak)
            Threads.withCount(threads) {
              Threads.run(pieces: blockCount) { index in
                let first = index * lanes
                let members = first..<min(first + lanes, states.count)
                var block = NBodyBlock(self, states[members])
                var step = 0
                for (place, frame) in frames.enumerated() {
                  block.advance(sampling.step(ofFrame: frame) - step, level: level)
                  step = sampling.step(ofFrame: frame)
                  for trajectory in members {
                    let offset = trajectory * stride + place * 3 * bodies
                    for k in 0..<(3 * bodies) {
                      positions[offset + k] = block.positions[k * lanes + trajectory - first]
                      velocities[offset + k] = block.velocities[k * lanes + trajectory - first]
                    }
                  }
                }
                for trajectory in members {
                  closest[trajectory] = block.closest[trajectory - first].squareRoot()
                  peak[trajectory] = block.peak[trajectory - first]
                }
              }
            }
          }
        }
      }
    }
    return NBodyTrajectories(
      count: states.count, bodies: bodies, frames: frames, charges: states.flatMap(\.charges), edges: states.flatMap(\.edges),
      positions: positions, velocities: velocities, closestApproach: closest, peakForce: peak)
  }

  private func checkFrames(_ frames: [Int], _ sampling: NBodySampling) {
    var last = -1
    for frame in frames {
      require(
        frame > last && frame < sampling.frameCount,
        "expected strictly rising frames inside 0..<\(sampling.frameCount), received \(frames)")
      last = frame
    }
  }
}

/// Up to eight trajectories side by side, in the layout of the kernels: the trajectory is the innermost index.
private struct NBodyBlock {
  let system: NBodySystem
  /// Positions and velocities; [body][3][8].
  var positions: [Double]
  var velocities: [Double]
  /// The least squared distance and the largest force component met; [8].
  var closest: [Double]
  var peak: [Double]
  /// Strength times edge [pair][8], or masses [body][8].
  private let couplings: [Double]
  private var scratch: [Double]

  init(_ system: NBodySystem, _ states: ArraySlice<NBodyState>) {
    let lanes = Int(CK_NBODY_LANES)
    let n = system.bodies
    // Lanes without a trajectory of their own repeat the last one.
    let members = (0..<lanes).map { states[min(states.startIndex + $0, states.endIndex - 1)] }
    func interleave(_ indices: [Int], _ values: (NBodyState) -> [Double]) -> [Double] {
      let columns = members.map(values)
      return indices.flatMap { k in columns.map { $0[k] } }
    }
    self.system = system
    positions = interleave(Array(0..<(3 * n)), \.positions)
    velocities = interleave(Array(0..<(3 * n)), \.velocities)
    closest = Array(repeating: .infinity, count: lanes)
    peak = Array(repeating: 0, count: lanes)
    scratch = Array(repeating: 0, count: 4 * n * lanes)
    let pairs = (0..<n).flatMap { i in ((i + 1)..<max(n, i + 1)).map { i * n + $0 } }
    switch system.interaction {
    case .coulomb(let strength, _): couplings = interleave(pairs, \.edges).map { strength * $0 }
    case .springs(let stiffness, _, _): couplings = interleave(pairs, \.edges).map { stiffness * $0 }
    case .gravity: couplings = interleave(Array(0..<n), \.charges)
    }
  }

  mutating func advance(_ steps: Int, level: Int) {
    let (n, steps, level, dt) = (Int64(system.bodies), Int64(steps), Int32(level), system.timeStep)
    switch system.interaction {
    case .coulomb(_, let maximumForce):
      ck_nbody_coulomb(level, n, steps, dt, maximumForce, couplings, &positions, &velocities, &scratch, &closest, &peak)
    case .gravity(let constant, let softening):
      ck_nbody_gravity(level, n, steps, dt, constant, softening, couplings, &positions, &velocities, &scratch, &closest, &peak)
    case .springs(_, let maximumForce, let boxSize):
      ck_nbody_springs(level, n, steps, dt, maximumForce, boxSize, couplings, &positions, &velocities, &scratch, &closest, &peak)
    }
  }
}
