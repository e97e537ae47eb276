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
  @Option(help: "An .npz file with points and normals [shapes, n, 3] and is_test [shapes].") var data: String
  @OptionGroup var options: CloudOptions
  @OptionGroup var session: SessionOptions

  func validate() throws {
    for kind in try kinds() {
      if let objection = configuration(kind, .identity).objection { throw ValidationError(objection) }
    }
  }

  private func kinds() throws -> [CloudModelKind] {
    try models.split(separator: ",").map { name in
      guard let kind = CloudModelKind(rawValue: String(name)) else {
        throw ValidationError("--models are \(CloudModelKind.allCases.map(\.rawValue).joined(separator: ", ")), not \(name)")
      }
      return kind
    }
  }

  func run() throws {
    session.threads.apply()
    let deadline = session.deadline
    let shapes = try PointCloudDataset(normals: data)
    let cut = configuration(.pointnet, .identity).cut
    let clouds = TestClouds(shapes.test, cut, rotations: .identity)
    let path = output + "/protocols.json"
    try makeFolder(of: path)
    Interruption.watch()
    var figure = Figure(shapes.test, cut)
    var results = ProtocolResults(
      points: cut.points, clouds: clouds.parts.count / max(1, shapes.test.count), trainShapes: shapes.train.map(\.name),
      testShapes: shapes.test.map(\.name))
    results.results += planeFits(shapes, cut)
    try results.write(to: path)
    for kind in try kinds() {
      for rotations in RotationProtocol.allCases {
        guard let (model, found) = try trained(kind, rotations, shapes, deadline) else { return }
        results.results += found
        if rotations == .identity { figure.add(kind.rawValue, model) }
        try results.write(to: path)
        note(results.table.split(separator: "\n").suffix(found.count).joined(separator: "\n"))
      }
    }
    try AtomicFile.write(Array((results.table + "\n").utf8), to: output + "/protocols.md")
    try AtomicFile.write(Array(figure.drawing.svg.utf8), to: output + "/errors.svg")
    note(results.table)
  }

  private func configuration(_ kind: CloudModelKind, _ rotations: RotationProtocol) -> CloudConfiguration {
    var c = options.configuration(.normals, kind, rotations)
    c.data = data
    return c
  }

  /// One model trained one way and tested on what the protocols ask for; nil where it was interrupted.
  private func trained(
    _ kind: CloudModelKind, _ rotations: RotationProtocol, _ shapes: PointCloudDataset, _ deadline: Date?
  ) throws -> (CloudModel, [ProtocolResult])? {
    let folder = RunFolder("\(output)/\(kind.rawValue)-\(rotations.rawValue)")
    var configuration = self.configuration(kind, rotations)
    options.cover(shapes, in: &configuration)
    var saved: SafetensorsFile?
    if FileManager.default.fileExists(atPath: folder.checkpoint) {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      configuration = try CloudConfiguration(from: file)
      saved = file
    } else {
      try folder.begin()
    }
    try configuration.check(shapes)
    let training = CloudTraining(configuration: configuration, train: shapes.train, test: shapes.test)
    guard let model = try training.run(folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline) else { return nil }
    let results = (rotations == .identity ? RotationProtocol.allCases : [.so3]).map { tested in
      result(kind.rawValue, rotations, tested, model.parameterCount, CloudReport(model, configuration, shapes.test, tested), folder.path)
    }
    return (model, results)
  }

  /// Planes through the nearest points, as many as fit the training shapes best.
  private func planeFits(_ shapes: PointCloudDataset, _ cut: CloudCut) -> [ProtocolResult] {
    let training = TestClouds(shapes.train, cut, most: 2, rotations: .identity)
    let errors = [4, 5, 6, 8, 10, 12, 16, 20].map { k in
      (k, NormalErrors(angles: training.angles { $0.planeNormals(neighbors: k) }.flatMap { $0 }).error)
    }
    let neighbors = errors.min { $0.1 < $1.1 }!.0
    note("plane fit of \(neighbors) points")
    return RotationProtocol.allCases.map { tested in
      let angles = TestClouds(shapes.test, cut, rotations: tested).angles { $0.planeNormals(neighbors: neighbors) }
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

/// The last test shape with errors of models on its turned clouds, drawn as it stands.
private struct Figure {
  private let turned: TestClouds
  var drawing: ErrorFigure

  init(_ shapes: [PointCloud], _ cut: CloudCut) {
    let last = Array(shapes.suffix(1))
    turned = TestClouds(last, cut, rotations: .so3)
    // The same clouds in the same order.
    let still = TestClouds(last, cut, rotations: .identity).parts.map(\.batch)
    drawing = ErrorFigure(points: still.flatMap(\.points.elements), normals: still.flatMap { $0.normals!.elements })
  }

  mutating func add(_ title: String, _ model: CloudModel) {
    let angles = turned.angles { model($0) }.flatMap { $0 }
    let median = NormalErrors(angles: angles).medianAngle
    drawing.panels.append((title, String(format: "median %.1f°", median), angles))
  }
}
