import Equivariant
import ExampleSupport

/// What a model learns.
enum CloudTask: String, CaseIterable, SettingValue {
  case normals, classify, parts

  /// Classes or parts that are told apart.
  var labelCount: Int {
    switch self {
    case .normals: 0
    case .classify: PrimitiveShape.allCases.count
    case .parts: CompositeShape.allParts.count
    }
  }

  /// What networks predict.
  var output: CloudOutput {
    switch self {
    case .normals: .perPoint(3)
    case .classify: .perCloud(labelCount)
    case .parts: .perPoint(labelCount)
    }
  }
}

/// What is asked of a model, and the clouds that it is given.
struct TaskSettings: Configurable {
  var kind = CloudTask.normals
  var points = 512
  var patches = false
  var rotations = RotationProtocol.identity

  static let settings: [Setting<Self>] = [
    .init("task", \.kind, "What is learnt."), .init("points", \.points, in: 20...1_000_000, "Points in a cloud."),
    .init("patches", \.patches, "Clouds of the points around one of a shape, for estimates on patches of large clouds."),
    .init("rotations", \.rotations, "Clouds of the training as they are (identity) or each turned at random (so3)."),
  ]

  /// How clouds are cut from shapes.
  var cut: CloudCut { CloudCut(points: points, patches: patches) }
}

/// What decides a training beside the model and its task.
struct TrainingSettings: Configurable {
  var epochs = 60
  var clouds = 240
  var batch = 16
  var rate = 1e-3
  var evaluateEvery = 10
  var seed: UInt64 = 1

  static let settings: [Setting<Self>] = [
    .init("epochs", \.epochs, in: 1...1_000_000, "Passes over the shapes."),
    .init(
      "clouds", \.clouds, in: 1...1_000_000,
      "Clouds in an epoch, the shapes in turn; where it is not given, at least as many as there are shapes to learn from."),
    // Batch normalisation of one cloud's features has no variance.
    .init("batch", \.batch, in: 2...1_000_000, "Clouds in a batch."),
    .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate of Adam."),
    .init("evaluate-every", \.evaluateEvery, in: 1...1_000_000, "Test after this many epochs."),
    .init("seed", \.seed, "Seed of weights and clouds."),
  ]

  var trainerSettings: Trainer<CloudModel>.Settings {
    var s = Trainer<CloudModel>.Settings()
    s.batchSize = batch
    s.optimizer = .init(rate: rate)
    let perEpoch = max(1, clouds / batch)
    s.schedule = .cosine(warmUp: 0, total: epochs * perEpoch, floor: 0.01)
    return s
  }
}

/// Where the shapes come from.
struct DataSettings: Configurable {
  /// The file that normals are learnt from, as classes and parts are made by the program.
  var file: String?
  var shapesPerClass = 40
  var seed: UInt64 = 1

  static let settings: [Setting<Self>] = [
    .init("data", \.file, "For normals, an .npz file with points and normals [shapes, n, 3] and is_test [shapes]."),
    .init(
      "shapes-per-class", \.shapesPerClass, in: 4...100_000,
      "For classes and parts, shapes of each class in the training; a quarter as many are tested."),
    .init("data-seed", \.seed, "Seed of the shapes of classes and parts."),
  ]

  /// The shapes that a task is learnt from and tested on.
  func shapes(for task: CloudTask) throws -> PointCloudDataset {
    switch task {
    case .normals:
      guard let file else {
        throw SettingError("--task normals needs --data, an .npz file with points and normals [shapes, n, 3] and is_test [shapes]")
      }
      return try PointCloudDataset(normals: file)
    case .classify: return .primitives(train: shapesPerClass, test: shapesPerClass / 4, points: 1024, seed: seed)
    case .parts: return .composites(train: shapesPerClass, test: shapesPerClass / 4, points: 1024, seed: seed)
    }
  }
}
