import DifferentiableTensors
import EquivariantTraining
import Foundation
import NeuralModules
import Testing

@Suite struct ScheduleTests {
  @Test func cosine() {
    let schedule = Schedule.cosine(warmUp: 4, total: 24, floor: 0.1)
    #expect((0..<4).map { schedule($0) } == [0.25, 0.5, 0.75, 1])
    for step in 4...24 {
      let expected = 0.1 + 0.9 * 0.5 * (1 + cos(.pi * Double(step - 4) / 20))
      #expect(abs(schedule(step) - expected) < 1e-14)
    }
    #expect(schedule(24) == 0.1 && schedule(1000) == 0.1)
    #expect(Schedule.cosine(warmUp: 0, total: 10)(0) == 1 && abs(Schedule.cosine(warmUp: 0, total: 10)(5) - 0.5) < 1e-15)
  }

  @Test func plateauStepConstant() {
    let plateau = Schedule.plateau(warmUp: 2, decay: 10, total: 30)
    #expect(plateau(0) == 0.5 && plateau(1) == 1)
    #expect((2...20).allSatisfy { plateau($0) == 1 })
    #expect(abs(plateau(25) - 0.5) < 1e-15 && plateau(30) < 1e-15)
    #expect((20..<30).allSatisfy { plateau($0) > plateau($0 + 1) })
    let step = Schedule.step(every: 3, factor: 0.5)
    #expect((0..<7).map { step($0) } == [1, 1, 1, 0.5, 0.5, 0.5, 0.25])
    #expect(Schedule.constant(12345) == 1)
  }

  /// Against the recursion written out with plain numbers.
  @Test func exponentialMovingAverage() {
    var generator = RandomSource(seed: 1)
    var model = Linear<Double>(1, 1, using: &generator)
    var average = ExponentialMovingAverage(of: model, decay: 0.6)
    var expected = model.weight[0, 0]
    for t in 1...20 {
      model.weight = .normal([1, 1], using: &generator)
      average.update(with: model)
      let d = min(0.6, (1 + Double(t)) / (10 + Double(t)))
      expected = d * expected + (1 - d) * model.weight[0, 0]
      #expect(abs(average.model.weight[0, 0] - expected) < 1e-14)
    }
    #expect(average.step == 20)
  }

  /// The bits of the sum of two scaled tensors, in the memory of the average; the module that it was made of keeps its own.
  @Test func averagesInPlace() {
    func check<S: TensorScalar>(_: S.Type) {
      var generator = RandomSource(seed: 2)
      let start = Linear<S>(237, 341, using: &generator)
      let first = start.weight.elements
      var average = ExponentialMovingAverage(of: start, decay: 0.999)
      average.update(with: start)
      let place = average.model.weight.withElements { $0.baseAddress }
      for step in 2...20 {
        let newest = Linear<S>(237, 341, using: &generator)
        let d = S(min(0.999, (1 + Double(step)) / (10 + Double(step))))
        let expected = average.model.weight * d + newest.weight * (1 - d)
        average.update(with: newest)
        #expect(average.model.weight == expected)
      }
      #expect(average.model.weight.withElements { $0.baseAddress } == place)
      #expect(start.weight.elements == first)
    }
    check(Float.self)
    check(Double.self)
  }
}
