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
  @OptionGroup var options: RunOptions<MoleculeConfiguration>

  func validate() throws { try options.check() }

  /// The configuration of a new run.
  var asked: MoleculeConfiguration { get throws { try options.begun().configuration } }

  func run() throws {
    let (plan, folder) = (options.session.begin(), RunFolder(output))
    let start = try options.start(in: folder)
    var configuration = start.configuration
    let path = configuration.data.file ?? DataSettings.smallSet
    let molecule = try MoleculeDataset(path, configuration.split)
    configuration.data.file = path
    if let stored = start.saved?.configuration {
      try configuration.check(molecule, path)
      // Other data that the command names are taken; data that have changed where they lie are refused.
      if !start.given.contains("data") {
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
    if start.saved == nil { try folder.begin() }
    Interruption.watch()
    try MoleculeTraining(configuration, molecule).run(folder, resuming: start.saved?.checkpoint, plan)
  }
}
