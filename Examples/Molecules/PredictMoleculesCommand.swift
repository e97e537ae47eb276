import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct PredictMolecules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Energies, forces and stresses of structures by a potential from a file.",
    discussion: """
      Structures come from extended or plain XYZ, POSCAR, archives .npz of MD17 or the standard input, and go, frame by frame, to extended XYZ with \\
      the properties energy (eV), forces (eV/A) and, where a structure repeats along three axes, stress (eV/A^3, positive where it wants to \\
      contract); or to JSON lines. Frames and atoms are counted from 0.
      """)

  @Argument(help: "The file of structures; - for the standard input.") var data = "-"
  @Option(help: "The potential: one that `molecules models` lists, or a file.") var model: String
  @Option(help: "The format: xyz, poscar, npz; by the name and the first line where not given.") var format: String?
  @Option(name: [.short, .long], help: "The file to write, which appears when all is done; - for the standard output.") var output = "-"
  @Option(help: "What the names of the new properties begin with, such as \"MACE_\".") var prefix = ""
  @Option(help: "The precision of the potential's features, single or double; single is about twice as fast.") var precision = "double"
  @Flag(
    help: "The model as it is trained, in double precision, instead of one that is compiled, with tables of its radial functions; slow.")
  var exact = false
  @Flag(help: "A line of JSON for each structure instead of extended XYZ: energy, energies of atoms, forces, stress.") var json = false
  @Flag(help: "No progress.") var quiet = false
  @OptionGroup var folder: PotentialFolder
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    _ = try structureFormat(format)
    guard CompiledPotential.Precision(rawValue: precision) != nil else {
      throw ValidationError("--precision takes single or double, not \(precision)")
    }
    guard !prefix.contains(where: { $0.isWhitespace || ":=\"'[]{},".contains($0) }) else {
      throw ValidationError("--prefix takes letters, digits and underscores, not \"\(prefix)\"")
    }
  }

  func run() throws {
    threads.apply()
    // Where nobody reads on, writing fails with an error.
    signal(SIGPIPE, SIG_IGN)
    let path = try folder.catalogue.path(of: model)
    let kind = CompiledPotential.Precision(rawValue: precision)!
    let potential =
      try exact ? PotentialFile.differentiablePotential(path, precision: kind) : PotentialFile.potential(path, precision: kind)
    let reader = try StructureReader(contentsOf: data, format: structureFormat(format))
    for text in reader.notes { remark("\(reader.path): \(text)") }
    let writer = try PredictionWriter(output, asJSON: json, prefix: prefix)
    var progress = Progress(total: reader.totalCount, isQuiet: quiet)
    while let structure = try reader.read() {
      if reader.frameCount == 1 { tellReplaced(structure) }
      let prediction = try potential.prediction(of: structure, frame: reader.frameCount - 1, path: reader.path)
      try writer.write(structure, prediction)
      progress.step(atoms: structure.count)
    }
    guard reader.frameCount > 0 else {
      throw FileFormatError(.empty, path: reader.path, cause: "there are no structures", cure: "give at least one")
    }
    try writer.close()
    progress.end()
  }

  /// Says which properties of the file the new ones take the place of.
  private func tellReplaced(_ structure: AtomicStructure) {
    let names =
      ["energy", "stress"].filter { structure.properties["\(prefix)\($0)"] != nil }
      + ["forces"].filter { structure.atomProperties["\(prefix)\($0)"] != nil }
    guard !json, !names.isEmpty else { return }
    remark("\(names.map { prefix + $0 }.joined(separator: ", ")) of the file: replaced; --prefix gives the new properties other names")
  }

  /// A line now and then beside the output.
  private struct Progress {
    let total: Int?
    let isQuiet: Bool
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var (frames, atoms, told) = (0, 0, 0)

    init(total: Int?, isQuiet: Bool) { (self.total, self.isQuiet) = (total, isQuiet) }

    mutating func step(atoms count: Int) {
      (frames, atoms) = (frames + 1, atoms + count)
      guard !isQuiet, clock.now - last > .seconds(2) else { return }
      last = clock.now
      tell()
    }

    mutating func end() { if !isQuiet && told < frames { tell() } }

    private mutating func tell() {
      told = frames
      let seconds = (clock.now - start) / .seconds(1)
      remark(
        "\(frames)\(total.map { " of \($0)" } ?? "") structures, \(atoms) atoms, \(significant(seconds)) s, "
          + "\(significant(1e6 * seconds / Double(max(1, atoms)))) us an atom")
    }
  }
}
