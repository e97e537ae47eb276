import DifferentiableTensors
import EquivarianceTesting
import EquivariantTraining
import FileFormats
import NeuralModules
import Synchronization
import Testing

/// What a loss is told of its batch, and what it draws.
@Suite struct LossContextTests {
  private let task = Regression<Float>()

  /// Noise on the inputs, so that every number drawn shows in the parameters.
  private func noisy(_ model: MLP<Float>, _ samples: [Int], _ context: inout LossContext<Float>) -> Tensor<Float> {
    let rows = RowIndex(samples, rowCount: 24)
    let noise = Tensor<Float>.normal([samples.count, 2], standardDeviation: 0.1, using: &context.random)
    return meanSquaredError(model(task.x.gathered(rows) + noise), task.y.gathered(rows))
  }

  private func run(_ trainer: inout Trainer<MLP<Float>>, pieces: Int?, interrupted: () -> Bool = { false }) {
    if let pieces {
      _ = trainer.runEpoch(pieces: pieces, loss: { noisy($0, $1, &$2) }, interrupted: interrupted)
    } else {
      _ = trainer.runEpoch(loss: noisy, interrupted: interrupted)
    }
  }

  /// Resumed after every batch, also in pieces, the draws are those of a run that was never stopped.
  @Test(arguments: [nil, 1, 3]) func drawsAreResumed(pieces: Int?) throws {
    var whole = task.trainer()
    for _ in 0..<2 { run(&whole, pieces: pieces) }
    var stepped = task.trainer()
    while stepped.epoch < 2 {
      run(&stepped, pieces: pieces, interrupted: { true })
      var resumed = task.trainer(seed: 77)
      try resumed.restore(from: SafetensorsFile(bytes: stepped.checkpoint().encoded(), path: "run"))
      stepped = resumed
    }
    #expect(stepped.checkpoint().encoded() == whole.checkpoint().encoded())
    var other = task.trainer(seed: 4)
    for _ in 0..<2 { run(&other, pieces: pieces) }
    #expect(other.model.layers[0].weight != whole.model.layers[0].weight)
  }

  @Test func drawsDoNotDependOnThreads() {
    let counts = threadCountsThatMatter { () -> [Tensor<Float>] in
      var trainer = task.trainer()
      run(&trainer, pieces: 5)
      return trainer.model.namedTensors.map(\.tensor)
    }
    #expect(counts == [])
  }

  /// Step and epoch count from 0; every batch and every piece draws numbers of its own; the order of samples is that without any draws.
  @Test func whatALossIsTold() {
    var (plain, trainer) = (task.trainer(), task.trainer())
    var (order, samples): ([Int], [Int]) = ([], [])
    var (steps, epochs, draws): ([Int], [Int], [UInt64]) = ([], [], [])
    for _ in 0..<2 {
      _ = plain.runEpoch { model, batch in
        order += batch
        return task.loss(model, batch)
      }
      _ = trainer.runEpoch { model, batch, context in
        samples += batch
        steps.append(context.step)
        epochs.append(context.epoch)
        draws.append(context.random.next())
        return task.loss(model, batch)
      }
    }
    #expect(steps == Array(0..<8) && epochs == [0, 0, 0, 0, 1, 1, 1, 1] && Set(draws).count == 8)
    #expect(samples == order && trainer.checkpoint().encoded() == plain.checkpoint().encoded())
    let seen = Mutex<Set<UInt64>>([])
    _ = trainer.runEpoch(pieces: 5) { model, batch, context in
      let draw = context.random.next()
      _ = seen.withLock { $0.insert(draw) }
      return task.loss(model, batch)
    }
    #expect(seen.withLock { $0.count } == 20)
  }
}
