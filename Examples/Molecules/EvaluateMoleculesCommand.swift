import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateMolecules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Prints the mean absolute errors of a trained potential.",
    discussion: """
      Conformations are turned at random and predictions averaged over --rotations of them (the published protocol takes 5; a network on \
      positions alone says the same whichever way they are turned).
      """)

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/molecules"
  @Option(help: "An .npz file of rMD17.") var data = "Data/molecules/rmd17_ethanol_tiny.npz"
  @Option(help: "Random rotations to average over; 0 for the conformations as they are.") var rotations = 5
  @Option(help: "The first so many test conformations; all where not given.") var limit: Int?
  @Option(help: "Threads; results do not depend on it.") var threads: Int?

  func validate() throws {
    if rotations < 0 { throw ValidationError("--rotations must be at least 0, not \(rotations)") }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, not \(limit)") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
  }

  func run() throws {
    if let threads { Threads.count = threads }
    let path = modelFile(model)
    let (potential, configuration) = try loadPotential(path)
    let molecule = try MoleculeDataset(revisedMD17: data)
    try configuration.check(molecule, data)
    let errors = MoleculeErrors(potential, MoleculeSamples(molecule.test, configuration), rotations: rotations, limit: limit)
    print("\(path) (\(configuration.model.rawValue), \(potential.parameterCount) parameters) on \(data)")
    print("  " + errors.text)
  }
}

/// A potential with the configuration that its file carries.
func loadPotential(_ path: String) throws -> (model: MoleculeModel, configuration: MoleculeConfiguration) {
  let file = try SafetensorsFile(contentsOf: path)
  let configuration = try MoleculeConfiguration(from: file)
  var generator = RandomSource(seed: configuration.seed)
  var model = MoleculeModel(configuration, using: &generator)
  try model.load(from: file)
  return (model, configuration)
}

extension MoleculeConfiguration {
  /// Whether the potential is one of this molecule.
  func check(_ molecule: MoleculeDataset, _ path: String) throws {
    guard molecule.atomicNumbers == atomicNumbers else {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: "z"),
        cause: "the potential is of a molecule with the atoms \(atomicNumbers), these are \(molecule.atomicNumbers)",
        cure: "give conformations of the molecule that the potential was trained on")
    }
  }
}
