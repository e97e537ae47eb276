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
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @Option(
    help: """
      The model: \(models.names). (default: \(RunConfiguration.defaultModel))
      """)
  var model: String?
  @OptionGroup var session: SessionOptions
  @Argument(parsing: .allUnrecognized, help: "Settings of the model, its training and its data, as listed above.")
  var settings: [String] = []

  func validate() throws {
    do {
      if resume { _ = try resumed(RunConfiguration(EGNNArchitecture.quick)) } else { _ = try begun() }
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// A new run.
  var asked: RunConfiguration { get throws { try begun().configuration } }

  /// A new run, and the names of the settings that the command gives.
  private func begun() throws(SettingError) -> (configuration: RunConfiguration, given: Set<String>) {
    var configuration = try RunConfiguration(preset ?? .quick, of: architecture(named: model ?? RunConfiguration.defaultModel))
    var options = OptionList(settings)
    try configuration.apply(&options)
    let name = type(of: configuration.model).name
    try options.refuseRest { models.refusal(of: $0, for: name) }
    if let objection = configuration.objection { throw SettingError(objection) }
    return (configuration, options.taken)
  }

  /// A run that goes on: with more epochs, or with its file of data in another place.
  private func resumed(_ saved: RunConfiguration) throws(SettingError) -> RunConfiguration {
    var options = OptionList(settings)
    try options.refuseOnResume(
      also: (model == nil ? [] : ["model"]) + (preset == nil ? [] : ["preset"]), except: ["epochs", "data"])
    var configuration = saved
    try options.apply(to: &configuration.training)
    try options.apply(to: &configuration.data)
    try options.refuseRest { _ in nil }
    if let refusal = configuration.training.refusal { throw SettingError(refusal) }
    return configuration
  }

  func run() throws {
    session.threads.apply()
    let deadline = session.deadline
    var configuration: RunConfiguration
    let folder = RunFolder(output)
    var saved: SafetensorsFile?
    if resume {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      let stored = try RunConfiguration(from: file)
      configuration = try resumed(stored)
      if stored.data.file == nil, configuration.data.file != nil {
        throw ValidationError("--data has no effect: the data of \(output) are simulated")
      }
      saved = file
    } else {
      let (asked, given) = try begun()
      configuration = asked
      if let data = configuration.data.file {
        // What a file holds decides how many samples and bodies there are.
        if !given.contains("train-count") { configuration.data.trainCount = .max }
        let set = try readDataset(data, configuration)
        (configuration.data.trainCount, configuration.data.bodies) = (set.train.count, set.train.bodies)
        configuration.fingerprint = set.fingerprint
        if let objection = configuration.objection { throw ValidationError(objection) }
      }
      try folder.begin()
    }
    Interruption.watch()
    try TrainingRun(
      configuration: configuration, folder: folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline
    ).run()
  }
}
