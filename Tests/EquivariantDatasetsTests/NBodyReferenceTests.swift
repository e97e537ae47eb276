import Foundation
import Testing

@testable import EquivariantDatasets

/// Trajectories of the published generator; see References/README.md.
@Suite struct NBodyReferenceTests {
  struct Reference: Decodable {
    struct Trajectory: Decodable {
      let seed: UInt32
      let charges, positions0, velocities0, positions, velocities: [Double]
    }
    let frames: [Int]
    let trajectories: [Trajectory]
  }

  @Test func quietTrajectories() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/charged-trajectories.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    #expect(reference.trajectories.count == 8)
    let system = NBodySystem.charged()
    let states = reference.trajectories.map { trajectory in
      var generator = MersenneTwister(seed: trajectory.seed)
      return system.drawState(using: &generator)
    }
    let result = system.simulate(states, frames: reference.frames)
    for (index, expected) in reference.trajectories.enumerated() {
      #expect(states[index].charges == expected.charges)
      #expect(largestDifference(states[index].positions, expected.positions0) < 1e-15)
      #expect(largestDifference(states[index].velocities, expected.velocities0) < 1e-15)
      let size = reference.frames.count * 15
      let (x, v) = (result.positions[(index * size)..<((index + 1) * size)], result.velocities[(index * size)..<((index + 1) * size)])
      #expect(largestDifference(Array(x), expected.positions) < 1e-9)
      #expect(largestDifference(Array(v), expected.velocities) < 1e-9)
      #expect(result.peakForce[index] < 100 && result.closestApproach[index] > 0.5)
    }
  }

  /// The first training and the first test trajectory of the published set, the latter after 12,000 others in the same stream.
  @Test func publishedStream() {
    let system = NBodySystem.charged()
    var generator = MersenneTwister(seed: 43)
    var states = (0..<3).map { _ in system.drawState(using: &generator) }
    #expect(states.map(\.charges) == [[-1, 1, -1, -1, -1], [1, -1, 1, 1, 1], [1, 1, -1, -1, 1]])
    let row = (0..<5).map { states[0].positions[3 * $0] }
    #expect(largestDifference(row, [0.40609421, 0.87809903, -0.47138332, 0.04119692, -0.67025794]) < 5e-9)
    system.skipStates(12_000 - 3, using: &generator)
    states.append(system.drawState(using: &generator))
    #expect(states[3].charges == [1, 1, -1, -1, 1])

    let result = system.simulate([states[0], states[3]], frames: [30, 40])
    func first(_ values: [Double], _ trajectory: Int, _ place: Int) -> [Double] {
      let offset = (2 * trajectory + place) * 15
      return Array(values[offset..<(offset + 3)])
    }
    let (x, v) = (result.positions, result.velocities)
    #expect(largestDifference(first(x, 0, 0), [2.9891163171666544, 1.7693701204465264, -1.1712942795381607]) < 1e-9)
    #expect(largestDifference(first(v, 0, 0), [1.1338110406668447, 0.39568061256372095, -0.22660657308868612]) < 1e-9)
    #expect(largestDifference(first(x, 0, 1), [4.1654998367653935, 2.1913091384156553, -1.382618802360046]) < 1e-9)
    #expect(largestDifference(first(x, 1, 0), [1.729897749271158, 0.7635153613745056, 0.32737137001221095]) < 1e-9)
    #expect(largestDifference(first(x, 1, 1), [2.2028545891196165, 0.9621634480550955, -0.6795641975233547]) < 1e-9)
  }

  /// The first two trajectories of seed 43 of the gravitational system, from its definition written in NumPy.
  @Test func gravitationalStream() {
    let system = NBodySystem.gravity()
    var generator = MersenneTwister(seed: 43)
    let states = (0..<2).map { _ in system.drawState(using: &generator) }
    #expect(largestDifference(Array(states[1].positions[..<3]), [-2.4261453128786172, 1.5953050258827028, -1.109665343591313]) < 1e-15)
    #expect(largestDifference(Array(states[1].velocities[12...]), [0.12774187102487533, 0.8998262888210581, 0.5017639530378695]) < 1e-15)
    let result = system.simulate(states, frames: [30, 40])
    func first(_ values: [Double], _ trajectory: Int, _ place: Int) -> [Double] {
      let offset = (2 * trajectory + place) * 15
      return Array(values[offset..<(offset + 3)])
    }
    let (x, v) = (result.positions, result.velocities)
    #expect(largestDifference(first(x, 0, 0), [-1.8924730210263896, -0.12418138540744392, 0.20706833451083387]) < 1e-9)
    #expect(largestDifference(first(v, 0, 0), [-0.4163138017780611, -0.4391697657520642, -0.11421690385919989]) < 1e-9)
    #expect(largestDifference(first(x, 0, 1), [-2.133305424129746, -0.3805169625452808, -0.07222426494026392]) < 1e-9)
    #expect(largestDifference(first(x, 1, 0), [-1.8247442660084185, 0.1367297751072539, -1.7220570501776449]) < 1e-9)
    #expect(largestDifference(first(v, 1, 1), [0.8153332396642775, -0.5195987542490598, 0.6965228967317547]) < 1e-9)
  }

  private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
