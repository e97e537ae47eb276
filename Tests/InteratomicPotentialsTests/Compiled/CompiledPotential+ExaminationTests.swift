import Equivariant
import Testing

@testable import InteratomicPotentials

/// What physics demands, of compiled potentials.
@Suite struct CompiledExaminationTests {
  private static let maces = [
    "vectors", "degree 2", "three layers", "residual first", "order 4", "agnesi with repulsion", "envelope on weights",
  ]
  private static let nequips = ["parity", "norm", "degree 3", "multiplicities", "pseudoscalars", "repulsion"]

  @Test(arguments: maces + nequips) func double(_ name: String) throws {
    let model: any EnergyModel<Double> = Self.maces.contains(name) ? CompiledCases.mace(name) : CompiledCases.nequip(name)
    let examination = try PotentialExamination(of: try CompiledPotential(model, precision: .double))
    #expect(examination.faults.isEmpty, "\(name)\n\(examination)")
  }

  @Test(arguments: ["vectors", "agnesi with repulsion", "parity", "repulsion"]) func single(_ name: String) throws {
    let model: any EnergyModel<Double> = Self.maces.contains(name) ? CompiledCases.mace(name) : CompiledCases.nequip(name)
    let examination = try PotentialExamination(
      of: try CompiledPotential(model, precision: .single), rounding: 1e-4, differences: 2e-2, step: 2e-2)
    #expect(examination.faults.isEmpty, "\(name)\n\(examination)")
  }

  /// Features that are all even do not tell reflections apart, compiled or not.
  @Test func featuresThatAreAllEven() throws {
    let examination = try PotentialExamination(of: try CompiledPotential(CompiledCases.nequip("without parity"), precision: .double))
    #expect(examination.faults.map(\.demand) == [.reflections], "\(examination)")
  }

  @Test(.enabled(if: PublishedModels.arePresent, PublishedModels.absence)) func published() throws {
    let demands = PotentialExamination.Demand.allCases.filter { $0 != .reflections && $0 != .continuousCurvature }
    let nequix = try PotentialExamination(
      of: try CompiledPotential(NequixImportTests.model.get(), precision: .double), elements: (11, 17), demands: demands)
    #expect(nequix.faults.isEmpty, "\(nequix)")
    // Bonds of 1 Å lie where two pieces of its tables meet, and rounding moves them from one to the other.
    let solvent = try PotentialExamination(
      of: try CompiledPotential(MACEImportTests.solvent("mace01_solvent_xtb"), precision: .double), demands: demands, rounding: 2e-8)
    #expect(solvent.faults.isEmpty, "\(solvent)")
  }
}
