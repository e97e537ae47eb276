import CKernels
import Foundation
import Testing

@testable import EquivariantDatasets

@Suite struct NBodySystemTests {
  static let systems = [
    NBodySystem.charged(), .charged(bodies: 8), .charged(bodies: 1), .gravity(), .gravity(bodies: 12), .springs(), .springs(bodies: 7),
  ]

  func states(_ system: NBodySystem, _ count: Int, seed: UInt32) -> [NBodyState] {
    var generator = MersenneTwister(seed: seed)
    return (0..<count).map { _ in system.drawState(using: &generator) }
  }

  /// Every instruction set gives the bits of plain loops, for whole and for broken blocks of eight.
  @Test(arguments: systems) func kernelsAgreeWithPlainLoops(system: NBodySystem) {
    let states = states(system, 11, seed: 3)
    let sampling = NBodySampling(length: 300, interval: 50)
    for level in 0...Int(ck_level()) {
      let result = system.simulate(states, sampling: sampling, frames: [0, 3], threads: 2, level: level)
      for (index, state) in states.enumerated() {
        var plain = PlainNBody(system, state)
        for (place, steps) in [50, 150].enumerated() {
          plain.advance(steps)
          let kept = result.state(trajectory: index, frameIndex: place)
          #expect(kept.positions == plain.x, "level \(level), trajectory \(index)")
          #expect(kept.velocities == plain.v, "level \(level), trajectory \(index)")
          #expect(kept.charges == state.charges && kept.edges == state.edges)
        }
      }
    }
  }

  @Test func wallsAreElastic() {
    var state = NBodyState(charges: [1, 1], edges: [0, 0, 0, 0], positions: [4.9, 0, -4.9, 1, 1, 1], velocities: [2, 0, -1, 0, 0, 0])
    let system = NBodySystem.springs(bodies: 2)
    let sampling = NBodySampling(length: 300, interval: 100)
    let end = system.simulate([state], sampling: sampling).state(trajectory: 0, frameIndex: 1)
    // After 0.2 time units: 4.9 + 0.4 reflected at 5, −4.9 − 0.2 reflected at −5.
    for (value, expected) in zip(end.positions, [4.7, 0, -4.9, 1, 1, 1]) { #expect(abs(value - expected) < 1e-12) }
    #expect(end.velocities == [-2, 0, 1, 0, 0, 0])
    state.velocities = [0, 0, 0, 0, 0, 0]
    #expect(system.simulate([state], sampling: sampling).state(trajectory: 0, frameIndex: 0).positions == state.positions)
  }

  @Test func withoutWallsBodiesLeave() {
    let state = NBodyState(charges: [1], edges: [0], positions: [4.9, 0, 0], velocities: [2, 0, 0])
    var system = NBodySystem.springs(bodies: 1)
    system.interaction = .springs(stiffness: 0.1, maximumForce: 100, boxSize: .infinity)
    let end = system.simulate([state], sampling: NBodySampling(length: 300, interval: 100)).state(trajectory: 0, frameIndex: 1)
    #expect(abs(end.positions[0] - 5.3) < 1e-12 && end.velocities == [2, 0, 0])
  }

  @Test func sampling() {
    let charged = NBodySystem.charged().publishedSampling
    #expect(charged.frameCount == 49 && charged.step(ofFrame: 30) == 3100)
    let gravity = NBodySystem.gravity().publishedSampling
    #expect(gravity.frameCount == 50 && gravity.step(ofFrame: 30) == 3000)
    let state = states(.gravity(), 1, seed: 5)[0]
    #expect(NBodySystem.gravity().simulate([state], frames: [0]).state(trajectory: 0, frameIndex: 0) == state)
  }

  @Test func framesAndThreadsDoNotMatter() {
    let system = NBodySystem.charged()
    let states = states(system, 20, seed: 4)
    let sampling = NBodySampling(length: 600, interval: 100)
    let all = system.simulate(states, sampling: sampling)
    #expect(all.frames == [0, 1, 2, 3, 4] && all.positions.count == 20 * 5 * 15)
    let some = system.simulate(states, sampling: sampling, frames: [1, 4], threads: 3)
    let alone = system.simulate([states[13]], sampling: sampling, frames: [4])
    for trajectory in states.indices {
      #expect(all.state(trajectory: trajectory, frameIndex: 1) == some.state(trajectory: trajectory, frameIndex: 0))
      #expect(all.state(trajectory: trajectory, frameIndex: 4) == some.state(trajectory: trajectory, frameIndex: 1))
    }
    #expect(alone.state(trajectory: 0, frameIndex: 0) == all.state(trajectory: 13, frameIndex: 4))
    #expect(all.closestApproach == some.closestApproach && all.peakForce == some.peakForce)
    #expect(system.simulate([], sampling: sampling).count == 0)
  }

  @Test(arguments: systems) func skippingStatesIsDrawingThem(system: NBodySystem) {
    var (drawn, skipped) = (MersenneTwister(seed: 6), MersenneTwister(seed: 6))
    for _ in 0..<3 { _ = system.drawState(using: &drawn) }
    system.skipStates(3, using: &skipped)
    #expect(drawn == skipped)
  }

  @Test func initialStates() {
    for state in states(.charged(bodies: 20), 50, seed: 7) {
      #expect(state.charges.allSatisfy { abs($0) == 1 })
      #expect(state.positions.allSatisfy { abs($0) <= 5 })
      for body in 0..<20 { #expect(abs(norm(state.velocities[(3 * body)..<(3 * body + 3)]) - 0.5) < 1e-15) }
      #expect(state.edges[3] == state.charges[0] * state.charges[3])
    }
    for state in states(.gravity(bodies: 20), 50, seed: 7) {
      #expect(norm(NBodySystem.gravity(bodies: 20).momentum(of: state)) < 1e-14)
    }
    let springs = states(.springs(bodies: 20), 50, seed: 7)
    for state in springs {
      for i in 0..<20 {
        #expect(state.edges[21 * i] == 0)
        for j in 0..<i { #expect(state.edges[20 * i + j] == state.edges[20 * j + i]) }
      }
    }
    let joined = springs.reduce(0) { $0 + $1.edges.reduce(0, +) } / (50 * 380)
    #expect(abs(joined - 0.5) < 5 * 0.5 / (50.0 * 190).squareRoot())
    // 50 · 20 · 3 components of standard deviation (20/5)^{1/3}.
    let squares = states(.charged(bodies: 20), 50, seed: 8).reduce(0) { $0 + $1.positions.reduce(0) { $0 + $1 * $1 } } / 3000
    #expect(abs(squares / pow(4, 2.0 / 3) - 1) < 0.15)
  }

  @Test func wrongArgumentsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = NBodySystem.charged().simulate([NBodyState(charges: [1], positions: [0, 0, 0], velocities: [0, 0, 0])])
    }
    await #expect(processExitsWith: .failure) { _ = NBodySystem.charged().simulate([], frames: [30, 49]) }
    await #expect(processExitsWith: .failure) { _ = NBodyState(charges: [1], positions: [0, 0], velocities: [0, 0, 0]) }
    await #expect(processExitsWith: .failure) { _ = NBodySampling(length: 250, interval: 100) }
  }
}

func norm(_ values: some Sequence<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
func norm(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
