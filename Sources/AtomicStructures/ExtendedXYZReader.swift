import FileFormats
import MessagePassing

/// The frames of an extended XYZ file, or of a plain one, one after the other, in an amount of memory that one frame needs.
///
/// ```swift
/// for frame in try ExtendedXYZReader(contentsOf: "trajectory.xyz") {
///   let structure = try frame.get()
/// }
/// ```
/// A frame is a line with the number of atoms, a line of `key=value` pairs, and a line for each atom. `Lattice` (nine numbers: a, b and c
/// one after the other; three: a box), `pbc` (a structure with a cell repeats along all axes where it is absent) and `Properties` (symbols
/// and positions where it is absent) are understood in any case; all other keys and columns become properties, in their order. Units are Å.
/// The comment of a plain XYZ file is the property "comment", columns after the positions are "column_5" and so on.
///
/// The format is that of libAtoms (github.com/libAtoms/extxyz) and ASE. Its reader does not look at the meaning of properties: a mask of
/// fixed atoms leaves forces as they are.
public final class ExtendedXYZReader: Sequence, IteratorProtocol {
  private let lines: LineReader
  /// The frames read so far.
  public private(set) var frameCount = 0
  private var isOver = false
  /// The last declaration of columns: frames mostly have the same.
  private var declaration: (text: String, columns: ExtendedXYZColumns)?

  /// The file, as errors call it.
  public var path: String { lines.path }
  /// The bytes read from the file so far, those of a buffer ahead of the frames among them.
  public var bytesRead: Int { lines.bytesRead }

  /// Opens a file; "-" is the standard input.
  /// - Throws: `FileFormatError` for a file that is missing, unreadable or a folder.
  public init(contentsOf path: String) throws(FileFormatError) { lines = try LineReader(path) }

  /// Reads bytes in memory, which errors call `path`.
  public init(bytes: [UInt8], path: String) { lines = LineReader(bytes: bytes, path: path) }

  init(_ lines: LineReader) { self.lines = lines }

  /// The next frame or what is wrong with it; nil after the last one and after an error.
  public func next() -> Result<AtomicStructure, FileFormatError>? {
    do throws(FileFormatError) { return try read().map { .success($0) } } catch { return .failure(error) }
  }

  /// The next frame, nil after the last one.
  /// - Throws: `FileFormatError` with the frame and the atom, counted from 0, and the line, for what is not of the format, elements that
  /// do not
  ///   exist, positions that are no numbers, and a file that ends within a frame. There are no frames after an error.
  public func read() throws(FileFormatError) -> AtomicStructure? {
    guard !isOver else { return nil }
    isOver = true
    guard let count = try readCount() else { return nil }
    let (properties, cell, layout) = try readComment(count)
    var atoms: ExtendedXYZAtoms?
    for atom in 0..<count {
      guard let line = try lines.next() else { throw ended(after: atom, of: count) }
      if atoms == nil { atoms = ExtendedXYZAtoms(layout ?? Self.plainColumns(line), count: count) }
      do throws(ExtendedXYZAtoms.Mistake) {
        try atoms!.append(line)
      } catch {
        // The next frame, where atoms are missing, or one that never was.
        let isShort = line.allSatisfy(isBlank) || (NumberParser.integer(trimmed(line)) != nil)
        throw failure(
          .malformed, atom: atom, error.cause,
          isShort ? "the frame has \(count) atoms by its first line: correct the number, or complete the frame" : error.cure)
      }
    }
    var structure = (atoms ?? ExtendedXYZAtoms(layout ?? ExtendedXYZColumns(), count: 0)).structure(cell)
    structure.properties = properties
    frameCount += 1
    isOver = false
    return structure
  }

