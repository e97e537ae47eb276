import AtomicStructures
import EquivariantTraining
import FileFormats
import Foundation
import NeuralModules

/// The potentials that lie in a folder, by name: files of ``PotentialFile``, `NAME.safetensors` or `NAME.nqx`.
public struct PotentialCatalogue: Sendable {
  /// What is known of a potential without computing anything.
  public struct Entry: Sendable {
    /// The name, that of the file.
    public let name: String
    /// The file.
    public let path: String
    /// The atomic numbers of the elements that it knows; empty of a file that cannot be read.
    public var elements: [Int] = []
    /// In Å.
    public var cutoff = 0.0
    /// The number of weights.
    public var parameterCount = 0
    /// What the file says of its licence and its source.
    public var licence: String?, source: String?
    /// Why the file cannot be read.
    public var error: String?

    /// In lines for a reader.
    public var text: String {
      if let error { return "\(name)\n  \(error)" }
      let symbols = elements.sorted().map { ChemicalElement(atomicNumber: $0)?.symbol ?? "\($0)" }
      return
        "\(name)\n  \(elements.count) elements: \(symbols.joined(separator: " "))\n  cut-off \(cutoff) A, \(parameterCount) parameters\n  "
        + "licence: \(licence ?? "not stated")\n  source: \(source ?? "not stated")\n  energies in eV, forces in eV/A\n  \(path)"
    }

    /// As a JSON object.
    public var json: JSONValue {
      [
        "name": .string(name), "file": .string(path), "elements": .array(elements.map { .integer($0) }), "cutoff": .number(cutoff),
        "parameters": .integer(parameterCount), "licence": licence.map { .string($0) } ?? .null,
        "source": source.map { .string($0) } ?? .null,
        "energy_unit": "eV", "length_unit": "A", "error": error.map { .string($0) } ?? .null,
      ]
    }
  }

  private static let suffixes = ["safetensors", "nqx"]
  /// The folder.
  public let folder: String

  /// The potentials of a folder; by custom of that which the variable EQUIVARIANT_POTENTIALS names, or of Data/potentials.
  public init(_ folder: String = ProcessInfo.processInfo.environment["EQUIVARIANT_POTENTIALS"] ?? "Data/potentials") {
    self.folder = folder
  }

  private var files: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { name in Self.suffixes.contains { name.hasSuffix(".\($0)") } }.sorted()
  }

  /// The names of the potentials.
  public var names: [String] { files.map { ($0 as NSString).deletingPathExtension } }

  /// The file of a potential that a user named: by its name in the folder, or as a file.
  /// - Throws: `FileFormatError` of kind `missing` that lists the names where there is none.
  public func path(of name: String) throws(FileFormatError) -> String {
    if let file = files.first(where: { $0 == name || ($0 as NSString).deletingPathExtension == name }) { return "\(folder)/\(file)" }
    if FileManager.default.fileExists(atPath: name) { return name }
    throw FileFormatError(
      .missing, path: name, cause: "there is no such file, and no potential of this name in \(folder)",
      cure: names.isEmpty ? "give the path of a file" : "take one of \(names.joined(separator: ", ")), or give the path of a file")
  }

  /// All potentials, read one after the other; a file that cannot be read is among them with its error.
  public func entries() throws -> [Entry] {
    files.map { file in
      var entry = Entry(name: (file as NSString).deletingPathExtension, path: "\(folder)/\(file)")
      do {
        let model = try PotentialFile.load(entry.path, as: Float.self)
        (entry.elements, entry.cutoff, entry.parameterCount) = (model.elements, model.cutoff, count(model))
        if file.hasSuffix(".safetensors") {
          let metadata = try SafetensorsFile(contentsOf: entry.path).metadata
          (entry.licence, entry.source) = (metadata["licence"] ?? metadata["license"], metadata["origin"] ?? metadata["source"])
        }
      } catch {
        entry.error = "\(error)"
      }
      return entry
    }
  }

  private func count(_ model: some Module) -> Int { model.parameterCount }
}
