import DifferentiableTensors
import NeuralModules
import Requirements
import Synchronization

/// Training by mini-batches, whose whole state is a value. If it is saved at any step and restored, it continues with the same bits
/// (``Trainer/checkpoint(metadata:)``, ``Trainer/restore(from:allowing:)``).
///
/// A batch whose gradient is not finite changes nothing: neither the model nor the optimizer nor the average. Such batches are skipped and
/// counted (``Trainer/skippedBatches``), and too many of them end the run (``Trainer/EpochEnd/diverged(step:)``).
public struct Trainer<M: Module>: Sendable {
  /// The settings that stay fixed during a run.
  public struct Settings: Sendable, Equatable {
    /// Samples in a batch. An incomplete last batch is left out.
    public var batchSize = 100
    /// The number of batches whose gradients are averaged for one update. The last update of an epoch is made from the batches that are
    /// left.
    public var accumulation = 1
    /// The optimizer and its hyperparameters.
    public var optimizer = OptimizerSettings<M.Scalar>()
    /// Groups of parameters with a rate or decay of their own. A parameter belongs to the first group that contains it.
    public var groups: [ParameterGroup] = []
    /// The factor of the learning rate, by step.
    public var schedule = Schedule.constant
    /// A further factor of the learning rate, which is lowered when a validation figure no longer falls (``Trainer/observe(_:)``); nil for
    /// none.
    public var reduceOnPlateau: ReduceOnPlateau?
    /// How gradients are clipped.
    public var clipping = GradientClipping.none
    /// The decay of the running average of the parameters; nil for no average.
    public var averageDecay: Double?
    /// The largest number of consecutive updates that may be skipped, with their batches, because the gradient or the update along it is
    /// not finite. One more counts as divergence, and so does an epoch without any update.
    public var skippedBatchLimit = 10
    /// Batches of 100, Adam with its defaults.
    public init() {}
  }

  /// The settings of the run.
  public let settings: Settings
  /// The number of training samples.
  public let sampleCount: Int
  /// The model in training.
  public internal(set) var model: M
  /// The optimizer of the model.
  public internal(set) var optimizer: Optimizer<M.Scalar>
  /// The running average of the model's parameters, if one is kept.
  public internal(set) var average: ExponentialMovingAverage<M>?
  var clipper: GradientClipper
  /// What is known of the size of parameters and moments.
  var bounds = StepBounds()
  let stepLimits: StepLimits
  /// Where the reduction of the rate stands; nil where there is none.
  var plateau: PlateauState?
  /// The source of the order of the samples.
  var random: RandomSource
  /// The source from which the sources of batches are derived (``LossContext/random``).
  var lossRandom: RandomSource
  /// The number of completed epochs.
  public internal(set) var epoch = 0
  /// Batches of the present epoch that are done, and the sum of their losses.
  var batchesDone = 0
  var lossSum = 0.0
  /// Where ``random`` stood when the present epoch began: its order is drawn from there again on resuming.
  var epochStart: RandomSource
  /// The number of updates that had been made when the present epoch began.
  var epochStep = 0
  /// The number of batches left out since the run began because their gradient, or the update along it, was not finite.
  public internal(set) var skippedBatches = 0
  /// The number of batches left out since the last update.
  var skippedInARow = 0

  /// The model to evaluate and to predict with: the one with averaged parameters, or ``model`` if no average is kept.
  public var averaged: M { average?.model ?? model }
  /// The number of batches in an epoch.
  public var batchesPerEpoch: Int { sampleCount / settings.batchSize }
  /// The number of updates in an epoch in which none is skipped. The unit of a ``Schedule`` is an update.
  public var updatesPerEpoch: Int { (batchesPerEpoch + settings.accumulation - 1) / settings.accumulation }
  /// The present factor of the learning rate, by the schedule and the plateaus so far.
  public var rateFactor: Double { settings.schedule(optimizer.step) * (plateau?.factor ?? 1) }
  /// The factor of the learning rate where the present epoch began, or begins next.
  var epochRateFactor: Double { settings.schedule(batchesDone == 0 ? step : epochStep) * (plateau?.factor ?? 1) }
  /// The number of updates made.
  public var step: Int { optimizer.step }

  /// A run at its beginning. The order of the samples and the random numbers of losses follow from the seed.
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

  /// A source separate from that of the samples' order, which therefore does not depend on what losses draw.
  static func lossSource(seed: UInt64) -> RandomSource { RandomSource(seed: seed ^ 0xD1B5_4A32_D192_ED03) }

  /// Reports a validation figure, of which the lowest is the best, to ``Settings/reduceOnPlateau``; does nothing if that is nil. What
  /// follows from the figures is part of the trainer's state, so a resumed run must not report them again.
  public mutating func observe(_ figure: Double) {
    if let rule = settings.reduceOnPlateau { plateau?.observe(figure, rule) }
  }

  /// How an epoch ended.
  public enum EpochEnd: Sendable, Equatable {
    /// All batches are done; the mean of their losses.
    case completed(loss: Double)
    /// The epoch was stopped between two updates; the next call continues it.
    case interrupted
    /// The loss was not finite, or too many consecutive gradients were not (``Settings/skippedBatchLimit``). Model, optimizer and average
    /// are those after `step` updates, from before the first of the consecutive bad batches.
    case diverged(step: Int)
  }

  /// Runs one epoch, or the rest of an interrupted one.
  ///
  /// - Parameters:
  ///   - loss: the loss of the model on the samples of the given numbers. If the model behaves differently in training, or if the loss
  ///     draws random numbers or depends on the step, pass a closure of three arguments instead: model, samples and ``LossContext``.
  ///   - interrupted: called after each update but the last of an epoch; the epoch stops if it returns true. To stop between epochs, call
  ///     it there as well.
  public mutating func runEpoch(
    loss: (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(loss: { model, samples, _ in loss(model, samples) }, interrupted: interrupted)
  }

  /// Runs one epoch with a loss that is also given a ``LossContext``: the step, a training pass and a source of random numbers. These
  /// belong to the state of the run, so a resumed run draws the same numbers.
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

  /// Runs one epoch with every batch cut into pieces, whose gradients are added (`valueWithGradient(at:pieces:_:)`), for models whose work
  /// on a whole batch does not fit the caches. The loss must be a mean over samples. The bits differ from those of one piece, but are the
  /// same for any number of threads.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(pieces: pieces, loss: { model, samples, _ in loss(model, samples) }, interrupted: interrupted)
  }

  /// Runs one epoch in pieces, with a loss that is also given a ``LossContext``. Each piece has a pass and a source of random numbers of
  /// its own, so batch normalisations take a piece for their batch.
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
