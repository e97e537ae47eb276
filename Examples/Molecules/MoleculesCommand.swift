import ArgumentParser
import Equivariant

@main struct MoleculesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "molecules", abstract: "Energies and forces of molecules and materials.",
    discussion: """
      `predict` gives energies, forces and stresses of structures by a potential from a file, `models` lists such potentials, `inspect` says what a \
      file of structures holds and what would be learnt from it. `train` learns a potential of one molecule from conformations with energies and \
      forces (rMD17), `evaluate` tests it.
      """,
    subcommands: [PredictMolecules.self, ListPotentials.self, InspectStructures.self, TrainMolecules.self, EvaluateMolecules.self])
}
