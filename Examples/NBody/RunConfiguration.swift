import ArgumentParser
import Equivariant
import ExampleSupport

/// The kinds of model that `nbody` trains.
enum ModelKind: String, Codable, CaseIterable, ExpressibleByArgument {
  case egnn, gnn
  case faGNN = "fa-gnn"
  case ponita, flow

  /// Width of the hidden features where none is asked for: a multiple of 3 where they are taken for vectors.
  var defaultWidth: Int { self == .faGNN ? 60 : 64 }

  /// Options of `nbody train` that are for other models.
  var ignoredOptions: [String] {
    let own: [ModelKind: [String]] = [
      .faGNN: ["--sampled-frames"],
      .ponita: ["--basis", "--orientations", "--grid", "--pose", "--band-limit", "--turns"],
      .flow: ["--depth", "--node-features", "--shared-weights"],
    ]
    return own.filter { $0.key != self }.flatMap(\.value)
  }
}

/// Everything that decides a run.
struct RunConfiguration: StoredConfiguration, Equatable {
  var model = ModelKind.egnn
  var hidden = 64
  var layers = 4
  var predictsVelocities = false
  /// How egnn bounds the shifts of an edge; absent from files of older versions, which have the authors' clamp.
  var clamp: EGNN<Float>.ShiftClamp? = .norm
  /// Whether fa-gnn predicts how far bodies move, not where they end; absent from files of older versions.
  var predictsDisplacement: Bool? = true
  /// Elements of each frame that a training step of fa-gnn draws; 0 or absent for all.
  var sampledFrames: Int? = 2
  /// What ponita has beside its width and its number of layers; nil for other models.
  var ponita: PonitaOptions?
  /// What flow has beside its width; nil for other models. Its layers are its steps.
  var flow: FlowOptions?
  var epochs = 200
  var batch = 100
  var rate = 2e-3
  var l2 = 1e-12
  /// Multiplies the rate down along a cosine over the whole run, after `warmUpEpochs`.
  var cosine = true
  var warmUpEpochs = 5
  /// Bound of the gradient's norm as a multiple of its running mean; 0 for none.
  var clip = 0.0
  /// Bound of the gradient's norm, where `clip` is 0; 0 or absent for none.
  var clipNorm: Double? = 0
  /// Decay of the average of the parameters; 0 for none.
  var average = 0.998
  var trainCount = 3000
  var seed: UInt64 = 1
  var dataSeed: UInt32 = 43
  var system = SystemKind.charged
  var bodies = 5
  /// The file that it learns from, and what it holds (`NBodyDataset.fingerprint`); nil where the data are simulated.
  var data: String?
  var fingerprint: String?
  var evaluateEvery = 5

  /// Which frames of a trajectory are given and asked for.
  static let frames = NBodyFrames.published

  /// Pieces that a batch is cut into: frames and orientations make a batch larger than the caches.
  var pieces: Int { model == .faGNN || model == .ponita ? 4 : 1 }

  /// The hyperparameters of a preset for a model.
  static func preset(_ preset: Preset, _ model: ModelKind = .egnn) -> RunConfiguration {
    var c = RunConfiguration()
    (c.model, c.hidden) = (model, model.defaultWidth)
    switch model {
    case .egnn, .gnn, .faGNN: break
    case .ponita:
      (c.layers, c.ponita, c.epochs, c.clipNorm, c.average) = (5, PonitaOptions(), 100, 0.5, 0.995)
    case .flow:
      (c.layers, c.flow, c.epochs, c.rate, c.clipNorm) = (5, FlowOptions(), 100, 5e-3, 0.02)
    }
    guard preset == .paper else { return c }
    // Satorras et al. 2021, Puny et al. 2022 and Bekkers et al. 2024: 10,000 epochs, the first two at a constant rate.
    (c.epochs, c.average, c.rate) = (10_000, 0, model == .egnn ? 5e-4 : 1e-3)
    switch model {
    case .egnn, .gnn: (c.cosine, c.warmUpEpochs) = (false, 0)
    case .faGNN: (c.cosine, c.warmUpEpochs, c.predictsDisplacement, c.sampledFrames) = (false, 0, false, 0)
    case .ponita:
      (c.hidden, c.warmUpEpochs, c.l2, c.clipNorm) = (128, 10, 1e-10, 0.5)
      c.ponita = PonitaOptions(basis: 256, grid: .repulsion, pose: .fixed, layerScale: 1e-6, turns: true)
    case .flow: break
    }
    return c
  }

  static let subject = "an n-body run"
  static let cure = "give a checkpoint written by `nbody train`"
  init() {}

  var objection: String? {
    let counts = countObjection([
      ("hidden", hidden, 1...16_384), ("layers", layers, 1...1000), ("epochs", epochs, 1...1_000_000), ("batch", batch, 1...10_000),
      ("evaluate-every", evaluateEvery, 1...1_000_000), ("train-count", trainCount, 1...(data == nil ? 10_000 : 1_000_000)),
      ("bodies", bodies, 2...1000),
      ("sampled-frames", sampledFrames, 0...1000), ("depth", flow?.depth, 1...1000), ("node-features", flow?.nodeFeatures, 0...16_384),
    ])
    if let objection = counts ?? positiveObjection([("rate", rate)]) ?? ponita?.objection { return objection }
    for (name, value) in [("clip", clip), ("clip-norm", clipNorm ?? 0)] where !(value >= 0) {
      return "--\(name) must be at least 0, not \(value)"
    }
    if !(0..<1).contains(average) { return "--average must be in 0 ..< 1, not \(average)" }
    if !(0...1_000_000).contains(warmUpEpochs) { return "a warm-up of 0 to 1000000 epochs is expected, not \(warmUpEpochs)" }
    if batch > trainCount { return "--batch \(batch) is larger than the \(trainCount) training samples" }
    if model == .faGNN, hidden % 3 != 0 {
      return "--hidden must be a multiple of 3 for fa-gnn, whose features are vectors too, not \(hidden)"
    }
    if predictsVelocities, model != .egnn { return "--velocities needs --model egnn" }
    return nil
  }

  func makeModel() -> NBodyModel {
    var generator = RandomSource(seed: seed)
    return NBodyModel(self, using: &generator)
  }

  var trainerSettings: Trainer<NBodyModel>.Settings {
    var s = Trainer<NBodyModel>.Settings()
    let perEpoch = max(1, trainCount / batch)
    s.batchSize = batch
    s.optimizer = .init(rate: rate, l2: l2)
    s.schedule = cosine ? .cosine(warmUp: warmUpEpochs * perEpoch, total: epochs * perEpoch) : .constant
    if let clipNorm, clipNorm > 0 { s.clipping = .norm(clipNorm) }
    if clip > 0 { s.clipping = .adaptive(clip) }
    if average > 0 { s.averageDecay = average }
    return s
  }
}

/// Named configurations.
enum Preset: String, CaseIterable, ExpressibleByArgument {
  /// Minutes on one core.
  case quick
  /// As published with the model, where it is published.
  case paper
}

/// The systems that `nbody` simulates.
enum SystemKind: String, Codable, CaseIterable, ExpressibleByArgument {
  case charged, gravity, springs
  func system(bodies: Int) -> NBodySystem {
    switch self {
    case .charged: .charged(bodies: bodies)
    case .gravity: .gravity(bodies: bodies)
    case .springs: .springs(bodies: bodies)
    }
  }
}
