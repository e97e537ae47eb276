import FileFormats
import MessagePassing

/// Writes frames of extended XYZ one after the other; the file appears, whole, when it is closed.
public final class ExtendedXYZWriter {
  private let file: StreamedFile
  /// The frames written so far.
  public private(set) var frameCount = 0

  /// Begins a file; "-" is the standard output, which has each frame at once.
  /// - Throws: `FileFormatError` of kind `unwritable` or `directory`.
  public init(_ path: String) throws(FileFormatError) { file = try StreamedFile(path) }

  /// Appends a frame.
  /// - Throws: `FileFormatError` of kind `unwritable`, and of kind `unsupported` for properties that the format has no place for.
  public func write(_ structure: AtomicStructure) throws(FileFormatError) {
    let bytes: [UInt8]
    do throws(FileFormatError) {
      bytes = try structure.extendedXYZ()
    } catch {
      var located = error
      (located.path, located.place.frame) = (file.path, frameCount)
      throw located
    }
    try file.write(bytes)
    frameCount += 1
    if file.isStandardOutput { try file.flush() }
  }

  /// Puts the file in its place; without this nothing is left of it.
  /// - Throws: `FileFormatError` of kind `unwritable`.
  public func close() throws(FileFormatError) { try file.close() }
}

extension AtomicStructure {
  /// A frame of extended XYZ: `Lattice`, `pbc` and `Properties`, then the properties in order; numbers in the shortest form that reads
  /// back as the same.
  /// - Throws: `FileFormatError` of kind `unsupported` for properties with no place in the format: names or texts of atoms that are empty
  /// or
  ///   have blanks, arrays of more than two axes.
  public func extendedXYZ() throws(FileFormatError) -> [UInt8] {
    var text = "\(count)\n"
    if let cell {
      text += "Lattice=\"" + cell.vectors.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: " ") + "\" "
      text += "pbc=\"" + cell.isPeriodic.map { $0 ? "T" : "F" }.joined(separator: " ") + "\" "
    } else {
      text += "pbc=\"F F F\" "
    }
    text += "Properties=species:S:1:pos:R:3"
    for (name, values) in atomProperties {
      guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || ":=\"'".contains($0) }) else {
        throw unsupported("the name \"\(name)\"", name)
      }
      guard values.shape.count == 1 || values.shape.count == 2, values.shape[0] == count, values.shape.count == 1 || values.shape[1] > 0
      else {
        throw unsupported("the shape \(values.shape) of \(count) atoms", name)
      }
      let letter =
        switch values.elements {
        case .text: "S"
        case .integers: "I"
        case .reals: "R"
        case .logicals: "L"
        }
      text += ":\(name):\(letter):\(values.shape.count == 1 ? 1 : values.shape[1])"
    }
    for (name, values) in properties {
      guard !name.isEmpty, !["lattice", "pbc", "properties"].contains(name.lowercased()) else { throw unsupported("this name", name) }
      text += " \(Self.quoted(name))=\(try written(values, name))"
    }
    text += "\n"
    var bytes = Array(text.utf8)
    bytes.reserveCapacity(bytes.count + count * (64 + 24 * atomProperties.count))
    try appendAtoms(to: &bytes)
    return bytes
  }

  private func appendAtoms(to bytes: inout [UInt8]) throws(FileFormatError) {
    let columns = atomProperties.map { (name: $0.name, values: $0.values, width: $0.values.shape.count == 1 ? 1 : $0.values.shape[1]) }
    for atom in 0..<count {
      let label = labels.flatMap { $0.indices.contains(atom) ? $0[atom] : nil }
      guard let word = label ?? ChemicalElement(atomicNumber: atomicNumbers[atom])?.symbol else {
        throw unsupported("the atomic number \(atomicNumbers[atom])", "species", atom: atom)
      }
      bytes.append(contentsOf: word.utf8)
      for axis in 0..<3 { Self.append("\(positions[atom][axis])", to: &bytes) }
      for column in columns {
        for k in atom * column.width..<(atom + 1) * column.width {
          switch column.values.elements {
          case .text(let values):
            guard !values[k].isEmpty, !values[k].utf8.contains(where: { isBlank($0) || $0 == 10 || $0 == 13 }) else {
              throw unsupported("the text \"\(excerpt(values[k]))\"", column.name, atom: atom)
            }
            Self.append(values[k], to: &bytes)
          case .integers(let values): Self.append("\(values[k])", to: &bytes)
          case .reals(let values): Self.append("\(values[k])", to: &bytes)
          case .logicals(let values): Self.append(values[k] ? "T" : "F", to: &bytes)
          }
        }
      }
      bytes.append(10)
    }
  }

  private static func append(_ word: String, to bytes: inout [UInt8]) {
    bytes.append(32)
    bytes.append(contentsOf: word.utf8)
  }

  /// A value as it stands after a key.
  private func written(_ values: PropertyValues, _ name: String) throws(FileFormatError) -> String {
    let words: [String]
    switch values.elements {
    case .text(let texts): words = texts.map { Self.quoted($0, always: !values.shape.isEmpty) }
    case .integers(let numbers): words = numbers.map { "\($0)" }
    case .reals(let numbers): words = numbers.map { "\($0)" }
    case .logicals(let truths): words = truths.map { $0 ? "T" : "F" }
    }
    switch values.shape.count {
    case 0: return words[0]
    case 1 where values.text == nil && words.count > 1: return "\"" + words.joined(separator: " ") + "\""
    case 1: return "[" + words.joined(separator: ", ") + "]"
    case 2:
      let width = values.shape[1]
      let rows = (0..<values.shape[0]).map { "[" + words[$0 * width..<($0 + 1) * width].joined(separator: ", ") + "]" }
      return "[" + rows.joined(separator: ", ") + "]"
    default: throw unsupported("the shape \(values.shape)", name)
    }
  }

  private static func quoted(_ text: String, always: Bool = false) -> String {
    let isPlain =
      !always && !text.isEmpty
      && text.utf8.allSatisfy { byte in
        byte > 32 && byte != 127 && !"=\"'\\[]{},".utf8.contains(byte)
      }
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func unsupported(_ what: String, _ name: String, atom: Int? = nil) -> FileFormatError {
    FileFormatError(
      .unsupported, path: "", place: .init(entry: name, atom: atom), cause: "extended XYZ has no place for \(what) of a property",
      cure: "rename, reshape or remove it")
  }
}
