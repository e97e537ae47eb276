import DifferentiableTensors
import NeuralModules
import Requirements

/// Training by mini-batches whose whole state is a value: saved at any step and restored, it continues with the same bits
/// (``Trainer/checkpoint(metadata:)``, ``Trainer/restore(from:)``).
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
  /// Source of the order of the samples.
  var random: RandomSource
  /// Epochs completed.
  public internal(set) var epoch = 0
  /// Batches of the present epoch that are done, and the sum of their losses.
  var batchesDone = 0
  var lossSum = 0.0
  /// Where ``random`` stood when the present epoch began: its order is drawn from there again on resuming.
  var epochStart: RandomSource

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
  }

  /// How an epoch ended.
  public enum EpochEnd: Sendable, Equatable {
    /// All batches done; the mean of their losses.
    case completed(loss: Double)
    /// Stopped between two batches: ``Trainer/runEpoch(loss:updated:interrupted:)`` goes on from there.
    case interrupted
    /// The loss was not a finite number.
    case diverged(step: Int)
  }

  /// Runs one epoch, or what is left of it.
  ///
  /// Where gradients are clipped, a batch with a finite loss whose gradient is not finite counts as done and updates nothing.
  ///
  /// - Parameters:
  ///   - loss: the loss of the model on the samples of the given numbers.
  ///   - updated: given the model after each update; may change its buffers (`Module.update(with:)`).
  ///   - interrupted: asked after each batch but the last of an epoch; true stops there. Who wants to stop between epochs asks again there.
  public mutating func runEpoch(
    loss: (M, [Int]) -> Tensor<M.Scalar>, updated: (inout M) -> Void = { _ in }, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    runEpoch(
      gradient: { model, batch in valueWithGradient(at: model) { loss($0, batch) } }, updated: updated, interrupted: interrupted)
  }

  /// The same with every batch cut into pieces, whose gradients are added: for models whose work on a whole batch does not fit the caches
  /// (`valueWithGradient(at:pieces:_:)`). The loss must be a mean over samples; other bits than in one piece, the same for
  /// any number of threads.
  public mutating func runEpoch(
    pieces: Int, loss: @Sendable (M, [Int]) -> Tensor<M.Scalar>, interrupted: () -> Bool = { false }
  ) -> EpochEnd {
    require((1...settings.batchSize).contains(pieces), "1 ... \(settings.batchSize) pieces are expected, received \(pieces)")
    return runEpoch(
      gradient: { model, batch in
        valueWithGradient(at: model, pieces: pieces) { model, k in
          let part = Array(batch[k * batch.count / pieces..<(k + 1) * batch.count / pieces])
          return loss(model, part) * (M.Scalar(part.count) / M.Scalar(batch.count))
        }
      }, updated: { _ in }, interrupted: interrupted)
  }

  private mutating func runEpoch(
    gradient: (M, [Int]) -> (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>), updated: (inout M) -> Void,
    interrupted: () -> Bool
  ) -> EpochEnd {
    if batchesDone == 0 { epochStart = random }
    random = epochStart
    let order = random.permutation(sampleCount)
    while batchesDone < batchesPerEpoch {
      let batch = Array(order[batchesDone * settings.batchSize..<(batchesDone + 1) * settings.batchSize])
      let (value, gradient) = gradient(model, batch)
      let number = Double(value.item)
      guard number.isFinite else { return .diverged(step: step) }
      var scale = 1.0
      if settings.clipping != .none { scale = clipper.factor(forNorm: Double(gradient.norm)) }
      if scale > 0 {
        let factor = rateFactor
        optimizer.update(&model, along: gradient, factor: factor, scale: scale)
        updated(&model)
        average?.update(with: model)
      }
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
