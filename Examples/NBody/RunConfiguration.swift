import ArgumentParser
import Equivariant
import Foundation

/// The kinds of model that `nbody` trains.
enum ModelKind: String, Codable, CaseIterable, ExpressibleByArgument {
  case egnn, gnn
  case faGNN = "fa-gnn"
  case flow

  /// Width of the hidden features where none is asked for: a multiple of 3 where they are taken for vectors.
  var defaultWidth: Int { self == .faGNN ? 60 : 64 }
}

/// Everything that decides a run: saved in each checkpoint, so that a run can be resumed and a model evaluated from the file alone.
struct RunConfiguration: Codable, Equatable {
  var model = ModelKind.egnn
  var hidden = 64
  var layers = 4
  var predictsVelocities = false
  /// Whether fa-gnn predicts how far bodies move, not where they end; absent from files of older versions.
  var predictsDisplacement: Bool? = true
  /// Elements of each frame that a training step of fa-gnn draws; 0 or absent for all.
  var sampledFrames: Int? = 2
  /// Steps, linear layers a pair, features of a body and whether steps share weights, of flow; absent from files of older versions.
  var steps: Int? = 10
  var depth: Int? = 3
  var nodeFeatures: Int? = 0
  var sharesWeights: Bool? = true
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
  var evaluateEvery = 5

  /// Pieces that a batch is cut into: the frames of fa-gnn make a batch larger than the caches.
  var pieces: Int { model == .faGNN ? 4 : 1 }

  static func preset(_ preset: Preset) -> RunConfiguration {
    var c = RunConfiguration()
    switch preset {
    case .quick: break
    case .egnnPaper:
      // Satorras et al. 2021: 10,000 epochs at a constant rate.
      c.epochs = 10_000
      c.rate = 5e-4
      c.average = 0
      c.cosine = false
      c.warmUpEpochs = 0
    case .faGNNPaper:
      // Puny et al. 2022: 10,000 epochs at a constant rate.
      c.model = .faGNN
      c.predictsDisplacement = false
      c.sampledFrames = 0
      c.hidden = c.model.defaultWidth
      c.epochs = 10_000
      c.rate = 1e-3
      c.average = 0
      c.cosine = false
      c.warmUpEpochs = 0
    }
    return c
  }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self)
  }

  /// The configuration that a checkpoint carries.
  init(from file: SafetensorsFile) throws {
    guard let text = file.metadata["configuration"], let data = text.data(using: .utf8),
      let decoded = try? JSONDecoder().decode(RunConfiguration.self, from: data)
    else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: "there is no configuration of an n-body run in this file",
        cure: "give a checkpoint written by `nbody train`")
    }
    self = decoded
  }
  init() {}

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
  case quick
  case egnnPaper = "egnn-paper"
  case faGNNPaper = "fa-gnn-paper"
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
