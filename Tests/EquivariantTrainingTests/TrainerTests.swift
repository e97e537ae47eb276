import DifferentiableTensors
import EquivarianceTesting
import EquivariantTraining
import NeuralModules
import Testing

@Suite struct TrainerTests {
  @Test func lossDecreases() {
    let task = Regression<Float>()
    var trainer = task.trainer()
    var losses: [Double] = []
    for _ in 0..<50 {
      guard case .completed(let loss) = trainer.runEpoch(loss: task.loss) else {
        Issue.record("the epoch was not completed")
        return
      }
      losses.append(loss)
    }
    #expect(losses.last! < 0.3 * losses[0], "\(losses)")
    #expect(trainer.epoch == 50 && trainer.step == 200 && trainer.batchesPerEpoch == 4)
    #expect(trainer.rateFactor == 0.01)
    #expect(task.loss(trainer.averaged, Array(0..<24)).item < 0.3 * Float(losses[0]))
    #expect(trainer.averaged.layers[0].weight != trainer.model.layers[0].weight)
    #expect(task.trainer(average: false).averaged.layers[0].weight == task.trainer().model.layers[0].weight)
  }

  /// Pieces of a batch give the gradient of the whole batch, with the same bits on any number of threads.
  @Test func batchesInPieces() {
    let task = Regression<Double>()
    func trained(pieces: Int?) -> [Tensor<Double>] {
      var trainer = task.trainer()
      for _ in 0..<3 {
        let end = pieces.map { trainer.runEpoch(pieces: $0, loss: { task.loss($0, $1) }) } ?? trainer.runEpoch(loss: task.loss)
        guard case .completed = end else { Issue.record("the epoch was not completed"); continue }
      }
      return trainer.model.namedTensors.map(\.tensor)
    }
    let whole = trained(pieces: nil)
    for pieces in [1, 2, 5] {
      let cut = trained(pieces: pieces)
      let difference = zip(whole, cut).map { ($0 - $1).absolute().max().item }.max()!
      #expect(difference < 1e-12)
      #expect(threadCountsThatMatter { trained(pieces: pieces) } == [])
    }
  }

  @Test func everySampleOnceAnEpoch() {
    let task = Regression<Float>()
    var trainer = task.trainer()
    var orders: [[Int]] = []
    for _ in 0..<2 {
      var seen: [Int] = []
      _ = trainer.runEpoch(loss: { model, batch in
        seen += batch
        return task.loss(model, batch)
      })
      // The incomplete last batch is left out.
      #expect(seen.count == 20 && Set(seen).count == 20 && seen.allSatisfy { (0..<24).contains($0) })
      orders.append(seen)
    }
    #expect(orders[0] != orders[1])
  }

  /// Asked between two batches of an epoch, not after the last one: who wants to stop there asks again.
  @Test func interruption() {
    let task = Regression<Float>()
    var trainer = task.trainer()
    var asked = 0
    let end = trainer.runEpoch(
      loss: task.loss,
      interrupted: {
        asked += 1
        return false
      })
    guard case .completed = end else { Issue.record("\(end)"); return }
    #expect(asked == trainer.batchesPerEpoch - 1)
    #expect(trainer.runEpoch(loss: task.loss, interrupted: { true }) == .interrupted && trainer.epoch == 1 && trainer.step == 5)
    // With one batch there is nowhere to stop within an epoch.
    var settings = trainer.settings
    settings.batchSize = 24
    var whole = Trainer(trainer.model, settings: settings, sampleCount: 24, seed: 1)
    guard case .completed = whole.runEpoch(loss: task.loss, interrupted: { true }) else { Issue.record("one batch was cut in two"); return }
    #expect(whole.epoch == 1 && whole.step == 1)
  }

  /// What batch normalisations see in the pass of the context moves their running statistics, and the average takes them over.
  @Test func buffersAreUpdatedAfterEachStep() {
    struct Normalized: ForwardPassLayer {
      var norm = BatchNorm<Float>(2)
      var last: Linear<Float>
      func callAsFunction(_ x: Tensor<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> { last(norm(x, &pass)) }
      mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
        visitor("norm", &norm)
        visitor("last", &last)
      }
    }
    var generator = RandomSource(seed: 1)
    let x = Tensor<Float>.normal([12, 2], mean: 3, using: &generator)
    var settings = Trainer<Normalized>.Settings()
    settings.batchSize = 4
    settings.averageDecay = 0.9
    var trainer = Trainer(Normalized(last: Linear(2, 1, using: &generator)), settings: settings, sampleCount: 12, seed: 2)
    var inPieces = trainer
    for _ in 0..<20 {
      _ = trainer.runEpoch { model, samples, context in
        model(x.gathered(RowIndex(samples, rowCount: 12)), &context.pass).squared().mean()
      }
      _ = inPieces.runEpoch(
        pieces: 2,
        loss: { model, samples, context in model(x.gathered(RowIndex(samples, rowCount: 12)), &context.pass).squared().mean() })
    }
    let second = (inPieces.model.norm.runningMean - x.mean(axis: 0)).absolute().max().item
    #expect(second < 0.5 && inPieces.model.norm.runningMean != trainer.model.norm.runningMean)
    let distance = (trainer.model.norm.runningMean - x.mean(axis: 0)).absolute().max().item
    #expect(distance < 0.5, "\(distance)")
    #expect(
      trainer.averaged.norm.runningMean == trainer.model.norm.runningMean && trainer.averaged.last.weight != trainer.model.last.weight)
  }

  @Test func divergenceIsReported() {
    let task = Regression<Float>()
    var trainer = task.trainer()
    var calls = 0
    let end = trainer.runEpoch(loss: { model, batch in
      calls += 1
      return calls == 3 ? task.loss(model, batch) * .infinity : task.loss(model, batch)
    })
    #expect(end == .diverged(step: 2))
    // The parameters are those before the bad batch.
    #expect(trainer.step == 2 && trainer.model.namedTensors.allSatisfy { $0.tensor.elements.allSatisfy(\.isFinite) })
  }

  @Test func sameSeedSameBits() {
    let task = Regression<Float>()
    func run(seed: UInt64) -> [UInt8] {
      var trainer = task.trainer(seed: seed)
      for _ in 0..<3 { _ = trainer.runEpoch(loss: task.loss) }
      return trainer.checkpoint().encoded()
    }
    #expect(run(seed: 1) == run(seed: 1))
    #expect(run(seed: 1) != run(seed: 2))
  }
}
