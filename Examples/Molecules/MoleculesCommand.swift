import ArgumentParser
import Equivariant

@main struct MoleculesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "molecules", abstract: "Energies and forces of molecules.",
    discussion: "A potential of one molecule is learnt from conformations with energies and forces (rMD17).",
    subcommands: [TrainMolecules.self, EvaluateMolecules.self])
}
