import FileFormats
import Foundation
import MessagePassing

/// A structure as VASP's POSCAR and CONTCAR have it, of VASP 4 (elements named only in the comment) and later.
///
/// The scale multiplies the cell and Cartesian positions; a negative one is the volume that the cell is to have; three of them multiply x,
/// y and z. Flags of selective dynamics become the property "selective_dynamics", truth values [atoms, 3], and Cartesian velocities
/// "velocities", [atoms, 3] in Å/fs; ``notes`` say what of a file is left out.
public struct POSCARFile: Sendable {
  /// The structure, which repeats along all axes; its comment is the property "comment".
  public var structure: AtomicStructure
  /// What the file has and the structure does not.
  public private(set) var notes: [String] = []

  /// Reads a file.
  /// - Throws: `FileFormatError` with the line and the atom, counted from 0.
  public init(contentsOf path: String) throws(FileFormatError) { try self.init(LineReader(path)) }

  /// Reads bytes in memory, which errors call `path`.
  /// - Throws: the errors of ``init(contentsOf:)``.
  public init(bytes: [UInt8], path: String) throws(FileFormatError) { try self.init(LineReader(bytes: bytes, path: path)) }

  init(_ reader: LineReader) throws(FileFormatError) {
    var lines = POSCARLines(reader)
    let comment = try lines.text("the comment")
    let scale = try lines.numbers("the scale", [1, 3])
    var vectors: [SIMD3<Double>] = []
    for name in ["a", "b", "c"] {
      let row = try lines.numbers("the vector \(name) of the cell", [3])
      vectors.append(SIMD3(row[0], row[1], row[2]))
    }
    let factor = try Self.factor(scale, vectors, lines)
    vectors = vectors.map { $0 * factor }
    let (elements, counts) = try Self.elements(comment, &lines)
    var mode = try lines.text("Direct or Cartesian").lowercased()
    let isSelective = mode.hasPrefix("s")
    if isSelective { mode = try lines.text("Direct or Cartesian").lowercased() }
    let isCartesian = mode.hasPrefix("c") || mode.hasPrefix("k")
    guard isCartesian || mode.hasPrefix("d") || mode.isEmpty else {
      throw lines.failure(
        "Direct or Cartesian is expected, not \"\(excerpt(mode))\"", "write one of the two, after Selective dynamics if that is there")
    }
    var (numbers, positions, flags): ([Int], [SIMD3<Double>], [Bool]) = ([], [], [])
    for (element, count) in zip(elements, counts) {
      for _ in 0..<count {
        let (place, words) = try lines.place(atom: positions.count)
        positions.append(
          isCartesian ? place * factor : place.x * vectors[0] + place.y * vectors[1] + place.z * vectors[2])
        numbers.append(element.atomicNumber)
        if isSelective { flags += try lines.flags(words, atom: positions.count - 1) }
      }
    }
    guard positions.allSatisfy({ $0.x.magnitude < 1e12 && $0.y.magnitude < 1e12 && $0.z.magnitude < 1e12 }) else {
      throw lines.failure("a position is beyond all bounds", "correct the scale, the cell or the positions")
    }
    structure = AtomicStructure(
      atomicNumbers: numbers, positions: positions, cell: PeriodicCell(vectors[0], vectors[1], vectors[2]))
    if !comment.isEmpty { structure.properties["comment"] = PropertyValues(comment) }
    if isSelective { structure.atomProperties["selective_dynamics"] = PropertyValues(.logicals(flags), shape: [numbers.count, 3]) }
    try readVelocities(&lines)
  }

  private static func factor(
    _ scale: [Double], _ vectors: [SIMD3<Double>], _ lines: POSCARLines
  ) throws(FileFormatError) -> SIMD3<Double> {
    let volume = PeriodicCell(vectors[0], vectors[1], vectors[2]).volume
    if scale.count == 1, scale[0] < 0 {
      guard volume > 0, volume.isFinite else {
        throw lines.failure("the scale gives the volume of a cell that has none", "give independent vectors")
      }
      return SIMD3(repeating: cbrt(-scale[0] / volume))
    }
    guard scale.allSatisfy({ $0 > 0 }) else {
      throw lines.failure(
        "the scale is \(scale.map { "\($0)" }.joined(separator: " "))",
        "give a positive factor, a negative volume, or three positive factors")
    }
    return scale.count == 1 ? SIMD3(repeating: scale[0]) : SIMD3(scale[0], scale[1], scale[2])
  }

  private static func elements(
    _ comment: String, _ lines: inout POSCARLines
  ) throws(FileFormatError) -> ([ChemicalElement], [Int]) {
    var line = try lines.text("symbols of the elements")
    var words = POSCARLines.words(line)
    var names: [String]?
    if words.first.map({ Int($0) == nil }) ?? true {
      names = words
      line = try lines.text("numbers of atoms")
      words = POSCARLines.words(line)
    }
    let counts = words.prefix { Int($0) != nil }.compactMap { Int($0) }
    guard !counts.isEmpty, counts.allSatisfy({ $0 >= 0 }),
      counts.reduce(into: 0, { $0 = $0 > 1 << 40 ? $0 : $0 + min($1, 1 << 40) }) < 1 << 32
    else {
      throw lines.failure("numbers of atoms are expected, not \"\(excerpt(line))\"", "give one for each element")
    }
    let isOld = names == nil
    let symbols = names ?? POSCARLines.words(comment)
    // Names of pseudopotentials ("Na_pv", "Si/5a0...") begin with the symbol.
    let elements = symbols.prefix(isOld ? counts.count : symbols.count).map { word in
      ChemicalElement.reading(String(word.prefix { $0 != "/" && $0 != "_" }))
    }
    guard elements.count == counts.count, elements.allSatisfy({ $0 != nil }) else {
      let unknown = zip(symbols, elements).first { $0.1 == nil }?.0
      throw lines.failure(
        isOld
          ? "there is no line of elements (VASP 4), and the comment \"\(excerpt(comment))\" does not name \(counts.count) of them"
          : unknown.map { "\"\(excerpt($0))\" is no element" }
            ?? "there are \(elements.count) elements and \(counts.count) numbers of atoms",
        isOld ? "write the symbols in a line before the numbers" : "give as many symbols as numbers")
    }
    return (elements.map { $0! }, counts)
  }

