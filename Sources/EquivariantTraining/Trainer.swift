import DifferentiableTensors
import NeuralModules
import Requirements
import Synchronization

/// Training by mini-batches whose whole state is a value: saved at any step and restored, it continues with the same bits
/// (``Trainer/checkpoint(metadata:)``, ``Trainer/restore(from:allowing:)``).
///
/// A batch whose gradient is not finite changes nothing: neither the model nor the optimizer nor the average. It is skipped and counted
/// (``Trainer/skippedBatches``), and ends the run where there are too many of them (``Trainer/EpochEnd/diverged(step:)``).
public struct Trainer<M: Module>: Sendable {
  /// What stays fixed during a run.
  public struct Settings: Sendable, Equatable {
    /// Samples in a batch. An incomplete last batch is left out.
    public var batchSize = 100
    /// Batches whose gradients are averaged for one update, so that a batch may be smaller than what an update is made from. The last update
    /// of an epoch is made from those that are left.
    public var accumulation = 1
    /// The optimizer and its hyperparameters.
    public var optimizer = OptimizerSettings<M.Scalar>()
    /// Parameters with a rate or decay of their own; one belongs to the first group that contains it.
    public var groups: [ParameterGroup] = []
    /// The factor of the learning rate by step.
    public var schedule = Schedule.constant
    /// A further factor of the learning rate, lowered when a figure of validation no longer falls (``Trainer/observe(_:)``); nil for none.
    public var reduceOnPlateau: ReduceOnPlateau?
    /// Clipping of gradients.
    public var clipping = GradientClipping.none
    /// Decay of the average of the parameters; nil for none.
    public var averageDecay: Double?
    /// The most updates in a row that may be skipped, with their batches, because the gradient, or the update along it, is not finite; one
    /// more is divergence, as is an epoch without any update. With 0 the first one is.
    public var skippedBatchLimit = 10
    /// Batches of 100, Adam with its defaults.
    public init() {}
  }

  /// Fixed.
  public let settings: Settings
  /// Number of training samples.
  public let sampleCount: Int
  /// The model in training.
  public internal(set) var model: M
  /// Its optimizer.
  public internal(set) var optimizer: Optimizer<M.Scalar>
  /// The average of its parameters.
  public internal(set) var average: ExponentialMovingAverage<M>?
  var clipper: GradientClipper
  /// What is known of the size of parameters and moments.
  var bounds = StepBounds()
  let stepLimits: StepLimits
  /// Where the reduction of the rate stands; nil where there is none.
  var plateau: PlateauState?
  /// Source of the order of the samples.
  var random: RandomSource
  /// Source of the sources of batches (``LossContext/random``).
  var lossRandom: RandomSource
  /// Epochs completed.
  public internal(set) var epoch = 0
  /// Batches of the present epoch that are done, and the sum of their losses.
  var batchesDone = 0
  var lossSum = 0.0
  /// Where ``random`` stood when the present epoch began: its order is drawn from there again on resuming.
  var epochStart: RandomSource
  /// Updates that were made when it began.
  var epochStep = 0
  /// Batches left out since the run began, because their gradient or the update along it was not finite.
  public internal(set) var skippedBatches = 0
  /// Those since the last update.
  var skippedInARow = 0

  /// The model to evaluate and to predict with: the one of averaged parameters, or ``model`` where no average is kept.
  public var averaged: M { average?.model ?? model }
  /// Batches of an epoch.
  public var batchesPerEpoch: Int { sampleCount / settings.batchSize }
  /// Updates of an epoch in which none is skipped; the unit of a ``Schedule`` is an update.
  public var updatesPerEpoch: Int { (batchesPerEpoch + settings.accumulation - 1) / settings.accumulation }
  /// The factor of the learning rate now, by the schedule and the plateaus so far.
  public var rateFactor: Double { settings.schedule(optimizer.step) * (plateau?.factor ?? 1) }
  /// The factor of the learning rate where the present epoch began, or begins next.
  var epochRateFactor: Double { settings.schedule(batchesDone == 0 ? step : epochStep) * (plateau?.factor ?? 1) }
  /// Updates made.
  public var step: Int { optimizer.step }

  /// A run that has done nothing yet.
  public init(_ model: M, settings: Settings, sampleCount: Int, seed: UInt64) {
    require(settings.skippedBatchLimit >= 0, "a limit of at least 0 skipped batches is expected, received \(settings.skippedBatchLimit)")
    require(
      settings.batchSize > 0 && sampleCount >= settings.batchSize,
      "at least one batch of \(settings.batchSize) samples is expected, received \(sampleCount) samples")
    require(settings.accumulation > 0, "an update from at least 1 batch is expected, received \(settings.accumulation)")
    self.model = model
    self.settings = settings
    self.sampleCount = sampleCount
    optimizer = Optimizer(for: model, settings: settings.optimizer, groups: settings.groups)
    stepLimits = StepLimits(settings.optimizer, groups: settings.groups)
    plateau = settings.reduceOnPlateau.map { _ in PlateauState() }
    average = settings.averageDecay.map { ExponentialMovingAverage(of: model, decay: $0) }
    clipper = GradientClipper(settings.clipping)
    random = RandomSource(seed: seed)
    epochStart = random
    lossRandom = Self.lossSource(seed: seed)
  }

  /// A source apart from that of the samples' order, which is the same whatever losses draw.
  static func lossSource(seed: UInt64) -> RandomSource { RandomSource(seed: seed ^ 0xD1B5_4A32_D192_ED03) }

  /// Tells ``Settings/reduceOnPlateau`` a figure of validation, of which the lowest is the best; without that nothing happens. What is made
  /// of the figures is part of the trainer's state: a run that is resumed must not tell them again.
  public mutating func observe(_ figure: Double) {
    if let rule = settings.reduceOnPlateau { plateau?.observe(figure, rule) }
  }

