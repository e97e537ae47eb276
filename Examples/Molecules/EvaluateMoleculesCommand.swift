import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateMolecules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Prints the mean absolute errors of a trained potential.",
    discussion: """
      Conformations are turned at random and predictions averaged over --rotations of them (the published protocol takes 5; a network on \
      positions alone says the same whichever way they are turned). Beside the folder of a run or a .safetensors file the command takes what \
      divides a trajectory:

      \(SplitSettings.help)
      """)

  @Option(help: "An .npz file, as `molecules train` takes it; a trajectory is divided as that of the run.")
  var data = "Data/molecules/rmd17_ethanol_tiny.npz"
  @Option(help: "Random rotations to average over; 0 for the conformations as they are.") var rotations = 5
  @Option(help: "The first so many test conformations; all where not given.") var limit: Int?
  @OptionGroup var threads: ThreadOptions
  @Argument(
    parsing: .allUnrecognized,
    help: "Folder of a run, or a .safetensors file (default: runs/molecules), and settings as listed above.") var words: [String] = []

  /// The file of the potential, and how a trajectory is divided.
  private func read() throws(SettingError) -> (model: String, split: SplitSettings) {
    var split = SplitSettings()
    let model = try split.take(words).argument ?? "runs/molecules"
    return (model, split)
  }

  func validate() throws {
    let objection = countObjection([("rotations", rotations, 0...1000), ("limit", limit, 1...Int.max)])
    if let objection { throw ValidationError(objection) }
    do { _ = try read() } catch { throw ValidationError(error.description) }
  }

  func run() throws {
    threads.apply()
    let (model, split) = try read()
    let path = modelFile(model)
    let (potential, configuration, _) = try MoleculeConfiguration.load(path)
    // A potential that was trained on a trajectory may be tested on data that are divided already.
    let isTrajectory = try MoleculeDataset.isTrajectory(data)
    let molecule = try MoleculeDataset(data, split == SplitSettings() && isTrajectory ? configuration.split : split)
    try configuration.check(molecule, data)
    let errors = MoleculeErrors(potential, MoleculeSamples(molecule.test, configuration), rotations: rotations, limit: limit)
    print("\(path) (\(configuration.modelName), \(potential.parameterCount) parameters) on \(data)")
    print("  " + errors.text)
  }
}

extension MoleculeConfiguration {
  /// Throws unless the potential is one of this molecule.
  func check(_ molecule: MoleculeDataset, _ path: String) throws {
    guard molecule.atomicNumbers == atomicNumbers else {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: "z"),
        cause: "the potential is of a molecule with the atoms \(atomicNumbers), these are \(molecule.atomicNumbers)",
        cure: "give conformations of the molecule that the potential was trained on")
    }
  }
}
