import Equivariant
import ExampleSupport
import Foundation
import Testing

/// The loop of the programs, on a small regression.
@Suite struct TrainingSessionTests {
  private func trainer() -> Trainer<Linear<Float>> {
    var generator = RandomSource(seed: 1)
    var settings = Trainer<Linear<Float>>.Settings()
    settings.batchSize = 2
    return Trainer(Linear(2, 1, using: &generator), settings: settings, sampleCount: 8, seed: 2)
  }

  /// The loss, with gradients that are not finite in the steps of the given numbers.
  private func loss(_ bad: Set<Int>) -> (Linear<Float>, [Int]) -> Tensor<Float> {
    var call = -1
    return { model, samples in
      call += 1
      let loss = model(.ones([samples.count, 2])).squared().mean()
      return bad.contains(call) ? Tensor.operation([loss], value: loss.detached) { _, g in [g * .nan] } : loss
    }
  }

  private func session(_ folder: URL) -> TrainingSession {
    TrainingSession(
      folder: RunFolder(folder.path), configuration: "{}", epochs: 3, saveEvery: 0, isQuiet: true)
  }

  /// Batches that are left out are in the metrics and in the checkpoint; a run without any has nothing to say of them.
  @Test func skippedBatchesAreReported() throws {
    try withTemporaryFolder { folder in
      var trainer = trainer()
      let loss = loss([5, 9, 10])
      let outcome = try session(folder).run(
        &trainer, resuming: nil, epoch: { trainer, stops in trainer.runEpoch(loss: loss, interrupted: stops) }, evaluate: { _ in 1 })
      #expect(outcome.end == .completed && trainer.step == 9)
      let lines = try readJSONLines(RunFolder(folder.path).metrics)
      #expect(lines.map { $0["skipped"]?.int } == [nil, 1, 3])
      let file = try SafetensorsFile(contentsOf: RunFolder(folder.path).checkpoint)
      #expect(file.metadata["trainer"]?.contains("\"skippedBatches\":3") == true)
    }
  }

  /// Nothing but bad gradients is divergence, and the checkpoint of before stays.
  @Test func divergenceOfGradients() throws {
    try withTemporaryFolder { folder in
      var trainer = trainer()
      let loss = loss(Set(4..<100))
      let error = #expect(throws: TrainingFailure.self) {
        try session(folder).run(
          &trainer, resuming: nil, epoch: { trainer, stops in trainer.runEpoch(loss: loss, interrupted: stops) }, evaluate: { _ in 1 })
      }
      #expect(error.map { "\($0)" }?.contains("the loss or its gradient is not finite at step 4") == true)
      var resumed = self.trainer()
      try resumed.restore(from: SafetensorsFile(contentsOf: RunFolder(folder.path).checkpoint))
      #expect(resumed.epoch == 1 && resumed.step == 4 && resumed.model.weight == trainer.model.weight)
    }
  }
}
