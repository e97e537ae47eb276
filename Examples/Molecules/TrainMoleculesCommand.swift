import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct TrainMolecules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Learns the potential energy of a molecule from energies and forces.",
    discussion: """
      Forces are exact derivatives of the predicted energy; conformations are turned at random in each step. The run's folder gets \
      checkpoint.safetensors (everything needed to resume), best.safetensors (the potential with the lowest error of forces on the \
      validation set) and metrics.jsonl. Ctrl-C saves and stops; --resume goes on from there, with the same bits, or with the data that are \
      given; beside it --epochs and --data may be given.

      \(models.help)
      """)

  @Option(help: "Folder for the results.") var output = "runs/molecules"
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @Option(help: "The model: \(models.names). (default: \(MoleculeConfiguration.defaultModel))") var model: String?
  @OptionGroup var session: SessionOptions
  @Argument(parsing: .allUnrecognized, help: "Settings of the model, its training and its data, as listed above.")
  var settings: [String] = []

  func validate() throws {
    do {
      if resume { _ = try resumed(MoleculeConfiguration(PONITAArchitecture.self)) } else { _ = try begun() }
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// A new run.
  var asked: MoleculeConfiguration { get throws { try begun() } }

  private func begun() throws(SettingError) -> MoleculeConfiguration {
    let name = model ?? MoleculeConfiguration.defaultModel
    var configuration = try MoleculeConfiguration(architecture(named: name))
    var options = OptionList(settings)
    try configuration.apply(&options)
    try options.refuseRest { models.refusal(of: $0, for: name) }
    if let objection = configuration.objection { throw SettingError(objection) }
    return configuration
  }

  /// A run that goes on: with more epochs, or with other data.
  private func resumed(_ saved: MoleculeConfiguration) throws(SettingError) -> MoleculeConfiguration {
    var options = OptionList(settings)
    try options.refuseOnResume(also: model == nil ? [] : ["model"], except: ["epochs", "data"])
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
    let folder = RunFolder(output)
    let saved = resume ? try SafetensorsFile(contentsOf: folder.checkpoint) : nil
    let stored = try saved.map { try MoleculeConfiguration(from: $0) }
    var configuration = try stored.map { try resumed($0) } ?? begun()
    let path = configuration.data.file ?? DataSettings.smallSet
    let molecule = try MoleculeDataset(path, configuration.split)
    configuration.data.file = path
    if let stored {
      try configuration.check(molecule, path)
      // Who names other data wants them; data that have changed where they lie are no run of this name.
      if !OptionList(settings).remaining.contains("data") {
        try checkData(molecule.fingerprint, areThose: stored.fingerprint, of: path)
      }
    } else {
      configuration.atomicNumbers = molecule.atomicNumbers
    }
    configuration.fingerprint = molecule.fingerprint
    let batch = configuration.training.batch
    guard batch <= molecule.train.count else {
      throw ValidationError("--batch \(batch) is larger than the \(molecule.train.count) training conformations")
    }
    if !resume { try folder.begin() }
    Interruption.watch()
    try MoleculeTraining(configuration, molecule).run(folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline)
  }
}
