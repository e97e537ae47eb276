import AtomicStructures
import FileFormats
import MessagePassing

extension InteratomicPotential {
  /// Energy, forces and virial of a frame of a file, with the place in what is wrong.
  ///
  /// - Parameters:
  ///   - structure: the structure.
  ///   - frame: its number in the file, from 0.
  ///   - path: the file, as errors call it.
  /// - Throws: `FileFormatError` with file, frame and atom for a structure without atoms, elements that the potential does not know, atoms
  /// at one
  ///   place, cells without volume and a prediction that is not finite.
  public func prediction(of structure: AtomicStructure, frame: Int, path: String) throws -> PotentialPrediction {
    func failure(_ cause: String, _ cure: String, atom: Int? = nil) -> FileFormatError {
      FileFormatError(.malformed, path: path, place: .init(frame: frame, atom: atom), cause: cause, cure: cure)
    }
    guard structure.count > 0 else { throw failure("there are no atoms", "leave the frame out") }
    let known = Set(elements)
    if let atom = structure.atomicNumbers.firstIndex(where: { !known.contains($0) }) {
      let symbols = elements.sorted().map { ChemicalElement(atomicNumber: $0)?.symbol ?? "\($0)" }
      let symbol = ChemicalElement(atomicNumber: structure.atomicNumbers[atom])?.symbol ?? "\(structure.atomicNumbers[atom])"
      throw failure(
        "the potential does not know the element \(symbol)", "take another potential; this one knows \(symbols.joined(separator: " "))",
        atom: atom)
    }
    let prediction: PotentialPrediction
    do {
      prediction = try predict(structure)
    } catch let error as NeighborListError {
      throw failure(error.description, error.fileCure, atom: error.atom)
    } catch let error as PotentialError {
      throw failure(error.cause, error.cure, atom: error.atom)
    }
    let atom = prediction.forces.firstIndex { !($0.x + $0.y + $0.z).isFinite }
    guard prediction.energy.isFinite, atom == nil else {
      throw failure(
        "the potential gives no finite energy and forces", "check the positions: atoms may be too near to each other", atom: atom)
    }
    return prediction
  }
}

extension NeighborListError {
  /// The first atom that is concerned.
  fileprivate var atom: Int? {
    switch self {
    case .position(let atom, _), .farOutside(let atom): atom
    case .coincident(let first, _, _, _): first
    default: nil
    }
  }

  /// The description has said what to do.
  fileprivate var fileCure: String { "or leave the frame out" }
}

extension AtomicStructure {
  /// The structure with what a potential says of it: the properties "energy" in eV, "forces" in eV/Å and, where it repeats along three
  /// axes, "stress" in eV/Å³ (∂E/∂ε over the volume; rows of a symmetric matrix), each with a prefix. Properties of these names are
  /// replaced.
  public func with(_ prediction: PotentialPrediction, prefix: String = "") -> AtomicStructure {
    var result = self
    result.properties["\(prefix)energy"] = PropertyValues(prediction.energy)
    result.atomProperties["\(prefix)forces"] = PropertyValues(prediction.forces)
    result.properties["\(prefix)stress"] = repeatingVolume.map { volume in
      PropertyValues(.reals(prediction.virial.map { -$0 / volume }), shape: [9])
    }
    return result
  }

  /// The volume of the cell of a structure that repeats along three axes.
  var repeatingVolume: Double? {
    cell.flatMap { $0.isPeriodic == [true, true, true] && $0.volume > 0 ? $0.volume : nil }
  }
}

/// Writes structures with predictions frame by frame, as extended XYZ or as lines of JSON; a file appears, whole, when it is closed.
public final class PredictionWriter {
  private let structures: ExtendedXYZWriter?
  private let lines: StreamedFile?
  private let prefix: String
  private var frameCount = 0

  /// Begins a file; "-" is the standard output.
  /// - Throws: `FileFormatError` of kind `unwritable` or `directory`.
  public init(_ path: String, asJSON: Bool, prefix: String = "") throws(FileFormatError) {
    self.prefix = prefix
    structures = asJSON ? nil : try ExtendedXYZWriter(path)
    lines = asJSON ? try StreamedFile(path) : nil
  }

  /// Appends a structure.
  /// - Throws: the errors of `ExtendedXYZWriter.write(_:)`.
  public func write(_ structure: AtomicStructure, _ prediction: PotentialPrediction) throws(FileFormatError) {
    try structures?.write(structure.with(prediction, prefix: prefix))
    if let lines {
      var line: JSONObject = [
        "frame": .integer(frameCount), "atoms": .integer(structure.count), "formula": .string(structure.formula),
        "energy": .number(prediction.energy),
        "energies": .array(prediction.atomEnergies.map { .number($0) }),
        "forces": .array(prediction.forces.map { .array([.number($0.x), .number($0.y), .number($0.z)]) }),
      ]
      line["stress"] = structure.repeatingVolume.map { volume in .array(prediction.stress(volume: volume).map { .number($0) }) } ?? .null
      try lines.write(JSONValue.object(line).serialized() + [UInt8(ascii: "\n")])
      if lines.isStandardOutput { try lines.flush() }
    }
    frameCount += 1
  }

  /// Puts the file in its place; without this nothing is left of it.
  /// - Throws: `FileFormatError` of kind `unwritable`.
  public func close() throws(FileFormatError) {
    try structures?.close()
    try lines?.close()
  }
}
