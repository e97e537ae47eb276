import ArgumentParser
import Equivariant
import ExampleSupport

/// What a model learns.
enum CloudTask: String, Codable, CaseIterable, ExpressibleByArgument {
  case normals, classify, parts

  /// Classes or parts that are told apart.
  var labelCount: Int {
    switch self {
    case .normals: 0
    case .classify: PrimitiveShape.allCases.count
    case .parts: CompositeShape.allParts.count
    }
  }
}

/// Widths of the networks.
enum CloudPreset: String, Codable, CaseIterable, ExpressibleByArgument {
  /// Trains in minutes on one core.
  case small
  /// Those of Puny et al. 2022.
  case published
}

/// Everything that decides a run.
struct CloudConfiguration: StoredConfiguration, Equatable {
  var task = CloudTask.normals
  var model = CloudModelKind.faPointnet
  var preset = CloudPreset.small
  /// Classes or parts that are told apart.
  var labels = 0
  /// Whether frames have reflections: O(3), as published, or SO(3).
  var reflections = true
  /// Frames of a cloud in a step of training.
  var frames = 2
  /// Points of a cloud.
  var points = 512
  /// Whether a cloud is the points around one of the shape, for estimates on patches of large clouds, or else points anywhere on it.
  var patches: Bool?
  var batch = 16
  /// Clouds of an epoch, the shapes in turn.
  var cloudsPerEpoch = 240
  var epochs = 60
  var rate = 1e-3
  /// How the clouds of the training are turned.
  var rotations = RotationProtocol.identity
  var seed: UInt64 = 1
  var evaluateEvery = 10
  /// The file that it learns normals from, as classes and parts are made by the program; absent from files of older versions.
  var data: String?
  /// Shapes of each class or kind in the training, and the seed of them all, where they are not 40 and 1.
  var shapesPerClass: Int?
  var dataSeed: UInt64?
  /// `PointCloudDataset.fingerprint` of the shapes; absent from files of older versions.
  var fingerprint: String?

  init() {}

  var objection: String? {
    let counts = countObjection([
      ("points", points, 20...1_000_000), ("clouds", cloudsPerEpoch, 1...1_000_000), ("frames", frames, 1...1000),
      ("epochs", epochs, 1...1_000_000), ("evaluate-every", evaluateEvery, 1...1_000_000),
      // Batch normalisation of one cloud's features has no variance.
      ("batch", batch, 2...1_000_000), ("shapes-per-class", shapesPerClass, 4...100_000),
    ])
    if let objection = counts ?? positiveObjection([("rate", rate)]) { return objection }
    return labels == task.labelCount ? nil : "--task \(task.rawValue) has \(task.labelCount) labels, not \(labels)"
  }

  /// How clouds are cut from shapes.
  var cut: CloudCut { CloudCut(points: points, patches: patches ?? false) }

  /// The shapes that it learns from and is tested on.
  func loadShapes() throws -> PointCloudDataset {
    let (count, seed) = (shapesPerClass ?? 40, dataSeed ?? 1)
    switch task {
    case .normals:
      guard let data else {
        throw ValidationError("--task normals needs --data, an .npz file with points and normals [shapes, n, 3] and is_test [shapes]")
      }
      return try PointCloudDataset(normals: data)
    case .classify: return .primitives(train: count, test: count / 4, points: 1024, seed: seed)
    case .parts: return .composites(train: count, test: count / 4, points: 1024, seed: seed)
    }
  }

  static let subject = "a run on clouds of points"
  static let cure = "give a file written by `pointclouds train`"

  var output: CloudOutput {
    switch task {
    case .normals: .perPoint(3)
    case .classify: .perCloud(labels)
    case .parts: .perPoint(labels)
    }
  }
  var outputFeatures: [FrameFeature] { task == .normals ? [.vectors()] : [.scalars(labels)] }

  /// PointNet has its spatial transforms where it is published with them: alone.
  var pointNet: PointNet<Float>.Configuration {
    let transforms = model == .pointnet
    return preset == .published
      ? .init(output: output, transforms: transforms)
      : .init(
        widths: [32, 64, 64, 128, 256], head: [64, 64, 32], output: output, transforms: transforms, transformWidths: [16, 32, 128],
        transformHead: [64, 32])
  }
  /// Averaged over frames it pools by the mean, as published.
  var dgcnn: DGCNN<Float>.Configuration {
    let pooling: Pooling = model == .dgcnn ? .max : .mean
    return preset == .published
      ? .init(output: output, pooling: pooling)
      : .init(neighbors: 10, widths: [[24], [24], [48]], embedding: 128, head: [64, 32], output: output, pooling: pooling)
  }
  var localPointNet: LocalFramePointNet<Float>.Configuration {
    var network = pointNet
    network.transforms = false
    return .init(
      neighbors: 20, widths: preset == .published ? [63, 126, 126] : [63, 63], network: network, reflections: reflections,
      predictsVectors: task == .normals)
  }
  var deepSets: DeepSets<Float>.Configuration {
    let width = preset == .published ? 256 : 64
    return .init(widths: [width, width, width], head: [width], output: output)
  }
  var setTransformer: SetTransformer<Float>.Configuration {
    preset == .published ? .init(output: output) : .init(width: 64, heads: 4, inducing: 16, output: output)
  }

  func makeModel() -> CloudModel {
    var generator = RandomSource(seed: seed)
    return CloudModel(self, using: &generator)
  }

  var trainerSettings: Trainer<CloudModel>.Settings {
    var s = Trainer<CloudModel>.Settings()
    s.batchSize = batch
    s.optimizer = .init(rate: rate)
    let perEpoch = max(1, cloudsPerEpoch / batch)
    s.schedule = .cosine(warmUp: 0, total: epochs * perEpoch, floor: 0.01)
    return s
  }
}

extension PointCloudDataset {
  /// What differs where shapes to learn from do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    for cloud in train {
      fingerprint.mix([cloud.count, cloud.label])
      fingerprint.mix(cloud.points)
      fingerprint.mix(cloud.normals)
      fingerprint.mix(cloud.parts)
    }
    return fingerprint.text
  }
}
