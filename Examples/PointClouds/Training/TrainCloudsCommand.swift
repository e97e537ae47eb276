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
      with the same bits; beside it --epochs and --data may be given.

      \(models.help)
      """)

  @Option(help: "Folder for the results.") var output = "runs/pointclouds"
  @OptionGroup var options: RunOptions<CloudConfiguration>

  func validate() throws { try options.check() }

  /// The configuration of a new run.
  var asked: CloudConfiguration { get throws { try options.begun().configuration } }

  func run() throws {
    let (plan, folder) = (options.session.begin(), RunFolder(output))
    let start = try options.start(in: folder)
    var configuration = start.configuration
    let shapes = try configuration.data.shapes(for: configuration.task.kind)
    if start.saved == nil {
      configuration.cover(shapes, unlessGiven: start.given)
      configuration.fingerprint = shapes.fingerprint
    } else {
      try checkData(shapes.fingerprint, areThose: configuration.fingerprint, of: configuration.data.file ?? folder.checkpoint)
    }
    try configuration.check(shapes)
    if start.saved == nil { try folder.begin() }
    Interruption.watch()
    let training = CloudTraining(configuration: configuration, train: shapes.train, test: shapes.test)
    guard let trained = try training.run(folder, resuming: start.saved?.checkpoint, plan) else { return }
    for tested in RotationProtocol.allCases {
      note("\(configuration.task.rotations.label)/\(tested.label): " + CloudReport(trained, configuration, shapes.test, tested).text)
    }
    note("model: \(folder.best)")
  }
}