  /// The number of atoms of the next frame; nil where there are only blank lines.
  private func readCount() throws(FileFormatError) -> Int? {
    while let line = try lines.next() {
      let word = trimmed(line)
      if word.isEmpty { continue }
      if lines.line == 1, word.starts(with: [0x1F, 0x8B]) {
        throw failure(.unsupported, "the file is compressed by gzip", "unpack it, or hand it over: gunzip -c FILE | molecules ... -")
      }
      guard let count = NumberParser.integer(word), count >= 0 else {
        let text = excerpt(String(decoding: word, as: UTF8.self))
        throw failure(
          .malformed, "the number of atoms of a frame is expected, not \"\(text)\"",
          frameCount == 0 ? "give a file of extended XYZ" : "check that the frame before has as many atoms as its first line says")
      }
      return count
    }
    return nil
  }

  private func readComment(_ count: Int) throws(FileFormatError) -> (Properties, PeriodicCell?, ExtendedXYZColumns?) {
    guard let line = try lines.next() else { throw ended(after: 0, of: count) }
    let comment: ExtendedXYZComment
    do throws(ExtendedXYZComment.Mistake) {
      comment = try ExtendedXYZComment(line)
    } catch {
      // A free text, if nothing says otherwise.
      guard Self.isExtended(line) else { return (Self.comment(line), nil, nil) }
      throw failure(.malformed, byte: error.byte, error.cause, error.cure)
    }
    // Without a key that belongs to the format, pairs are such only where all keys look like some.
    let isMeant =
      comment.entries.contains { Self.role($0.key) == "lattice" || Self.role($0.key) == "properties" }
      || comment.entries.allSatisfy { Self.isName($0.key) }
    guard comment.flags.contains(false), isMeant else { return (Self.comment(line), nil, nil) }
    var properties = Properties()
    var (lattice, pbc, layout): (PropertyValues?, PropertyValues?, ExtendedXYZColumns?)
    for (k, entry) in comment.entries.enumerated() {
      switch Self.role(entry.key) {
      case "lattice" where lattice == nil: lattice = entry.values
      case "pbc" where pbc == nil:
        pbc = entry.values
        let next = comment.entries.indices.contains(k + 1) ? comment.entries[k + 1].key : ""
        if entry.values.shape.isEmpty, comment.flags.indices.contains(k + 1), comment.flags[k + 1], logical(Array(next.utf8)) != nil {
          throw failure(.malformed, "pbc has several values and no quotes", "write pbc=\"T T F\"")
        }
      case "properties" where layout == nil:
        guard let text = entry.values.text?.first else {
          throw failure(.malformed, "Properties is no list of name:type:columns", "write Properties=species:S:1:pos:R:3")
        }
        layout = try columns(text)
      default: properties.append(entry.key, entry.values)
      }
    }
    return (properties, try cell(lattice, pbc), layout)
  }

  private func columns(_ text: String) throws(FileFormatError) -> ExtendedXYZColumns {
    if let declaration, declaration.text == text { return declaration.columns }
    do throws(ExtendedXYZColumns.Mistake) {
      let columns = try ExtendedXYZColumns(text)
      declaration = (text, columns)
      return columns
    } catch {
      throw failure(.malformed, error.cause, error.cure)
    }
  }

  private func cell(_ lattice: PropertyValues?, _ pbc: PropertyValues?) throws(FileFormatError) -> PeriodicCell? {
    let axes = try pbc.map { values throws(FileFormatError) in try periodicity(values) }
    guard let lattice else {
      if axes?.contains(true) == true {
        throw failure(.malformed, "pbc says that the structure repeats, and there is no Lattice", "give Lattice=\"...\", or pbc=\"F F F\"")
      }
      return nil
    }
    guard let numbers = lattice.reals, numbers.count == 9 || numbers.count == 3, numbers.allSatisfy({ $0.magnitude < 1e12 }) else {
      throw failure(
        .malformed, "Lattice is not nine numbers", "write Lattice=\"ax ay az bx by bz cx cy cz\" in quotes, or three numbers of a box")
    }
    let isPeriodic = axes ?? [true, true, true]
    // What stands for a molecule in some programs.
    if numbers.allSatisfy({ $0 == 0 }) && !isPeriodic.contains(true) { return nil }
    func vector(_ k: Int) -> SIMD3<Double> {
      if numbers.count == 9 { return SIMD3(numbers[3 * k], numbers[3 * k + 1], numbers[3 * k + 2]) }
      var vector = SIMD3<Double>.zero
      vector[k] = numbers[k]
      return vector
    }
    return PeriodicCell(vector(0), vector(1), vector(2), isPeriodic: isPeriodic)
  }

