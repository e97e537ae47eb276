import Equivariant

/// Everything that decides a run.
struct Settings: StoredConfiguration {
  var hidden = 16
  var rate = 0.01
  var seed: UInt64 = 1
}

let settings = Settings()
let folder = RunFolder(CommandLine.arguments.dropFirst().first ?? "runs/distances")

// The distance of a point from the origin, to be learned from the square of it.
var generator = RandomSource(seed: settings.seed)
let points = Tensor<Float>.normal([240, 3], using: &generator)
let (squares, distances) = (points.squaredNorm(keepingDimensions: true), points.norm(keepingDimensions: true))

var choices = Trainer<MLP<Float>>.Settings()
choices.batchSize = 20
choices.optimizer = .sgd(.init(rate: settings.rate, momentum: 0.9))
choices.reduceOnPlateau = ReduceOnPlateau(factor: 0.5, patience: 5)
choices.averageDecay = 0.9
var trainer = Trainer(
  MLP(widths: [1, settings.hidden, 1], using: &generator), settings: choices, sampleCount: 200, seed: settings.seed)

let outcome = try trainer.fit(
  in: folder, configuration: settings, data: Fingerprint(squares, distances), epochs: 100,
  loss: { model, samples, context in
    let rows = RowIndex(samples, rowCount: 240)
    let noise = Tensor<Float>.normal([samples.count, 1], standardDeviation: 0.01, using: &context.random)
    return meanSquaredError(model(squares.gathered(rows)), distances.gathered(rows) + noise)
  },
  validate: { model in
    let rows = RowIndex(Array(200..<240), rowCount: 240)
    let error = withoutRecording { meanAbsoluteError(model(squares.gathered(rows)), distances.gathered(rows)) }
    return ["mae": Double(error.item)]
  }, monitor: "mae", patience: 30, saveEvery: 0)

print("\(outcome.end) after epoch \(outcome.epoch)")
if let best = outcome.best { print("mean absolute error \(best.value) after epoch \(best.epoch): \(folder.best)") }
