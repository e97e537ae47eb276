import DifferentiableTensors
import NeuralModules
import Testing

@testable import EquivariantTraining

@Suite struct ReduceOnPlateauTests {
  private func factors(_ rule: ReduceOnPlateau, _ figures: [Double]) -> [Double] {
    var state = PlateauState()
    return figures.map {
      state.observe($0, rule)
      return state.factor
    }
  }

  /// PyTorch's rule, followed by hand.
  @Test func rule() {
    let rule = ReduceOnPlateau(factor: 0.5, patience: 1, threshold: 0.1, cooldown: 1)
    // 0.95 is no improvement of a tenth. The evaluation after a reduction does not count.
    #expect(factors(rule, [1, 0.95, 0.95, 0.95, 0.95, 0.95, 0.5]) == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
    #expect(factors(rule, [1, 0.95, 0.89, 0.88, 0.80]) == [1, 1, 1, 1, 1])
    // Below 0 an improvement is one of the magnitude.
    #expect(factors(rule, [-1, -1.05, -1.05]) == [1, 1, 0.5] && factors(rule, [-1, -1.05, -1.2, -1.2]) == [1, 1, 1, 1])
  }

  @Test func bounds() {
    let rule = ReduceOnPlateau(factor: 0.1, patience: 0, minimumFactor: 0.05)
    #expect(factors(rule, [1, 1, 1, 1]) == [1, 0.1, 0.05, 0.05])
    #expect(factors(rule, [.nan, 1, .nan]) == [0.1, 0.1, 0.05])
    #expect(factors(.init(factor: 0.5, patience: 0), [.infinity, 1, 1, .infinity, 0.5]) == [0.5, 0.5, 0.25, 0.125, 0.125])
  }

  /// The factor multiplies that of the schedule, and the step follows it.
  @Test func lowersTheRate() {
    let task = Regression<Double>()
    var trainer = task.trainer { $0.reduceOnPlateau = ReduceOnPlateau(factor: 0.25, patience: 0) }
    let before = trainer.rateFactor
    trainer.observe(1)
    #expect(trainer.rateFactor == before)
    trainer.observe(1)
    #expect(trainer.rateFactor == before * 0.25)
    var plain = task.trainer()
    plain.observe(1)
    plain.observe(1)
    #expect(plain.rateFactor == before)
  }
}