  /// As truth values, as 0 and 1, as letters with or without commas.
  private func periodicity(_ values: PropertyValues) throws(FileFormatError) -> [Bool] {
    var axes: [Bool]?
    switch values.elements {
    case .logicals(let truths): axes = truths
    case .integers(let numbers): axes = numbers.allSatisfy { $0 == 0 || $0 == 1 } ? numbers.map { $0 == 1 } : nil
    case .text(let words):
      let parts = words.count == 1 ? words[0].split(whereSeparator: { " ,;\t".contains($0) }).map(String.init) : words
      let letters = parts.count == 1 && parts[0].count == 3 ? parts[0].map(String.init) : parts
      let truths = letters.compactMap { word in logical(Array(word.utf8)) ?? (word == "1" ? true : word == "0" ? false : nil) }
      axes = truths.count == letters.count ? truths : nil
    case .reals: break
    }
    if let axes, axes.count == 1 { return [axes[0], axes[0], axes[0]] }
    guard let axes, axes.count == 3 else {
      throw failure(.malformed, "pbc does not say of three axes whether the structure repeats", "write pbc=\"T T F\" or pbc=[T, T, F]")
    }
    return axes
  }

  private func logical(_ bytes: [UInt8]) -> Bool? { bytes.withUnsafeBytes { AtomicStructures.logical($0) } }

  /// Whether a line was meant to have keys.
  private static func isExtended(_ line: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: line, as: UTF8.self).lowercased()
    return ["lattice", "properties"].contains { text.contains("\($0)=") || text.contains("\($0) =") }
  }

  /// "lattice", "pbc" or "properties" of a key in any case; "" of others.
  private static func role(_ key: String) -> String {
    // Most keys are told by their lengths.
    switch key.utf8.count {
    case 3, 7, 10: key.lowercased()
    default: ""
    }
  }

  private static func isName(_ key: String) -> Bool {
    key.utf8.allSatisfy { $0 > 127 || "_-.:+/".utf8.contains($0) || isLetterOrDigit($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 32) &- 97 < 26 }

  private static func comment(_ line: UnsafeRawBufferPointer) -> Properties {
    var properties = Properties()
    let text = trimmed(line)
    if !text.isEmpty { properties.append("comment", PropertyValues(String(decoding: text, as: UTF8.self))) }
    return properties
  }

  /// What a plain XYZ file has beyond symbols and positions is as its first atom has it.
  private static func plainColumns(_ line: UnsafeRawBufferPointer) -> ExtendedXYZColumns {
    let words = line.split(whereSeparator: isBlank).dropFirst(4).prefix(100)
    return ExtendedXYZColumns(
      extra: words.map { NumberParser.real(UnsafeRawBufferPointer(rebasing: $0)) == nil ? .text : .real })
  }

  private func ended(after atom: Int, of count: Int) -> FileFormatError {
    failure(
      .truncated, "the file ends after \(atom) of the \(count) atoms of the frame",
      "write the frame again, or leave it out: a job that was killed leaves such a file")
  }

  private func failure(
    _ kind: FileFormatError.Kind, byte: Int? = nil, atom: Int? = nil, _ cause: String, _ cure: String
  ) -> FileFormatError {
    FileFormatError(
      kind, path: path, place: .init(line: lines.line, byte: byte, frame: frameCount, atom: atom), cause: cause, cure: cure)
  }
}

/// Without blanks at both ends.
func trimmed(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var (start, end) = (0, line.count)
  while start < end, isBlank(line[start]) { start += 1 }
  while end > start, isBlank(line[end - 1]) { end -= 1 }
  return UnsafeRawBufferPointer(rebasing: line[start..<end])
}
