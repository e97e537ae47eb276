import DifferentiableTensors
import NeuralModules
import Testing

@testable import EquivariantTraining

/// What is not finite never reaches a model.
@Suite struct FiniteStepTests {
  private typealias Run = Trainer<MLP<Float>>
  private let task = Regression<Float>()
  private static let clippings: [GradientClipping] = [.none, .norm(1), .adaptive(1.1)]

  /// Everything that a step changes, without the counters of batches.
  private func state(_ trainer: Run) -> [Tensor<Float>] {
    trainer.model.namedTensors.map(\.tensor) + trainer.optimizer.moments.flatMap(\.tensors)
      + trainer.average!.model.namedTensors.map(\.tensor)
  }

  /// A loss with this factor on its gradient, though not on its value, in the calls of the given numbers.
  private func loss(_ calls: ClosedRange<Int>, gradientTimes factor: Float) -> (MLP<Float>, [Int]) -> Tensor<Float> {
    var call = 0
    return { [task] model, batch in
      call += 1
      let loss = task.loss(model, batch)
      return calls.contains(call) ? Tensor.operation([loss], value: loss.detached) { _, g in [g * factor] } : loss
    }
  }

  /// One bad gradient is left out and counted, whether gradients are clipped or not; all is then as if that batch had not been.
  @Test(arguments: clippings, [Float.nan, .infinity])
  func oneBadGradientIsSkipped(clipping: GradientClipping, factor: Float) {
    var trainer = task.trainer { $0.clipping = clipping }
    var states: [[Tensor<Float>]] = [state(trainer)]
    let loss = loss(2...2, gradientTimes: factor)
    // One batch at a time.
    while trainer.epoch == 0 {
      _ = trainer.runEpoch(loss: loss, interrupted: { true })
      states.append(state(trainer))
    }
    #expect(trainer.step == 3 && trainer.average?.step == 3 && trainer.skippedBatches == 1 && trainer.batchesDone == 0)
    #expect(states[2] == states[1] && states[1] != states[0] && states[3] != states[2])
    #expect(states.allSatisfy { $0.allSatisfy { $0.elements.allSatisfy(\.isFinite) } })
  }

  /// A limit of 0: the first bad gradient ends the epoch, with the parameters from before it.
  @Test(arguments: clippings) func theFirstBadGradientDiverges(clipping: GradientClipping) {
    var trainer = task.trainer {
      $0.clipping = clipping
      $0.skippedBatchLimit = 0
    }
    let loss = loss(3...3, gradientTimes: .nan)
    _ = trainer.runEpoch(loss: loss, interrupted: { true })
    _ = trainer.runEpoch(loss: loss, interrupted: { true })
    let before = (trainer.checkpoint().encoded(), state(trainer))
    #expect(trainer.runEpoch(loss: loss) == .diverged(step: 2))
    #expect(state(trainer) == before.1 && trainer.checkpoint().encoded() == before.0)
  }

  /// Bad gradients without end: no epoch is completed without an update, and none goes on past the limit.
  @Test(arguments: clippings, [2, 10]) func badGradientsWithoutEnd(clipping: GradientClipping, limit: Int) {
    var trainer = task.trainer {
      $0.clipping = clipping
      $0.skippedBatchLimit = limit
    }
    let start = state(trainer)
    #expect(trainer.runEpoch(loss: loss(1...Int.max, gradientTimes: .nan)) == .diverged(step: 0))
    #expect(trainer.skippedBatches == min(limit, 3) && state(trainer) == start)
    // An update in between starts the count again.
    var broken = task.trainer { $0.skippedBatchLimit = 2 }
    guard case .completed = broken.runEpoch(loss: loss(1...2, gradientTimes: .nan)) else { Issue.record("too early"); return }
    guard case .completed = broken.runEpoch(loss: loss(1...2, gradientTimes: .nan)) else { Issue.record("too early"); return }
    #expect(broken.skippedBatches == 4 && broken.step == 4)
  }

