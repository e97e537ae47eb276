import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model to predict where charged particles will be.",
    discussion: """
      The task is that of the EGNN paper: from the positions and velocities of five charged particles, predict their positions 1000 \
      simulator steps later. Data are simulated at the start (a second or two), nothing is downloaded; or read with --data, as `nbody evaluate` \
      describes it: of trajectories the first eight tenths are learnt from, the next tenth validates and the last tests.

      The run's folder gets checkpoint.safetensors (everything needed to resume), best.safetensors (the model with the lowest validation \
      error) and metrics.jsonl. Ctrl-C saves and stops; --resume goes on from there, with the same bits as if it had never stopped; beside it \
      --epochs and --data may be given.

      \(models.help)
      """)

  @Option(help: "Folder for the results.") var output = "runs/nbody"
  @Option(
    help: ArgumentHelp(
      "Hyperparameters to start from: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")). (default: quick)", valueName: "preset"))
  var preset: Preset?
  @OptionGroup var options: RunOptions<RunConfiguration>

  func validate() throws { try options.check(others: preset == nil ? [] : ["preset"], base) }

  /// The configuration of a new run.
  var asked: RunConfiguration { get throws { try options.begun(base).configuration } }

  private func base(_ model: String) throws(SettingError) -> RunConfiguration { try RunConfiguration(preset ?? .quick, of: model) }

  func run() throws {
    let (plan, folder) = (options.session.begin(), RunFolder(output))
    let start = try options.start(in: folder, base)
    var configuration = start.configuration
    if let saved = start.saved {
      if saved.configuration.data.file == nil, configuration.data.file != nil {
        throw ValidationError("--data has no effect: the data of \(output) are simulated")
      }
    } else {
      if let data = configuration.data.file {
        // What a file holds decides how many samples and bodies there are.
        if !start.given.contains("train-count") { configuration.data.trainCount = .max }
        let set = try readDataset(data, configuration)
        (configuration.data.trainCount, configuration.data.bodies) = (set.train.count, set.train.bodies)
        configuration.fingerprint = set.fingerprint
        if let refusal = configuration.refusal { throw ValidationError(refusal) }
      }
      try folder.begin()
    }
    Interruption.watch()
    try TrainingRun(configuration: configuration, folder: folder, resuming: start.saved?.checkpoint).run(plan)
  }
}
