import Foundation
import GroupTheory
import Testing

@testable import EquivariantDatasets

/// Conservation laws and symmetry of the simulated systems.
@Suite struct NBodyPhysicsTests {
  let sampling = NBodySampling(length: 2000, interval: 500)

  /// States whose bodies stay apart, so that no clamp acts and rounding is not amplified; the softening lets masses come closer.
  func quietStates(_ system: NBodySystem, _ count: Int) -> [NBodyState] {
    var generator = MersenneTwister(seed: 9)
    let states = (0..<(16 * count)).map { _ in system.drawState(using: &generator) }
    let closest = system.simulate(states, sampling: sampling).closestApproach
    var least = 0.0
    if case .coulomb = system.interaction { least = 0.45 }
    if case .gravity = system.interaction { least = 0.2 }
    let quiet = zip(states, closest).filter { $0.1 > least }.map(\.0)
    #expect(quiet.count >= count)
    return Array(quiet.prefix(count))
  }

  @Test func conservationLaws() {
    for (system, energyTolerance) in [(NBodySystem.charged(), 1e-2), (.gravity(), 1e-4), (.springs(), 1e-3)] {
      let states = quietStates(system, 8)
      let result = system.simulate(states, sampling: sampling)
      for (index, start) in states.enumerated() {
        for frame in result.frames.indices {
          let state = result.state(trajectory: index, frameIndex: frame)
          #expect(norm(system.momentum(of: state) - system.momentum(of: start)) < 1e-12)
          #expect(norm(system.angularMomentum(of: state) - system.angularMomentum(of: start)) < 1e-11)
          let (energy, expected) = (system.energy(of: state), system.energy(of: start))
          #expect(abs(energy - expected) < energyTolerance, "\(system.interaction): energy \(energy), at the start \(expected)")
        }
      }
    }
  }

  /// The energy error is of first order in the step for symplectic Euler and of second order for leapfrog.
  @Test func energyErrorFallsWithTheStep() {
    for (system, order) in [(NBodySystem.charged(), 1.0), (.gravity(), 2.0)] {
      let states = quietStates(system, 8)
      func error(_ refinement: Int) -> Double {
        var system = system
        system.timeStep = 0.004 / Double(refinement)
        let result = system.simulate(states, sampling: NBodySampling(length: 400 * refinement, interval: 100 * refinement))
        return states.indices.reduce(0) { sum, index in
          sum + abs(system.energy(of: result.state(trajectory: index, frameIndex: 2)) - system.energy(of: states[index]))
        }
      }
      let ratio = error(1) / error(4)
      #expect(abs(log(ratio) / log(4) - order) < 0.15, "\(system.interaction): ratio \(ratio)")
    }
  }

  @Test func energyOfAKnownState() {
    let state = NBodyState(charges: [1, -1], positions: [0, 0, 0, 3, 4, 0], velocities: [1, 0, 0, 0, 2, 0])
    #expect(abs(NBodySystem.charged(bodies: 2).energy(of: state) - (2.5 - 0.2)) < 1e-15)
    #expect(NBodySystem.charged(bodies: 2).momentum(of: state) == SIMD3(1, 2, 0))
    #expect(NBodySystem.charged(bodies: 2).angularMomentum(of: state) == SIMD3(0, 0, 6))
    var masses = state
    (masses.charges, masses.edges) = ([1, 3], [1, 3, 3, 9])
    #expect(abs(NBodySystem.gravity(bodies: 2).energy(of: masses) - (0.5 + 6 - 3 / 25.01.squareRoot())) < 1e-14)
    var springs = state
    (springs.charges, springs.edges) = ([1, 1], [0, 1, 1, 0])
    #expect(abs(NBodySystem.springs(bodies: 2).energy(of: springs) - (2.5 + 1.25)) < 1e-15)
  }

  /// The simulator commutes with rotations, reflections and translations, and with permutations of the bodies.
  @Test func equivariance() {
    var generator = MersenneTwister(seed: 10)
    for system in [NBodySystem.charged(), .gravity()] {
      let states = quietStates(system, 8)
      let motions = E3(translationScale: 2).randomElements(states.count, using: &generator)
      let orders = SymmetricGroup(5).randomElements(states.count, using: &generator)
      let moved = states.indices.map { transform(states[$0], by: motions[$0], orders[$0]) }
      let (plain, other) = (system.simulate(states, sampling: sampling), system.simulate(moved, sampling: sampling))
      for index in states.indices {
        let expected = transform(plain.state(trajectory: index, frameIndex: 2), by: motions[index], orders[index])
        let received = other.state(trajectory: index, frameIndex: 2)
        #expect(expected.charges == received.charges)
        for k in 0..<15 {
          #expect(abs(expected.positions[k] - received.positions[k]) < 1e-9)
          #expect(abs(expected.velocities[k] - received.velocities[k]) < 1e-9)
        }
        // A law that is not respected is told apart: the velocities must turn with the positions.
        let unmoved = plain.state(trajectory: index, frameIndex: 2).positions
        #expect((0..<15).contains { abs(received.positions[$0] - unmoved[$0]) > 1e-3 })
      }
    }
  }

  private func transform(_ state: NBodyState, by motion: RigidMotion, _ order: Permutation) -> NBodyState {
    func vectors(_ values: [Double], _ map: (SIMD3<Double>) -> SIMD3<Double>) -> [Double] {
      let images = (0..<state.bodies).map { map(SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2])) }
      return order.apply(to: images).flatMap { [$0.x, $0.y, $0.z] }
    }
    return NBodyState(
      charges: order.apply(to: state.charges), positions: vectors(state.positions) { motion * $0 },
      velocities: vectors(state.velocities) { motion.linear * $0 })
  }
}
