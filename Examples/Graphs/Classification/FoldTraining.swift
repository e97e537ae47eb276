import Equivariant
import ExampleSupport
import Foundation

/// The training on one fold with its files.
struct FoldTraining {
  let configuration: ClassificationConfiguration
  let data: GraphDataset
  let resumeCommand: String

  /// Runs to the end, or until Ctrl-C or the deadline, when the result is nil. It saves as it goes, and continues from the checkpoint if
  /// there is one.
  func run(_ folder: RunFolder, _ plan: SessionPlan) throws -> FoldResult? {
    let (c, training) = (configuration, configuration.training)
    if let result = try FoldResult(finished: folder, of: c) { return result }
    let split = c.split(data)
    var trainer = Trainer(
      c.makeModel(), settings: training.trainerSettings(samples: split.train.count), sampleCount: split.train.count,
      seed: training.seed &+ UInt64(c.fold) &+ 0x5EED)
    var saved: SafetensorsFile?
    if folder.hasCheckpoint {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      try c.check(ClassificationConfiguration(from: file), of: folder.checkpoint)
      try trainer.restore(from: file)
      saved = file
    } else {
      try folder.begin()
    }
    let session = plan.session(
      c, in: folder, epochs: training.epochs, keepsLowest: !split.valid.isEmpty, continuedBy: resumeCommand)
    let (valid, test) = (data.batches(split.valid), data.batches(split.test))
    let renumbers = type(of: c.model).renumbersNodes
    let loss: (GraphClassifier, [Int], inout LossContext<Float>) -> Tensor<Float> = { model, samples, context in
      // What a step draws depends on its number and the fold alone, as in the runs that are published.
      var source = RandomSource(seed: training.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(c.fold) << 32 &+ UInt64(context.step))
      let numbers = samples.map { split.train[$0] }
      let batch = renumbers ? ClassifierBatch(data, numbers, renumberedBy: &source) : ClassifierBatch(data, numbers)
      context.random = source
      return crossEntropy(model(batch.graphs, &context.pass), batch.labels)
    }
    var latest: ClassifierEvaluation?
    let outcome = try session.run(
      &trainer, resuming: saved,
      epoch: { trainer, interrupted in trainer.runEpoch(loss: loss, interrupted: interrupted) },
      evaluate: {
        latest = ClassifierEvaluation($0, valid, classes: c.facts.classes)
        return latest!.error
      },
      details: {
        let tested = ClassifierEvaluation($0, test, classes: c.facts.classes)
        return [
          "valid_accuracy": .number(latest!.confusion.accuracy), "valid_loss": .number(latest!.loss),
          "test_accuracy": .number(tested.confusion.accuracy),
        ]
      })
    guard outcome.end == .completed else { return nil }
    let (model, _, file) = try ClassificationConfiguration.load(folder.best)
    let result = try FoldResult(c, folder, data, model: model, chosen: TrainingOutcome.Best(savedIn: file)?.epoch)
    try result.write(to: folder)
    return result
  }
}
