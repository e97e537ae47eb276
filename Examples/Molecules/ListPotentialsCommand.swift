import ArgumentParser
import Equivariant
import ExampleSupport

/// Where potentials lie.
struct PotentialFolder: ParsableArguments {
  @Option(
    help: "The folder of potentials; that of the variable EQUIVARIANT_POTENTIALS or Data/potentials where not given.")
  var folder: String?

  var catalogue: PotentialCatalogue { folder.map { PotentialCatalogue($0) } ?? PotentialCatalogue() }
}

struct ListPotentials: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Lists potentials: elements, cut-off, parameters, licence.",
    discussion: "A potential is used by its name or its file. All give energies in eV, forces in eV/A and stresses in eV/A^3.")

  @OptionGroup var folder: PotentialFolder
  @Flag(help: "A line of JSON for each.") var json = false

  func run() throws {
    let catalogue = folder.catalogue
    let entries = try catalogue.entries()
    if entries.isEmpty, !json {
      note("there are no potentials in \(catalogue.folder); Scripts/convert_potential.py makes files of models of other programs")
    }
    for entry in entries { note(json ? entry.json.description : entry.text) }
  }
}
