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
      validation set) and metrics.jsonl. Ctrl-C saves and stops; --resume goes on from there, with the same bits, or with the data that are given.
      """)

  @Option(
    help: """
      An .npz file: z, and train_ and test_ with pos, energy, forces; or a trajectory of rMD17 (nuclear_charges, coords, energies, forces) or MD17 \
      (z, R, E, F), which is divided by the options below. (default: \(Self.smallSet), or that of the run)
      """)
  var data: String?
  @OptionGroup(title: "Division of a trajectory") var division: MoleculeDataOptions
  @Option(help: "Folder for the results.") var output = "runs/molecules"
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @Option(help: "ponita (positions and orientations) or pnita (positions alone).") var model: MoleculeModelKind?
  @Option(help: "Grid of orientations of ponita: icosahedron (12), dodecahedron (20) or repulsion (20, as published).")
  var grid: MoleculeGrid?
  @Option(help: "Channels.") var hidden: Int?
  @Option(help: "Functions that kernels are linear in.") var basis: Int?
  @Option(help: "Number of layers.") var layers: Int?
  @Option(help: "Passes over the training conformations.") var epochs: Int?
  @Option(help: "Conformations in a batch.") var batch: Int?
  @Option(help: "Learning rate of Adam.") var rate: Double?
  @Option(help: "Weight of the squared errors of forces beside those of the energy.") var forceWeight: Double?
  @Option(help: "Clip gradients at this many times their running mean norm; 0 for never.") var clip: Double?
  @Option(help: "Seed of weights, batches and rotations.") var seed: UInt64?
  @Option(help: "Validate after this many epochs.") var evaluateEvery: Int?
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if resume { try refuseOnResume(except: ["--epochs"]) }
    if model == .pnita { try refuseOptions(["--grid"], because: "--model pnita has no orientations") }
    if let objection = asked.objection { throw ValidationError(objection) }
  }

  private static let smallSet = "Data/molecules/rmd17_ethanol_tiny.npz"

  private var asked: MoleculeConfiguration {
    var c = MoleculeConfiguration()
    c.split = division.split
    if let model { c.model = model }
    if let grid { c.grid = grid }
    if let hidden { c.hidden = hidden }
    if let basis { c.basis = basis }
    if let layers { c.layers = layers }
    if let epochs { c.epochs = epochs }
    if let batch { c.batch = batch }
    if let rate { c.rate = rate }
    if let forceWeight { c.forceWeight = forceWeight }
    if let clip { c.clip = clip }
    if let seed { c.seed = seed }
    if let evaluateEvery { c.evaluateEvery = evaluateEvery }
    return c
  }

  func run() throws {
    session.threads.apply()
    let deadline = session.deadline
    let folder = RunFolder(output)
    let saved = resume ? try SafetensorsFile(contentsOf: folder.checkpoint) : nil
    var configuration = try saved.map { try MoleculeConfiguration(from: $0) } ?? asked
    let path = data ?? configuration.data ?? Self.smallSet
    let molecule = try MoleculeDataset(path, configuration.split)
    configuration.data = path
    if resume {
      if let epochs { configuration.epochs = epochs }
      try configuration.check(molecule, path)
      // Who names other data wants them; data that have changed where they lie are no run of this name.
      if data == nil { try checkData(molecule.fingerprint, areThose: configuration.fingerprint, of: path) }
    } else {
      configuration.atomicNumbers = molecule.atomicNumbers
    }
    configuration.fingerprint = molecule.fingerprint
    guard configuration.batch <= molecule.train.count else {
      throw ValidationError("--batch \(configuration.batch) is larger than the \(molecule.train.count) training conformations")
    }
    if !resume { try folder.begin() }
    Interruption.watch()
    try MoleculeTraining(configuration, molecule).run(folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline)
  }
}
