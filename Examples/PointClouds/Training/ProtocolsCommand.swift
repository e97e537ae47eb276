import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Protocols: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains and tests estimators of normals by the three protocols of rotations, and writes the table.",
    discussion: """
      I/I: trained and tested on the shapes as they are; I/SO(3): tested on shapes turned at random; SO(3)/SO(3): trained so too. Each model is \
      trained twice, in a folder of its own; runs that are there already are continued. protocols.json holds the results, protocols.md the \
      table, errors.svg the last test shape, turned, coloured by the errors of models trained on shapes as they are. A frame-averaged model must not care how the test shapes are turned.
      """)

  @Option(help: "Folder for runs and results.") var output = "runs/protocols"
  @Option(help: "Models to compare, separated by commas.") var models = "pointnet,fa-pointnet,fa-local-pointnet,dgcnn,fa-dgcnn"
  @OptionGroup var session: SessionOptions
  @Argument(parsing: .allUnrecognized, help: "Settings of the models, which those take that have them, and of the training and the data.")
  var settings: [String] = []

  func validate() throws {
    do throws(SettingError) { _ = try runs() } catch { throw ValidationError(error.description) }
  }

  /// A run of each model on shapes that are not turned, and the names of the settings that the command gives.
  func runs() throws(SettingError) -> (configurations: [CloudConfiguration], given: Set<String>) {
    let words = OptionList(settings).remaining
    if let decided = words.first(where: ["task", "rotations"].contains) {
      throw SettingError("--\(decided) has no effect: the protocols are of normals, and say how clouds are turned")
    }
    var runs: [CloudConfiguration] = []
    var left: [OptionList] = []
    for name in models.split(separator: ",").map(String.init) {
      guard CloudConfiguration.models.contains(name) else {
        throw SettingError("--models are \(CloudConfiguration.models.names), not \(name)")
      }
      var (run, options) = (try CloudConfiguration(modelNamed: name), OptionList(settings))
      try run.take(&options)
      if let refusal = run.refusal { throw SettingError(refusal) }
      if run.data.file == nil { throw SettingError("--data is missing: an .npz file with points and normals [shapes, n, 3] and is_test") }
      runs.append(run)
      left.append(options)
    }
    // An option that some model takes may be none of another one.
    guard let fewest = left.min(by: { $0.remaining.count < $1.remaining.count }) else { throw SettingError("--models names no model") }
    let name = runs[0].modelName
    if fewest.remaining.isEmpty || left.allSatisfy({ !Set($0.remaining).isDisjoint(with: fewest.remaining) }) {
      try fewest.refuseRest { CloudConfiguration.models.refusal(of: $0, for: name) }
    }
    return (runs, fewest.taken)
  }

  func run() throws {
    let plan = session.begin()
    let (runs, given) = try runs()
    let (data, sampling) = (runs[0].data, runs[0].task.sampling)
    let shapes = try data.shapes(for: .normals)
    let clouds = TestClouds(shapes.test, sampling, rotations: .identity)
    let path = output + "/protocols.json"
    try makeFolder(of: path)
    Interruption.watch()
    var figure = Figure(shapes.test, sampling)
    var results = ProtocolResults(
      points: sampling.points, clouds: clouds.parts.count / max(1, shapes.test.count), trainShapes: shapes.train.map(\.name),
      testShapes: shapes.test.map(\.name))
    results.results += planeFits(shapes, sampling)
    try results.write(to: path)
    for run in runs {
      for rotations in RotationProtocol.allCases {
        var configuration = run
        configuration.task.rotations = rotations
        configuration.cover(shapes, unlessGiven: given)
        guard let (model, found) = try trained(configuration, shapes, plan) else { return }
        results.results += found
        if rotations == .identity { figure.add(run.modelName, model) }
        try results.write(to: path)
        note(results.table.split(separator: "\n").suffix(found.count).joined(separator: "\n"))
      }
    }
    try AtomicFile.write(Array((results.table + "\n").utf8), to: output + "/protocols.md")
    try AtomicFile.write(Array(figure.drawing.svg.utf8), to: output + "/errors.svg")
    note(results.table)
  }

  /// Trains a model by one protocol and tests it by those that belong to it; nil if it was interrupted.
  private func trained(
    _ asked: CloudConfiguration, _ shapes: PointCloudDataset, _ plan: SessionPlan
  ) throws -> (CloudModel, [ProtocolResult])? {
    let (name, rotations) = (asked.modelName, asked.task.rotations)
    let folder = RunFolder("\(output)/\(name)-\(rotations.rawValue)")
    var configuration = asked
    var saved: SafetensorsFile?
    if folder.hasCheckpoint {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      configuration = try CloudConfiguration(from: file)
      saved = file
    } else {
      try folder.begin()
    }
    try configuration.check(shapes)
    let training = CloudTraining(configuration: configuration, train: shapes.train, test: shapes.test)
    guard let model = try training.run(folder, resuming: saved, plan) else { return nil }
    let results = (rotations == .identity ? RotationProtocol.allCases : [.so3]).map { tested in
      result(name, rotations, tested, model.parameterCount, CloudReport(model, configuration, shapes.test, tested), folder.path)
    }
    return (model, results)
  }

  /// The results of planes through the nearest points, whose number is the one that fits the training shapes best.
  private func planeFits(_ shapes: PointCloudDataset, _ sampling: PointCloudSampling) -> [ProtocolResult] {
    let training = TestClouds(shapes.train, sampling, most: 2, rotations: .identity)
    let errors = [4, 5, 6, 8, 10, 12, 16, 20].map { k in
      (k, NormalErrors(angles: training.angles { $0.planeNormals(neighbors: k) }.flatMap { $0 }).error)
    }
    let neighbors = errors.min { $0.1 < $1.1 }!.0
    note("plane fit of \(neighbors) points")
    return RotationProtocol.allCases.map { tested in
      let angles = TestClouds(shapes.test, sampling, rotations: tested).angles { $0.planeNormals(neighbors: neighbors) }
      return result("plane-fit", nil, tested, 0, CloudReport(angles: angles, shapes.test), nil)
    }
  }

  private func result(
    _ name: String, _ trained: RotationProtocol?, _ tested: RotationProtocol, _ parameters: Int, _ report: CloudReport, _ run: String?
  ) -> ProtocolResult {
    ProtocolResult(
      model: name, trained: trained, tested: tested, parameters: parameters, run: run, errors: report.normals!.all,
      shapes: report.normals!.shapes)
  }
}

/// The last test shape with the errors of models on its turned clouds, drawn without the rotations.
private struct Figure {
  private let turned: TestClouds
  var drawing: ErrorFigure

  init(_ shapes: [PointCloud], _ sampling: PointCloudSampling) {
    let last = Array(shapes.suffix(1))
    turned = TestClouds(last, sampling, rotations: .so3)
    // The same clouds in the same order.
    let still = TestClouds(last, sampling, rotations: .identity).parts.map(\.batch)
    drawing = ErrorFigure(points: still.flatMap(\.points.elements), normals: still.flatMap { $0.normals!.elements })
  }

  mutating func add(_ title: String, _ model: CloudModel) {
    let angles = turned.angles { model($0) }.flatMap { $0 }
    let median = NormalErrors(angles: angles).medianAngle
    drawing.panels.append((title, String(format: "median %.1f°", median), angles))
  }
}
