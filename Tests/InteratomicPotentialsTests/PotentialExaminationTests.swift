import Equivariant
import Testing

@Suite struct PotentialExaminationTests {
  @Test(arguments: SmallPotentials.names) func everyModel(_ name: String) throws {
    let model = SmallPotentials.potential(name)
    let examination = try PotentialExamination(of: DifferentiablePotential(model), elements: (8, 14))
    #expect(examination.faults.map(\.demand) == SmallPotentials.faults(name), "\(name)\n\(examination)")
  }

  @Test func singlePrecision() throws {
    let model = SmallPotentials.potential("nequip").converted(to: Float.self)
    let examination = try PotentialExamination(
      of: DifferentiablePotential(model), elements: (8, 14), rounding: 1e-4, differences: 2e-2, step: 2e-2)
    #expect(examination.faults.isEmpty, "\(examination)")
  }

  @Test(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) func publishedModels() throws {
    let rounded = try SevenNetImportTests.model.get()
    // Coefficients in single precision cost it invariance to that; features that are all even do not tell reflections apart.
    var exact = rounded.configuration
    exact.roundsCoefficients = false
    var source = RandomSource(seed: 0)
    let sevenNet = try PotentialExamination(
      of: DifferentiablePotential(NequIP<Double>(exact, using: &source).withValues(of: rounded)), elements: (11, 17))
    #expect(sevenNet.faults.map(\.demand) == [.reflections, .continuousCurvature], "\(sevenNet)")
    let asStored = try PotentialExamination(
      of: DifferentiablePotential(rounded), elements: (11, 17), demands: [.forces, .virial, .rotations])
    #expect(asStored.faults.map(\.demand) == [.rotations] && asStored.findings[2].error < 1e-5, "\(asStored)")
    let nequix = try PotentialExamination(of: DifferentiablePotential(NequixImportTests.model.get()), elements: (11, 17))
    #expect(nequix.faults.isEmpty, "\(nequix)")
  }

  /// A potential that goes wrong in one way.
  private struct Broken: InteratomicPotential {
    let base: any InteratomicPotential
    let change: @Sendable (AtomicStructure, inout PotentialPrediction) -> Void
    var elements: [Int] { base.elements }
    var cutoff: Double { base.cutoff }
    func predict(_ structure: AtomicStructure) throws -> PotentialPrediction {
      var result = try base.predict(structure)
      change(structure, &result)
      return result
    }
  }

  private func faults(
    _ demands: [PotentialExamination.Demand], _ change: @escaping @Sendable (AtomicStructure, inout PotentialPrediction) -> Void
  ) throws -> [PotentialExamination.Demand] {
    let broken = Broken(base: DifferentiablePotential(SmallPotentials.potential("schnet")), change: change)
    return try PotentialExamination(of: broken, elements: (1, 8), demands: demands).faults.map(\.demand)
  }

  /// Each demand is refused to a potential that does not meet it.
  @Test func brokenPotentials() throws {
    #expect(try faults([.forces, .netForce]) { _, p in p.forces = p.forces.map { $0 * 1.0001 } } == [.forces])
    #expect(try faults([.virial, .forces]) { _, p in p.virial = p.virial.map { -$0 } } == [.virial])
    #expect(try faults([.virial]) { _, p in p.virial[1] += 0.01 } == [.virial])
    #expect(try faults([.atomEnergies]) { _, p in p.energy += 1e-3 } == [.atomEnergies])
    #expect(try faults([.netForce, .permutations]) { _, p in p.forces[0].x += 1e-3 } == [.netForce, .permutations])
    #expect(
      try faults([.netForce, .netTorque]) { _, p in
        p.forces[0].x += 0.01
        p.forces[p.forces.count - 1].x -= 0.01
      } == [.netTorque])
    #expect(
      try faults([.distantCopies, .supercell, .permutations]) { s, p in p.energy += 1e-3 * Double(s.positions.count * s.positions.count) }
        == [.distantCopies, .supercell])
    #expect(try faults([.images, .rotations]) { s, p in p.energy += 1e-3 * s.positions[0].x } == [.images, .rotations])
    // A chiral term: the volume that four atoms span.
    let chiral: @Sendable (AtomicStructure, inout PotentialPrediction) -> Void = { s, p in
      guard s.positions.count == 5 else { return }
      let (a, b, c) = (s.positions[1] - s.positions[0], s.positions[2] - s.positions[0], s.positions[3] - s.positions[0])
      p.energy += 0.1 * (a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) + a.z * (b.x * c.y - b.y * c.x))
    }
    #expect(try faults([.rotations, .reflections], chiral) == [.reflections])
    #expect(try faults([.symmetry]) { s, p in p.forces[0].z += 1e-3 } == [.symmetry])
    #expect(try faults([.isolatedAtom]) { s, p in if s.positions.count == 1 && s.cell == nil { p.energy = .nan } } == [.isolatedAtom])
    #expect(try faults([.isolatedAtom]) { s, p in if s.positions.count == 1 { p.virial[0] = 1e-6 } } == [.isolatedAtom])
    // A pair term without an envelope: u(r) = (3.2 − r)ⁿ jumps in the n-th derivative, and (3 − r) before the cut-off.
    func pair(_ power: Int) -> @Sendable (AtomicStructure, inout PotentialPrediction) -> Void {
      { s, p in
        guard s.positions.count == 3, s.cell == nil, s.positions[2].x > 0 else { return }
        let r = s.positions[2].x
        guard r < 3.2 else { return }
        let x = 3.2 - r
        p.energy += [1, x, x * x][power]
        p.forces[2].x += [0, 1, 2 * x][power]
      }
    }
    let smooth: [PotentialExamination.Demand] = [.continuousEnergy, .continuousForces, .continuousCurvature]
    #expect(try faults(smooth, pair(0)).contains(.continuousEnergy))
    #expect(try faults(smooth, pair(1)).contains(.continuousForces))
    #expect(try faults(smooth, pair(2)) == [.continuousCurvature])
  }
}
