import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct TrainClouds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains a model of normals, classes or parts of clouds of points.",
    discussion: """
      Each step draws clouds anew: random points of a shape, centred, of size 1, scaled by 0.8 to 1.25. Models named fa-... are averaged over \
      frames and exactly equivariant; a step of their training uses a few random frames. The run's folder gets checkpoint.safetensors \
      (everything needed to resume), best.safetensors (the model) and metrics.jsonl. Ctrl-C saves and stops; --resume goes on from there, \
      with the same bits.
      """)

  @OptionGroup var data: CloudDataOptions
  @Option(help: "Folder for the results.") var output = "runs/pointclouds"
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @OptionGroup var options: CloudOptions
  @Option(help: "pointnet, dgcnn, deepsets, set-transformer, the same with fa- before, or fa-local-pointnet.")
  var model: CloudModelKind = .faPointnet
  @Option(help: "Clouds of the training as they are (identity) or each turned at random (so3).") var rotations: RotationProtocol = .identity
  @Option(help: "Seconds between checkpoints; 0 saves after every epoch.") var saveEvery = 10.0
  @Option(help: "Stop (as Ctrl-C would) after this many minutes.") var minutes: Double?

  func run() throws {
    options.setThreads()
    let folder = RunFolder(output)
    var configuration: CloudConfiguration
    var saved: SafetensorsFile?
    let shapes: PointCloudDataset
    if resume {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      configuration = try CloudConfiguration(from: file)
      if let epochs = options.epochs { configuration.epochs = epochs }
      shapes = try data.load(configuration.task)
      saved = file
    } else {
      shapes = try data.load(data.task)
      configuration = options.configuration(data.task, model, rotations, shapes)
      try folder.create()
    }
    try configuration.check(shapes)
    Interruption.watch()
    let training = CloudTraining(configuration: configuration, train: shapes.train, test: shapes.test)
    guard let trained = try training.run(folder, resuming: saved, saveEvery: saveEvery, minutes: minutes) else { return }
    for rotations in RotationProtocol.allCases {
      note("\(configuration.rotations.label)/\(rotations.label): " + CloudReport(trained, configuration, shapes.test, rotations).text)
    }
    note("model: \(folder.best)")
  }
}

/// Where the shapes come from.
struct CloudDataOptions: ParsableArguments {
  @Option(help: "What is learnt: normals, classify or parts.") var task: CloudTask = .normals
  @Option(help: "For normals, an .npz file with points and normals [shapes, n, 3] and is_test [shapes].")
  var data = "../shared/data/pointclouds/normals22.npz"
  @Option(help: "For classes and parts, shapes of each class in the training; a quarter as many are tested.") var shapesPerClass = 40
  @Option(help: "Seed of the shapes of classes and parts.") var dataSeed: UInt64 = 1

  func validate() throws {
    if shapesPerClass < 4 { throw ValidationError("--shapes-per-class must be at least 4, not \(shapesPerClass)") }
  }

  func load(_ task: CloudTask) throws -> PointCloudDataset {
    switch task {
    case .normals: try .init(normals: data)
    case .classify: .primitives(train: shapesPerClass, test: shapesPerClass / 4, points: 1024, seed: dataSeed)
    case .parts: .composites(train: shapesPerClass, test: shapesPerClass / 4, points: 1024, seed: dataSeed)
    }
  }
}

/// What decides how a model is trained.
struct CloudOptions: ParsableArguments {
  @Option(help: "Widths of the network: small (minutes on one core) or published.") var preset: CloudPreset = .small
  @Option(help: "Passes over the shapes.") var epochs: Int?
  @Option(help: "Clouds in an epoch, the shapes in turn.") var clouds: Int?
  @Option(help: "Clouds in a batch.") var batch: Int?
  @Option(help: "Points in a cloud.") var points: Int?
  @Flag(help: "Clouds of the points around one of a shape, for estimates on patches of large clouds.") var patches = false
  @Option(help: "Learning rate of Adam.") var rate: Double?
  @Option(help: "Frames of each cloud in a step of training.") var frames: Int?
  @Flag(help: "Frames without reflections: SO(3) instead of O(3).") var rotationsOnly = false
  @Option(help: "Test after this many epochs.") var evaluateEvery: Int?
  @Option(help: "Seed of weights and clouds.") var seed: UInt64?
  @Option(help: "Threads; results do not depend on it.") var threads: Int?

  func validate() throws {
    let counts = [
      ("epochs", epochs), ("clouds", clouds), ("frames", frames), ("evaluate-every", evaluateEvery), ("threads", threads),
    ]
    for case (let name, let value?) in counts where value < 1 { throw ValidationError("--\(name) must be at least 1, not \(value)") }
    // Batch normalisation of one cloud's features has no variance.
    if let batch, batch < 2 { throw ValidationError("--batch must be at least 2, not \(batch)") }
    if let points, points < 20 { throw ValidationError("--points must be at least 20, not \(points)") }
    if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("--rate must be a positive number, not \(rate)") }
  }

  func setThreads() { if let threads { Threads.count = threads } }

  func configuration(
    _ task: CloudTask, _ model: CloudModelKind, _ rotations: RotationProtocol, _ shapes: PointCloudDataset
  ) -> CloudConfiguration {
    var c = CloudConfiguration()
    (c.task, c.model, c.preset, c.labels, c.rotations) = (task, model, preset, shapes.labels.count, rotations)
    // Every shape at least once.
    c.cloudsPerEpoch = max(c.cloudsPerEpoch, shapes.train.count)
    c.reflections = !rotationsOnly
    if patches { c.patches = true }
    if let epochs { c.epochs = epochs }
    if let clouds { c.cloudsPerEpoch = clouds }
    if let batch { c.batch = batch }
    if let points { c.points = points }
    if let rate { c.rate = rate }
    if let frames { c.frames = frames }
    if let evaluateEvery { c.evaluateEvery = evaluateEvery }
    if let seed { c.seed = seed }
    return c
  }
}

extension CloudConfiguration {
  /// Whether the run can be made of these shapes.
  func check(_ data: PointCloudDataset) throws {
    if batch > cloudsPerEpoch { throw ValidationError("--batch \(batch) is larger than the \(cloudsPerEpoch) clouds of an epoch") }
    if let small = (data.train + data.test).first(where: { $0.count < points }) {
      throw ValidationError("--points \(points) is more than the \(small.count) points of \(small.name)")
    }
  }
}

extension RotationProtocol: ExpressibleByArgument {}
