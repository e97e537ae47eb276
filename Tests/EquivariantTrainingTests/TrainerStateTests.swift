import DifferentiableTensors
import FileFormats
import NeuralModules
import Testing

@testable import EquivariantTraining

/// Runs with each optimizer and rule, resumed at every step, and what these do to the parameters.
@Suite struct TrainerStateTests {
  typealias Settings = Trainer<MLP<Float>>.Settings

  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout Settings) -> Void
  }

  static let variants = [
    Variant(testDescription: "SGD") { $0.optimizer = .sgd(.init(rate: 0.05)) },
    Variant(testDescription: "momentum") { $0.optimizer = .sgd(.init(rate: 0.05, momentum: 0.9, weightDecay: 0.01)) },
    Variant(testDescription: "Nesterov") { $0.optimizer = .sgd(.init(rate: 0.05, momentum: 0.9, isNesterov: true)) },
    Variant(testDescription: "plateau") { $0.reduceOnPlateau = ReduceOnPlateau(factor: 0.5, patience: 0, cooldown: 1) },
    Variant(testDescription: "accumulation") { $0.accumulation = 3 },
    Variant(testDescription: "groups") { $0.groups = [ParameterGroup("biases", rateFactor: 0.5, weightDecay: 0) { $0.hasSuffix("bias") }] },
    Variant(testDescription: "schedule") { $0.schedule = .custom("inverse") { 1 / Double(1 + $0) } },
    Variant(testDescription: "all") {
      $0.optimizer = .sgd(.init(rate: 0.05, momentum: 0.9))
      $0.reduceOnPlateau = ReduceOnPlateau(factor: 0.5, patience: 1)
      $0.accumulation = 2
      $0.groups = [ParameterGroup("first", rateFactor: 0) { $0.hasPrefix("0.") }]
    },
  ]

  private let task = Regression<Float>()

  /// One update further; after an epoch the rule for plateaus is told the same figure again.
  private func advance(_ trainer: inout Trainer<MLP<Float>>, interrupted: Bool = true) {
    let end = trainer.runEpoch(loss: task.loss, interrupted: { interrupted })
    if case .completed = end { trainer.observe(1) }
  }

  @Test(arguments: variants) func resumingAtEveryStep(_ variant: Variant) throws {
    var undisturbed = task.trainer(change: variant.change)
    while undisturbed.epoch < 4 { advance(&undisturbed, interrupted: false) }
    var stepped = task.trainer(change: variant.change)
    while stepped.epoch < 4 {
      let bytes = stepped.checkpoint().encoded()
      var resumed = task.trainer(seed: 99, change: variant.change)
      _ = resumed.runEpoch(loss: task.loss)
      try resumed.restore(from: SafetensorsFile(bytes: bytes, path: "step"))
      #expect(resumed.checkpoint().encoded() == bytes)
      advance(&resumed)
      stepped = resumed
    }
    #expect(stepped.checkpoint().encoded() == undisturbed.checkpoint().encoded())
    // That the variant does anything at all.
    var plain = task.trainer()
    while plain.epoch < 4 { advance(&plain, interrupted: false) }
    #expect(plain.model.layers[1].weight != undisturbed.model.layers[1].weight)
  }

  /// Each optimizer, group, rule and count is known to a checkpoint; another one is refused by its name, and nothing changes.
  @Test func otherSettings() throws {
    let changes: [(setting: TrainerSetting, values: (String, String), from: (inout Settings) -> Void, to: (inout Settings) -> Void)] = [
      (.accumulation, ("2", "1"), { $0.accumulation = 2 }, { _ in }), (.accumulation, ("1", "2"), { _ in }, { $0.accumulation = 2 }),
      (.momentum, ("0.9", "0.8"), { $0.optimizer = .sgd(.init(momentum: 0.9)) }, { $0.optimizer = .sgd(.init(momentum: 0.8)) }),
      (.momentum, ("0.0", "0.8"), { $0.optimizer = .sgd(.init()) }, { $0.optimizer = .sgd(.init(momentum: 0.8)) }),
      (
        .nesterov, ("true", "false"), { $0.optimizer = .sgd(.init(momentum: 0.9, isNesterov: true)) },
        { $0.optimizer = .sgd(.init(momentum: 0.9)) }
      ),
      (.schedule, ("custom(a)", "custom(b)"), { $0.schedule = .custom("a") { _ in 1 } }, { $0.schedule = .custom("b") { _ in 1 } }),
    ]
    for (setting, values, from, to) in changes {
      var saved = task.trainer(change: from)
      advance(&saved)
      var trainer = task.trainer(change: to)
      let before = trainer.checkpoint().encoded()
      let error = #expect(throws: FileFormatError.self) { try trainer.restore(from: saved.checkpoint()) }
      #expect(error?.cause == "the run of this checkpoint has \(setting.rawValue) \(values.0), this one has \(values.1)")
      #expect(trainer.checkpoint().encoded() == before)
      try trainer.restore(from: saved.checkpoint(), allowing: [setting])
      #expect(trainer.step == 1)
    }
    func refusal(_ from: (inout Settings) -> Void, _ to: (inout Settings) -> Void) -> String {
      var trainer = task.trainer(change: to)
      let error = #expect(throws: FileFormatError.self) {
        try trainer.restore(from: task.trainer(change: from).checkpoint(), allowing: [.rate])
      }
      return error?.cause ?? ""
    }
    let sgd: (inout Settings) -> Void = { $0.optimizer = .sgd(.init()) }
    #expect(refusal(sgd, { _ in }) == "the run of this checkpoint has the optimizer sgd, this one has adam")
    #expect(refusal({ _ in }, sgd) == "the run of this checkpoint has the optimizer adam, this one has sgd")
    #expect(refusal({ _ in }, { $0.reduceOnPlateau = .init() }).contains("reduceOnPlateau none, this one has (factor: 0.1"))
    // Groups of one name and other parameters are not the same.
    func groups(_ part: String) -> (inout Settings) -> Void {
      { $0.groups = [ParameterGroup("slow", rateFactor: 0.1) { $0.contains(part) }] }
    }
    #expect(refusal(groups("bias"), groups("0.")).contains("groups slow(rateFactor: 0.1"))
    #expect(refusal({ _ in }, groups("bias")).contains("groups none"))
  }

  /// What checkpoints of Adam without any of this hold is what they held before there was any of it.
  @Test func checkpointsOfAdamAreAsBefore() throws {
    let file = task.trainer().checkpoint()
    let state = try #require(file.metadata["trainer"])
    for key in ["plateau\"", "optimizer", "accumulation", "momentum", "nesterov", "groups", "reduceOnPlateau"] {
      #expect(!state.contains("\"\(key)"), "\(key)")
    }
    #expect(file.names.filter { $0.hasPrefix("optimizer.") }.count == 8)
  }

  /// The mean of the gradients of two batches is that of one of twice the size.
  @Test func accumulationIsALargerBatch() {
    let task = Regression<Double>()
    func trained(_ change: (inout Trainer<MLP<Double>>.Settings) -> Void) -> Trainer<MLP<Double>> {
      var trainer = task.trainer(change: change)
      for _ in 0..<3 { _ = trainer.runEpoch(loss: task.loss) }
      return trainer
    }
    let (parts, whole, small) = (trained { $0.accumulation = 2 }, trained { $0.batchSize = 10 }, trained { _ in })
    func distance(_ a: Trainer<MLP<Double>>, _ b: Trainer<MLP<Double>>) -> Double {
      zip(a.model.namedTensors, b.model.namedTensors).map { ($0.tensor - $1.tensor).absolute().max().item }.max()!
    }
    #expect(parts.step == 6 && whole.step == 6 && distance(parts, whole) < 1e-12 && distance(parts, small) > 1e-4)
    // Four batches in threes: the last update of an epoch is made from one.
    let uneven = trained { $0.accumulation = 3 }
    #expect(uneven.step == 6 && uneven.updatesPerEpoch == 2)
  }

  /// A bad gradient among several leaves all of them out.
  @Test func badGradientsAmongSeveral() {
    var trainer = task.trainer { $0.accumulation = 2 }
    var call = 0
    let end = trainer.runEpoch(loss: { [task] model, batch in
      call += 1
      let loss = task.loss(model, batch)
      return call == 2 ? Tensor.operation([loss], value: loss.detached) { _, g in [g * .nan] } : loss
    })
    guard case .completed = end else { Issue.record("\(end)"); return }
    #expect(trainer.step == 1 && trainer.skippedBatches == 2)
  }

  /// Groups give the step of Adam with settings of its own for each parameter; the first group that contains a parameter counts.
  @Test func groupsOfParameters() {
    var trainer = task.trainer {
      $0.groups = [
        ParameterGroup("frozen", rateFactor: 0) { $0 == "0.bias" },
        ParameterGroup("biases", rateFactor: 0.5, weightDecay: 0) { $0.hasSuffix("bias") },
      ]
    }
    var model = trainer.model
    let start = model
    var adam = Adam(for: model, settings: .init(rate: 0.02, weightDecay: 1e-3)) { path in
      path == "0.bias" ? .init(rate: 0, weightDecay: 1e-3) : path.hasSuffix("bias") ? .init(rate: 0.01) : nil
    }
    let (_, gradient) = valueWithGradient(at: model) { task.loss($0, Array(0..<24)) }
    var clipper = trainer.clipper
    adam.update(&model, along: gradient, factor: trainer.rateFactor, scale: clipper.factor(forNorm: Double(gradient.norm)))
    let isUpdated = trainer.update(along: gradient)
    #expect(isUpdated && zip(trainer.model.namedTensors, model.namedTensors).allSatisfy { $0.tensor == $1.tensor })
    let (before, after) = (start.namedTensors.map(\.tensor), model.namedTensors.map(\.tensor))
    #expect(before[1] == after[1] && before[0] != after[0] && before[3] != after[3])
  }

  /// What a rate past all numbers would do is left out under SGD too.
  @Test func stepsOfSGDThatOverflow() {
    for rate in [1e40, .infinity, .nan] {
      var trainer = task.trainer { $0.optimizer = .sgd(.init(rate: rate, momentum: 0.9)) }
      let start = trainer.model.namedTensors.map(\.tensor)
      #expect(trainer.runEpoch(loss: task.loss) == .diverged(step: 0) && trainer.model.namedTensors.map(\.tensor) == start, "\(rate)")
    }
  }

  /// Moments are changed where they lie: a step makes no copies of them.
  @Test func momentsStayInPlace() {
    var trainer = task.trainer()
    func place(_ t: Tensor<Float>) -> UnsafePointer<Float>? { t.withElements { $0.baseAddress } }
    _ = trainer.runEpoch(loss: task.loss)
    let means = trainer.optimizer.adam!.means.map(place)
    let squares = trainer.optimizer.adam!.squares.map(place)
    let parameters = trainer.model.namedTensors.map { place($0.tensor) }
    for _ in 0..<3 { _ = trainer.runEpoch(loss: task.loss) }
    #expect(trainer.optimizer.adam!.means.map(place) == means && trainer.optimizer.adam!.squares.map(place) == squares)
    #expect(trainer.model.namedTensors.map { place($0.tensor) } == parameters)
  }

  /// A state of the reduction of the rate that cannot be is refused.
  @Test func corruptPlateaus() throws {
    let change: (inout Settings) -> Void = { $0.reduceOnPlateau = ReduceOnPlateau(factor: 0.5, patience: 0) }
    var saved = task.trainer(change: change)
    for _ in 0..<2 { saved.observe(1) }
    let file = saved.checkpoint()
    let state = try #require(file.metadata["trainer"])
    for (part, replacement) in [
      ("\"plateau\":{", "\"other\":{"), ("\"badCount\":0", "\"badCount\":-1"), ("\"factor\":\"3fe", "\"factor\":\"7ff"),
      ("\"cooldownLeft\":0", "\"cooldownLeft\":\"\""),
    ] {
      #expect(state.contains(part))
      var broken = file
      broken.metadata["trainer"] = state.replacing(part, with: replacement)
      var trainer = task.trainer(change: change)
      let error = #expect(throws: FileFormatError.self) { try trainer.restore(from: broken) }
      #expect(error?.cause.contains("\"plateau\"") == true && trainer.rateFactor == task.trainer().rateFactor, "\(part)")
    }
    var trainer = task.trainer(change: change)
    try trainer.restore(from: file)
    #expect(trainer.rateFactor == 0.5 * task.trainer().rateFactor)
  }

  @Test func customSchedules() {
    let schedule = Schedule.custom("inverse") { 1 / Double(1 + $0) }
    #expect(schedule(0) == 1 && schedule(3) == 0.25)
    #expect(schedule == .custom("inverse") { _ in 1 } && schedule != .custom("other") { _ in 1 } && schedule != .constant)
  }
}
