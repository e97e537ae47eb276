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

  private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