  /// Finite gradients whose squares are not, and rates that carry parameters past all numbers: nothing of the optimizer is spoilt either.
  @Test func stepsThatOverflow() {
    for factor in [Float(1e25), 1e36] {
      var trainer = task.trainer { $0.clipping = .none }
      guard case .completed = trainer.runEpoch(loss: loss(2...2, gradientTimes: factor)) else { Issue.record("diverged"); return }
      #expect(trainer.skippedBatches == 1 && state(trainer).allSatisfy { $0.elements.allSatisfy(\.isFinite) })
    }
    for rate in [1e40, .infinity, .nan] {
      var trainer = task.trainer { $0.optimizer.rate = rate }
      let start = state(trainer)
      #expect(trainer.runEpoch(loss: task.loss) == .diverged(step: 0) && state(trainer) == start, "\(rate)")
    }
    // Settings that are not finite or vanish in the element type, with gradients that are all 0: infinity times 0, 0 divided by 0.
    for change: (inout Run.Settings) -> Void in [{ $0.optimizer.rate = 1e40 }, { $0.optimizer = .init(epsilon: 1e-60) }] {
      var trainer = task.trainer(change: change)
      let start = state(trainer)
      #expect(trainer.runEpoch(loss: loss(1...Int.max, gradientTimes: 0)) == .diverged(step: 0))
      #expect(state(trainer) == start)
    }
    // Clipped, the same gradient is one like others.
    var clipped = task.trainer { $0.clipping = .norm(1) }
    guard case .completed = clipped.runEpoch(loss: loss(2...2, gradientTimes: 1e25)) else { Issue.record("diverged"); return }
    #expect(clipped.skippedBatches == 0 && clipped.step == 4)
  }

  /// Parameters far out make the check look at the tensors; the steps are the same to the last bit.
  @Test func bothWaysOfSteppingAgree() throws {
    var (near, far) = (task.trainer(), task.trainer())
    let (_, gradient) = valueWithGradient(at: near.model) { task.loss($0, Array(0..<24)) }
    let isUpdated = near.update(along: gradient)
    #expect(isUpdated)
    var moved = far.optimizer
    var model = far.model
    var clipper = far.clipper
    moved.update(&model, along: gradient, factor: far.rateFactor, scale: clipper.factor(forNorm: Double(gradient.norm)))
    #expect(state(near).prefix(4) == model.namedTensors.map(\.tensor)[...])
    // Moments of 1e16 have squares past the bounds, not past the numbers.
    var adam = try #require(far.optimizer.adam)
    for i in adam.squares.indices { adam.squares[i] = Tensor(repeating: 2e35, shape: adam.squares[i].shape) }
    far.optimizer = .adam(adam)
    #expect(far.update(along: gradient) && far.step == 1)
    #expect(far.optimizer.adam!.squares.allSatisfy { $0.elements.allSatisfy { $0 > 1.9e35 && $0.isFinite } })
  }

  /// Entries whose squares overflow have a norm; entries that are not finite have none.
  @Test func normsOfLargeGradients() {
    let gradient = ParameterGradient([Tensor<Float>([3e30, 0]), Tensor<Float>([-4e30])])
    #expect(abs(gradient.norm / 5e30 - 1) < 1e-6)
    #expect(abs(ParameterGradient([Tensor<Double>([3e200, 4e200])]).norm / 5e200 - 1) < 1e-15)
    #expect(!ParameterGradient([Tensor<Float>([1, .infinity])]).norm.isFinite && !ParameterGradient([Tensor<Float>([.nan])]).norm.isFinite)
    #expect(ParameterGradient([Tensor<Float>([3, 4])]).norm == 5)
  }

  /// A first gradient of 0 gives a running mean of 0, which is no bound: training goes on after it.
  @Test func gradientsOfZero() {
    var clipper = GradientClipper(.adaptive(2))
    #expect(clipper.factor(forNorm: 0) == 1 && clipper.mean == 0)
    #expect(clipper.factor(forNorm: 10) == 1 && clipper.factor(forNorm: 10) < 1)
    var trainer = task.trainer()
    let start = state(trainer)
    _ = trainer.runEpoch(loss: loss(1...1, gradientTimes: 0))
    #expect(trainer.step == 4 && trainer.skippedBatches == 0 && state(trainer) != start)
  }
}
