import ArgumentParser
import Equivariant
import ExampleSupport

struct InspectStructures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Says what a file of structures holds and what a potential would learn from it.",
    discussion: """
      Extended and plain XYZ, POSCAR and CONTCAR, and archives .npz of MD17 and rMD17 are read, frame by frame. Energies, forces, stresses and \\
      virials are found by the names of properties (energy, forces, REF_energy, dft_forces, ...); where several may be meant and differ, where \\
      stress and virial contradict each other, and where nothing is found, the command says so and fails. Units are eV and A unless an option says \\
      otherwise; archives say theirs. Frames and atoms are counted from 0.
      """)

  @Argument(help: "The file; - for the standard input.") var data: String
  @Option(help: "The format: xyz, poscar, npz; by the name and the first line where not given.") var format: String?
  @Flag(help: "A JSON object instead of lines.") var json = false
  @OptionGroup var labels: LabelArguments

  func validate() throws {
    _ = try labels.options()
    _ = try structureFormat(format)
  }

  func run() throws {
    let reader = try StructureReader(contentsOf: data, format: structureFormat(format))
    var survey = DatasetSurvey(options: try labels.options())
    for frame in reader { survey.add(try frame.get()) }
    if json {
      var object: JSONObject = ["file": .string(reader.path), "format": .string(reader.format.title)]
      for member in survey.json.object?.members ?? [] { object[member.key] = member.value }
      object["notes"] = .array(reader.notes.map { .string($0) })
      note(JSONValue.object(object).description)
    } else {
      note("\(reader.path): \(reader.format.title)")
      for line in survey.report { note("  " + line) }
      for text in reader.notes { note("  note: \(text)") }
    }
    do {
      _ = try survey.labelKeys()
    } catch {
      // A POSCAR has no labels, and nobody expects any.
      if case .nothingFound = error, reader.format == .poscar { return }
      remark("Error: \(reader.path): \(error)")
      throw ExitCode.failure
    }
  }
}
