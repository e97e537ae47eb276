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

  @Option(help: "What is learnt: normals, classify or parts.") var task: CloudTask = .normals
  @OptionGroup var data: CloudDataOptions
  @Option(help: "Folder for the results.") var output = "runs/pointclouds"
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @OptionGroup var options: CloudOptions
  @Option(help: "pointnet, dgcnn, deepsets, set-transformer, the same with fa- before, or fa-local-pointnet.")
  var model: CloudModelKind = .faPointnet
  @Option(help: "Clouds of the training as they are (identity) or each turned at random (so3).") var rotations: RotationProtocol = .identity
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if resume { try refuseOnResume(except: ["--epochs"]) }
    if !model.isFrameAveraged { try refuseOptions(["--frames", "--rotations-only"], because: "--model \(model.rawValue) has no frames") }
    if let objection = asked.objection { throw ValidationError(objection) }
  }

  private var asked: CloudConfiguration { data.applied(to: options.configuration(task, model, rotations)) }

  func run() throws {
    session.threads.apply()
    let deadline = session.deadline
    let folder = RunFolder(output)
    var configuration = asked
    var saved: SafetensorsFile?
    if resume {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      configuration = try CloudConfiguration(from: file)
      if let epochs = options.epochs { configuration.epochs = epochs }
      saved = file
    }
    configuration = data.applied(to: configuration)
    let shapes = try data.load(configuration)
    if resume {
      try checkData(shapes.fingerprint, areThose: configuration.fingerprint, of: configuration.data ?? folder.checkpoint)
    } else {
      options.cover(shapes, in: &configuration)
      configuration.fingerprint = shapes.fingerprint
    }
    try configuration.check(shapes)
    if !resume { try folder.begin() }
    Interruption.watch()
    let training = CloudTraining(configuration: configuration, train: shapes.train, test: shapes.test)
    guard let trained = try training.run(folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline) else { return }
    for rotations in RotationProtocol.allCases {
      note("\(configuration.rotations.label)/\(rotations.label): " + CloudReport(trained, configuration, shapes.test, rotations).text)
    }
    note("model: \(folder.best)")
  }
}

/// Where the shapes come from; a run that is there already has its own.
struct CloudDataOptions: ParsableArguments {
  @Option(help: "For normals, an .npz file with points and normals [shapes, n, 3] and is_test [shapes].") var data: String?
  @Option(help: "For classes and parts, shapes of each class in the training; a quarter as many are tested. (default: 40)")
  var shapesPerClass: Int?
  @Option(help: "Seed of the shapes of classes and parts. (default: 1)") var dataSeed: UInt64?

  /// A run with the shapes that are given here, where they are.
  func applied(to configuration: CloudConfiguration) -> CloudConfiguration {
    var c = configuration
    if let data { c.data = data }
    if let shapesPerClass { c.shapesPerClass = shapesPerClass }
    if let dataSeed { c.dataSeed = dataSeed }
    return c
  }

  /// The shapes of a run; options of other tasks are refused.
  func load(_ c: CloudConfiguration) throws -> PointCloudDataset {
    if c.task == .normals {
      try refuseOptions(["--shapes-per-class", "--data-seed"], because: "the shapes of --task normals come from --data")
    } else {
      try refuseOptions(["--data"], because: "the shapes of --task \(c.task.rawValue) are made by the program")
    }
    if let objection = c.objection { throw ValidationError(objection) }
    return try c.loadShapes()
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

  func configuration(_ task: CloudTask, _ model: CloudModelKind, _ rotations: RotationProtocol) -> CloudConfiguration {
    var c = CloudConfiguration()
    (c.task, c.model, c.preset, c.labels, c.rotations) = (task, model, preset, task.labelCount, rotations)
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

  /// Every shape at least once in an epoch, unless told otherwise.
  func cover(_ shapes: PointCloudDataset, in c: inout CloudConfiguration) {
    if clouds == nil { c.cloudsPerEpoch = max(c.cloudsPerEpoch, shapes.train.count) }
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
