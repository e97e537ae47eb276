import DifferentiableTensors
import NeuralModules
import Requirements

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
    /// The optimizer's hyperparameters.
    public var optimizer = Adam<M.Scalar>.Settings()
    /// The factor of the learning rate by step.
    public var schedule = Schedule.constant
    /// Clipping of gradients.
    public var clipping = GradientClipping.none
    /// Decay of the average of the parameters; nil for none.
    public var averageDecay: Double?
    /// The most batches in a row that may be skipped because their gradient, or the update along it, is not finite; one more is divergence, as
    /// is an epoch without any update. With 0 the first one is.
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
  public internal(set) var optimizer: Adam<M.Scalar>
  /// The average of its parameters.
  public internal(set) var average: ExponentialMovingAverage<M>?
  var clipper: GradientClipper
  /// What is known of the size of parameters and moments.
  var bounds = StepBounds()
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
  /// Batches left out since the run began, because their gradient or the update along it was not finite.
  public internal(set) var skippedBatches = 0
  /// Those since the last update.
  var skippedInARow = 0

  /// The model to use for predictions: the average where there is one.
  public var best: M { average?.model ?? model }
  /// Batches of an epoch.
  public var batchesPerEpoch: Int { sampleCount / settings.batchSize }
  /// The factor of the learning rate now.
  public var rateFactor: Double { settings.schedule(optimizer.step) }
  /// Updates made.
  public var step: Int { optimizer.step }

  /// A run that has done nothing yet.
  public init(_ model: M, settings: Settings, sampleCount: Int, seed: UInt64) {
    require(settings.skippedBatchLimit >= 0, "a limit of at least 0 skipped batches is expected, received \(settings.skippedBatchLimit)")
    require(
      settings.batchSize > 0 && sampleCount >= settings.batchSize,
      "at least one batch of \(settings.batchSize) samples is expected, received \(sampleCount) samples")
    self.model = model
    self.settings = settings
    self.sampleCount = sampleCount
    optimizer = Adam(for: model, settings: settings.optimizer)
    average = settings.averageDecay.map { ExponentialMovingAverage(of: model, decay: $0) }
    clipper = GradientClipper(settings.clipping)
    random = RandomSource(seed: seed)
    epochStart = random
    lossRandom = Self.lossSource(seed: seed)
  }

  /// A source apart from that of the samples' order, which is the same whatever losses draw.
  static func lossSource(seed: UInt64) -> RandomSource { RandomSource(seed: seed ^ 0xD1B5_4A32_D192_ED03) }

  /// How an epoch ended.
  public enum EpochEnd: Sendable, Equatable {
    /// All batches done; the mean of their losses.
    case completed(loss: Double)
    /// Stopped between two batches: the next call goes on from there.
    case interrupted
    /// The loss was not a finite number, or too many gradients in a row were not (``Settings/skippedBatchLimit``). Model, optimizer and
    /// average are those after `step` updates: from before the bad batch, or the first of those in a row.
    case diverged(step: Int)
  }

  /// Runs one epoch, or what is left of it.
  ///
  /// - Parameters:
  ///   - loss: the loss of the model on the samples of the given numbers. Where it draws numbers or depends on the step, give one of three
  ///     arguments instead: model, samples and ``LossContext``.
  ///   - updated: given the model after each update; may change its buffers (`Module.update(with:)`).
  ///   - interrupted: asked after each batch but the last of an epoch; true stops there. Who wants to stop between epochs asks again there.
  public mutating func runEpoch(
    loss: (M, [Int]) -> Tensor<M.Scalar>, updated: (inout M) -> Void = { _ in }, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(loss: { model, samples, _ in loss(model, samples) }, updated: updated, interrupted: interrupted)
  }

  /// The same with a loss that is also told of the step, and given a source of random numbers that belongs to the state of the run: what it
  /// draws from there is the same in a run that was resumed.
  ///
  /// ```swift
  /// trainer.runEpoch { model, samples, context in
  ///   let noise = Tensor<Float>.normal([samples.count, 3], using: &context.random)
  ///   ...
  /// }
  /// ```
  public mutating func runEpoch(
    loss: (_ model: M, _ samples: [Int], _ context: inout LossContext) -> Tensor<M.Scalar>, updated: (inout M) -> Void = { _ in },
    interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(
      gradient: { model, batch, context in
        var context = context
        return valueWithGradient(at: model) { loss($0, batch, &context) }
      }, updated: updated, interrupted: interrupted)
  }

  /// The same with every batch cut into pieces, whose gradients are added: for models whose work on a whole batch does not fit the caches
  /// (`valueWithGradient(at:pieces:_:)`). The loss must be a mean over samples; other bits than in one piece, the same for
  /// any number of threads.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(pieces: pieces, loss: { model, samples, _ in loss(model, samples) }, interrupted: interrupted)
  }

  /// The same with a loss that is also told of the step, and given a source of random numbers of its own for each piece.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (_ model: M, _ samples: [Int], _ context: inout LossContext) -> Tensor<M.Scalar>,
    interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    require((1...settings.batchSize).contains(pieces), "1 ... \(settings.batchSize) pieces are expected, received \(pieces)")
    return runEpoch(
      gradient: { model, batch, context in
        var source = context.random
        let contexts = (0..<pieces).map { _ in LossContext(step: context.step, epoch: context.epoch, random: source.split()) }
        return valueWithGradient(at: model, pieces: pieces) { model, k in
          let part = Array(batch[k * batch.count / pieces..<(k + 1) * batch.count / pieces])
          var context = contexts[k]
          return loss(model, part, &context) * (M.Scalar(part.count) / M.Scalar(batch.count))
        }
      }, updated: { _ in }, interrupted: interrupted)
  }

  private mutating func runEpoch(
    gradient: (M, [Int], LossContext) -> (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>), updated: (inout M) -> Void,
    interrupted: () -> Bool
  ) -> EpochEnd {
    if batchesDone == 0 { epochStart = random }
    random = epochStart
    let order = random.permutation(sampleCount)
    while batchesDone < batchesPerEpoch {
      let batch = Array(order[batchesDone * settings.batchSize..<(batchesDone + 1) * settings.batchSize])
      var nextRandom = lossRandom
      let context = LossContext(step: step, epoch: epoch, random: nextRandom.split())
      let (value, gradient) = gradient(model, batch, context)
      let number = Double(value.item)
      guard number.isFinite else { return .diverged(step: step) }
      if update(along: gradient) {
        skippedInARow = 0
        updated(&model)
        average?.update(with: model)
      } else {
        guard skippedInARow < min(settings.skippedBatchLimit, batchesPerEpoch - 1) else { return .diverged(step: step) }
        skippedInARow += 1
        skippedBatches += 1
      }
      lossRandom = nextRandom
      lossSum += number
      batchesDone += 1
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