  /// How an epoch ended.
  public enum EpochEnd: Sendable, Equatable {
    /// All batches done; the mean of their losses.
    case completed(loss: Double)
    /// Stopped between two updates: the next call goes on from there.
    case interrupted
    /// The loss was not a finite number, or too many gradients in a row were not (``Settings/skippedBatchLimit``). Model, optimizer and
    /// average are those after `step` updates: from before the bad batch, or the first of those in a row.
    case diverged(step: Int)
  }

  /// Runs one epoch, or what is left of it.
  ///
  /// - Parameters:
  ///   - loss: the loss of the model on the samples of the given numbers. Where the model differs in training, or the loss draws numbers or
  ///     depends on the step, give one of three arguments instead: model, samples and ``LossContext``.
  ///   - interrupted: asked after each update but the last of an epoch; true stops there. Who wants to stop between epochs asks again there.
  public mutating func runEpoch(
    loss: (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(loss: { model, samples, _ in loss(model, samples) }, interrupted: interrupted)
  }

  /// The same with a loss that is also told of the step, and given a pass of training and a source of random numbers that belong to the state
  /// of the run: what is drawn from there is the same in a run that was resumed.
  ///
  /// ```swift
  /// trainer.runEpoch { model, samples, context in
  ///   let noise = Tensor<Float>.normal([samples.count, 3], using: &context.random)
  ///   return meanSquaredError(model(x(samples) + noise, &context.pass), y(samples))
  /// }
  /// ```
  public mutating func runEpoch(
    loss: (_ model: M, _ samples: [Int], _ context: inout LossContext<M.Scalar>) -> Tensor<M.Scalar>,
    interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(
      gradient: { model, batch, context in
        var context = context
        let (value, gradient) = valueWithGradient(at: model) { loss($0, batch, &context) }
        return (value, gradient, [context.pass])
      }, interrupted: interrupted)
  }

  /// The same with every batch cut into pieces, whose gradients are added: for models whose work on a whole batch does not fit the caches
  /// (`valueWithGradient(at:pieces:_:)`). The loss must be a mean over samples; other bits than in one piece, the same for
  /// any number of threads.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(pieces: pieces, loss: { model, samples, _ in loss(model, samples) }, interrupted: interrupted)
  }

  /// The same with a loss that is also told of the step, and given a pass and a source of random numbers of its own for each piece: batch
  /// normalisations see a piece as their batch.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (_ model: M, _ samples: [Int], _ context: inout LossContext<M.Scalar>) -> Tensor<M.Scalar>,
    interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    require((1...settings.batchSize).contains(pieces), "1 ... \(settings.batchSize) pieces are expected, received \(pieces)")
    return runEpoch(
      gradient: { model, batch, context in
        var source = context.random
        let contexts = (0..<pieces).map { _ in
          LossContext<M.Scalar>(step: context.step, epoch: context.epoch, random: source.split())
        }
        let passes = Mutex(contexts.map(\.pass))
        let (value, gradient) = valueWithGradient(at: model, pieces: pieces) { model, k in
          let part = Array(batch[k * batch.count / pieces..<(k + 1) * batch.count / pieces])
          var context = contexts[k]
          let value = loss(model, part, &context) * (M.Scalar(part.count) / M.Scalar(batch.count))
          passes.withLock { [pass = context.pass] in $0[k] = pass }
          return value
        }
        return (value, gradient, passes.withLock { $0 })
      }, interrupted: interrupted)
  }

  private mutating func runEpoch(
    gradient: (M, [Int], LossContext<M.Scalar>) -> (
      value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>, passes: [ForwardPass<M.Scalar>]
    ), interrupted: () -> Bool
  ) -> EpochEnd {
    if batchesDone == 0 { (epochStart, epochStep) = (random, step) }
    random = epochStart
    let order = random.permutation(sampleCount)
    while batchesDone < batchesPerEpoch {
      // All that changes is kept apart until the update is made: an epoch that diverges leaves the state of before it.
      let count = min(settings.accumulation, batchesPerEpoch - batchesDone)
      var (nextRandom, losses) = (lossRandom, lossSum)
      var sum: ParameterGradient<M.Scalar>?
      var passes: [ForwardPass<M.Scalar>] = []
      for batchNumber in batchesDone..<batchesDone + count {
        let batch = Array(order[batchNumber * settings.batchSize..<(batchNumber + 1) * settings.batchSize])
        let context = LossContext<M.Scalar>(step: step, epoch: epoch, random: nextRandom.split())
        let (value, gradient, seen) = gradient(model, batch, context)
        passes += seen
        let number = Double(value.item)
        guard number.isFinite else { return .diverged(step: step) }
        losses += number
        sum = sum.map { sum in ParameterGradient(zip(sum.tensors, gradient.tensors).map { $0.detached + $1.detached }) } ?? gradient
      }
      if update(along: count == 1 ? sum! : sum!.scaled(by: 1 / M.Scalar(count))) {
        skippedInARow = 0
        for pass in passes { model.update(with: pass) }
        average?.update(with: model)
      } else {
        guard skippedInARow < min(settings.skippedBatchLimit, updatesPerEpoch - 1) else { return .diverged(step: step) }
        skippedInARow += 1
        skippedBatches += count
      }
      (lossRandom, lossSum) = (nextRandom, losses)
      batchesDone += count
      if batchesDone < batchesPerEpoch, interrupted() { return .interrupted }
    }
    let mean = lossSum / Double(batchesPerEpoch)
    lossSum = 0
    batchesDone = 0
    epoch += 1
    epochStart = random
    return .completed(loss: mean)
  }
}
