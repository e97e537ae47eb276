import Foundation
import Testing

@testable import EquivariantDatasets

@Suite struct NBodyDatasetTests {
  @Test func splitsFollowTheStream() {
    let system = NBodySystem.charged()
    let sampling = NBodySampling(length: 600, interval: 100)
    let set = NBodyDataset.generate(
      system, sampling: sampling, drawn: (7, 3, 4), kept: (5, 3, 2), inputFrame: 1, targetFrame: 4, seed: 11, threads: 2)
    #expect(set.train.count == 5 && set.valid.count == 3 && set.test.count == 2)
    var generator = MersenneTwister(seed: 11)
    let states = (0..<14).map { _ in system.drawState(sampling: sampling, using: &generator) }
    let result = system.simulate(states, sampling: sampling, frames: [1, 4])
    for (split, sample, trajectory) in [(set.train, 4, 4), (set.valid, 0, 7), (set.valid, 2, 9), (set.test, 1, 11)] {
      let (input, target) = (result.state(trajectory: trajectory, frameIndex: 0), result.state(trajectory: trajectory, frameIndex: 1))
      let bodies = (15 * sample)..<(15 * sample + 15)
      #expect(Array(split.positions0[bodies]) == input.positions && Array(split.velocities0[bodies]) == input.velocities)
      #expect(Array(split.positions1[bodies]) == target.positions && Array(split.velocities1[bodies]) == target.velocities)
      #expect(Array(split.charges[(5 * sample)..<(5 * sample + 5)]) == input.charges)
      #expect(Array(split.edges[(25 * sample)..<(25 * sample + 25)]) == input.edges)
    }
    #expect(set.rounded.train.positions1 == set.train.positions1.map { Float($0) })
    #expect(set.rounded.test.bodies == 5)
  }

  @Test func publishedSetIsCutNotRedrawn() {
    let few = NBodyDataset.published(trainCount: 9, validCount: 2, testCount: 1)
    let other = NBodyDataset.published(trainCount: 2, validCount: 1, testCount: 1, threads: 2)
    #expect(Array(few.train.positions1[..<30]) == other.train.positions1)
    #expect(Array(few.valid.positions1[..<15]) == other.valid.positions1)
    #expect(few.test.positions1 == other.test.positions1)
  }

  /// Moments of the published files over all 14,000 trajectories: (std x30, std v30, mean |v|, std x40, MSE of x1 = x0, of x1 = x0 + v0).
  @Test(.enabled(if: ProcessInfo.processInfo.environment["EQUIVARIANT_SLOW_TESTS"] == "1", "slow: set EQUIVARIANT_SLOW_TESTS=1"))
  func publishedMoments() {
    let set = NBodyDataset.published(trainCount: 10_000, threads: 2)
    expectMoments(set.train, samples: 3000, [1.683339, 0.591893, 0.911736, 2.091353, 0.270201, 0.113493])
    expectMoments(set.train, samples: 10_000, [1.679251, 0.588254, 0.908939, 2.086198, 0.270441, 0.108289])
    expectMoments(set.valid, samples: 2000, [1.644443, 0.576056, 0.891887, 2.035719, 0.257927, 0.107280])
    expectMoments(set.test, samples: 2000, [1.677923, 0.592108, 0.913037, 2.086292, 0.271473, 0.110267])
  }

  /// Chaotic trajectories may differ from the published ones after rounding, which moves moments in their third or fourth digit.
  private func expectMoments(_ split: NBodySplit<Double>, samples: Int, _ expected: [Double]) {
    let n = 15 * samples
    let (x, v, y) = (Array(split.positions0[..<n]), Array(split.velocities0[..<n]), Array(split.positions1[..<n]))
    let still = (0..<n).map { y[$0] - x[$0] }
    let straight = (0..<n).map { still[$0] - v[$0] }
    let speed: Double = stride(from: 0, to: n, by: 3).reduce(0.0) { $0 + norm(v[$1..<($1 + 3)]) } / Double(n / 3)
    let moments: [Double] = [deviation(x), deviation(v), speed, deviation(y), meanSquare(still), meanSquare(straight)]
    // The mean square of the last is carried by the few bodies that were thrown out of a close encounter.
    let tolerances = [5e-3, 5e-3, 5e-3, 5e-3, 1e-2, 3e-2]
    for ((moment, expected), tolerance) in zip(zip(moments, expected), tolerances) {
      #expect(abs(moment / expected - 1) < tolerance, "\(moment) instead of \(expected) over \(samples) samples")
    }
  }

  private func meanSquare(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }

  private func deviation(_ values: [Double]) -> Double {
    let centre = values.reduce(0, +) / Double(values.count)
    return meanSquare(values.map { $0 - centre }).squareRoot()
  }
}