  /// After the positions there may be velocities of the cell, those of the atoms, and what the next step of a run needs.
  private mutating func readVelocities(_ lines: inout POSCARLines) throws(FileFormatError) {
    guard var line = try lines.optional() else { return }
    if line.lowercased().hasPrefix("l") {
      notes.append("the velocities of the cell are left out")
      // A line of its state, three of velocities, three of vectors.
      for _ in 0..<7 { _ = try lines.optional() }
      guard let next = try lines.optional() else { return }
      line = next
    }
    let isDirect = line.lowercased().hasPrefix("d")
    if line.isEmpty || isDirect || line.lowercased().hasPrefix("c") || line.lowercased().hasPrefix("k") {
      guard let next = try lines.optional() else { return }
      line = next
    }
    var velocities: [SIMD3<Double>] = []
    while POSCARLines.words(line).count >= 3, velocities.count < structure.count {
      let row = POSCARLines.words(line).prefix(3).compactMap { word in Array(word.utf8).withUnsafeBytes(NumberParser.real) }
      guard row.count == 3 else { break }
      velocities.append(SIMD3(row[0], row[1], row[2]))
      guard velocities.count < structure.count, let next = try lines.optional() else { break }
      line = next
    }
    if velocities.count == structure.count, !isDirect, structure.count > 0 {
      structure.atomProperties["velocities"] = PropertyValues(velocities)
    } else if !velocities.isEmpty {
      notes.append(
        isDirect
          ? "velocities in units of the cell are left out"
          : "velocities are left out: there are \(velocities.count) for \(structure.count) atoms")
    } else if !line.isEmpty {
      notes.append("what follows the positions is left out (\"\(excerpt(line))\")")
    }
    var isMore = false
    while let more = try lines.optional() { isMore = isMore || !more.isEmpty }
    if isMore { notes.append("what follows the velocities is left out") }
  }
}

/// The lines of a POSCAR.
private struct POSCARLines {
  private let reader: LineReader

  init(_ reader: LineReader) { self.reader = reader }

  static func words(_ line: String) -> [String] {
    line.prefix { $0 != "!" && $0 != "#" }.split { $0 == " " || $0 == "\t" }.map(String.init)
  }

  /// The next line without blanks at its ends; nil at the end of the file.
  func optional() throws(FileFormatError) -> String? {
    try reader.next().map { String(decoding: trimmed($0), as: UTF8.self) }
  }

  func text(_ what: String) throws(FileFormatError) -> String {
    guard let line = try optional() else {
      throw FileFormatError(
        .truncated, path: reader.path, place: .init(line: reader.line), cause: "the file ends where there should be \(what)",
        cure: "write the file again")
    }
    return line
  }

  func numbers(_ what: String, _ counts: [Int]) throws(FileFormatError) -> [Double] {
    let line = try text(what)
    var numbers: [Double] = []
    for word in Self.words(line) {
      guard let number = Array(word.utf8).withUnsafeBytes(NumberParser.real) else { break }
      numbers.append(number)
    }
    // Three scales, or one and a remark that begins with a number.
    let count = counts.last { $0 <= numbers.count }
    guard let count, numbers.prefix(count).allSatisfy({ $0.magnitude < 1e12 }) else {
      throw failure(
        "\(what) is expected (\(counts.map(String.init).joined(separator: " or ")) numbers), not \"\(excerpt(line))\"", "correct the line")
    }
    return Array(numbers.prefix(count))
  }

  /// Three coordinates, and the words after them.
  func place(atom: Int) throws(FileFormatError) -> (SIMD3<Double>, [String]) {
    guard let line = try optional() else {
      throw FileFormatError(
        .truncated, path: reader.path, place: .init(line: reader.line), cause: "the file ends before the position of atom \(atom)",
        cure: "write the file again, or correct the numbers of atoms")
    }
    let words = Self.words(line)
    let numbers = words.prefix(3).compactMap { word in Array(word.utf8).withUnsafeBytes(NumberParser.real) }
    guard numbers.count == 3, numbers.allSatisfy({ $0.magnitude < 1e12 }) else {
      throw failure("three coordinates are expected, not \"\(excerpt(line))\"", "correct the line, or the numbers of atoms", atom: atom)
    }
    return (SIMD3(numbers[0], numbers[1], numbers[2]), Array(words.dropFirst(3)))
  }

  func flags(_ words: [String], atom: Int) throws(FileFormatError) -> [Bool] {
    let flags = words.prefix(3).compactMap { word -> Bool? in
      let letter = word.drop { $0 == "." }.first?.uppercased()
      return letter == "T" ? true : letter == "F" ? false : nil
    }
    guard flags.count == 3 else {
      throw failure("three flags T or F of selective dynamics are expected after the position", "complete the line", atom: atom)
    }
    return flags
  }

  func failure(_ cause: String, _ cure: String, atom: Int? = nil) -> FileFormatError {
    FileFormatError(.malformed, path: reader.path, place: .init(line: reader.line, atom: atom), cause: cause, cure: cure)
  }
}
