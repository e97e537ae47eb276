import FileFormats
import MessagePassing

/// The atoms of one frame while its lines are read.
struct ExtendedXYZAtoms {
  /// What is wrong with a line.
  struct Mistake: Error { let cause, cure: String }

  private final class Values {
    var text: [String] = []
    var integers: [Int] = []
    var reals: [Double] = []
    var logicals: [Bool] = []
  }

  private let layout: ExtendedXYZColumns
  private let values: [Values]
  private var atomicNumbers: [Int] = []
  private var positions: [SIMD3<Double>] = []
  private var labels: [String]?

  /// - Parameter count: how many atoms there will be, by what the file says.
  init(_ layout: ExtendedXYZColumns, count: Int) {
    self.layout = layout
    values = layout.columns.map { _ in Values() }
    // A number in a file is not to be trusted with gigabytes.
    let room = min(count, 1 << 16)
    atomicNumbers.reserveCapacity(room)
    positions.reserveCapacity(room)
    for (k, column) in layout.columns.enumerated() where k != layout.species && k != layout.positions {
      switch column.kind {
      case .text: values[k].text.reserveCapacity(min(room * column.width, 1 << 17))
      case .integer: values[k].integers.reserveCapacity(min(room * column.width, 1 << 17))
      case .real: values[k].reals.reserveCapacity(min(room * column.width, 1 << 17))
      case .logical: values[k].logicals.reserveCapacity(min(room * column.width, 1 << 17))
      }
    }
  }

  /// Takes the line of an atom.
  mutating func append(_ line: UnsafeRawBufferPointer) throws(Mistake) {
    var place = 0
    var words = 0
    func next() -> UnsafeRawBufferPointer? {
      while place < line.count, isBlank(line[place]) { place += 1 }
      guard place < line.count else { return nil }
      let start = place
      while place < line.count, !isBlank(line[place]) { place += 1 }
      words += 1
      return UnsafeRawBufferPointer(rebasing: line[start..<place])
    }
    for (k, column) in layout.columns.enumerated() {
      var position = SIMD3<Double>.zero
      for component in 0..<column.width {
        guard let word = next() else {
          throw Mistake(
            cause: "the line has \(words) words, and \(layout.width) are expected (\(summary))",
            cure: "complete the line, or correct Properties")
        }
        if k == layout.species {
          try takeElement(word)
          continue
        }
        switch column.kind {
        case .real:
          guard let number = NumberParser.real(word) else { throw notANumber(word, column) }
          if k == layout.positions {
            guard number.magnitude < 1e12 else {
              throw Mistake(cause: "the position has the coordinate \(number)", cure: "correct it, or leave the frame out")
            }
            position[component] = number
          } else {
            values[k].reals.append(number)
          }
        case .integer:
          guard let number = NumberParser.integer(word) else {
            throw Mistake(
              cause: "\"\(excerpt(String(decoding: word, as: UTF8.self)))\" stands for the whole number \(column.name)",
              cure: "write a whole number, or declare the property as R")
          }
          values[k].integers.append(number)
        case .logical:
          guard let truth = logical(word) ?? (word.count == 1 && (word[0] == 48 || word[0] == 49) ? word[0] == 49 : nil) else {
            throw Mistake(
              cause: "\"\(excerpt(String(decoding: word, as: UTF8.self)))\" stands for the truth value \(column.name)", cure: "write T or F"
            )
          }
          values[k].logicals.append(truth)
        case .text: values[k].text.append(String(decoding: word, as: UTF8.self))
        }
      }
      if k == layout.positions { positions.append(position) }
    }
    if next() != nil {
      while next() != nil {}
      throw Mistake(
        cause: "the line has \(words) words, and \(layout.width) are expected (\(summary))",
        cure: "declare all columns in Properties, or remove what is too many")
    }
  }

  private var summary: String { layout.columns.map { $0.width == 1 ? $0.name : "\($0.name) x \($0.width)" }.joined(separator: ", ") }

  private func notANumber(_ word: UnsafeRawBufferPointer, _ column: ExtendedXYZColumns.Column) -> Mistake {
    let text = String(decoding: word, as: UTF8.self)
    let cure =
      text.contains(",")
      ? "write decimal points" : text.contains("*") ? "write the number with more room than Fortran had" : "write a number"
    return Mistake(cause: "\"\(excerpt(text))\" stands for a number of \(column.name)", cure: cure)
  }

  private mutating func takeElement(_ word: UnsafeRawBufferPointer) throws(Mistake) {
    let key = word.count == 1 ? Int(word[0]) : word.count == 2 ? Int(word[0]) | Int(word[1]) << 8 : 0
    let number = Int(Self.numbers[key])
    if number > 0 {
      labels?.append(String(decoding: word, as: UTF8.self))
      atomicNumbers.append(number)
      return
    }
    let text = String(decoding: word, as: UTF8.self)
    guard let element = ChemicalElement.reading(text) else { throw Self.noElement(text) }
    // A number or a symbol in other letters is not more than the element.
    let isLabel = Int(text) == nil && (text.lowercased() != element.symbol.lowercased())
    if isLabel && labels == nil { labels = atomicNumbers.map { ChemicalElement(atomicNumber: $0)!.symbol } }
    labels?.append(isLabel ? text : element.symbol)
    atomicNumbers.append(element.atomicNumber)
  }

  /// Atomic numbers by the two letters of a symbol.
  private static let numbers: [UInt8] = {
    var numbers = [UInt8](repeating: 0, count: 1 << 16)
    for (k, row) in ChemicalElement.table.enumerated() {
      let letters = Array(row.symbol.utf8)
      numbers[Int(letters[0]) | (letters.count == 2 ? Int(letters[1]) << 8 : 0)] = UInt8(k + 1)
    }
    return numbers
  }()

  static func noElement(_ text: String) -> Mistake {
    let letters = String(text.prefix { $0.isASCII && $0.isLetter }).uppercased()
    if ChemicalElement.dummies.contains(letters) || text == "0" {
      return Mistake(
        cause: "\"\(excerpt(text))\" is a dummy, not an atom",
        cure: "remove it (and count the atoms anew): a potential has nothing to say of it")
    }
    return Mistake(cause: "\"\(excerpt(text))\" is no element", cure: "write a symbol such as Si, or an atomic number from 1 to 118")
  }

  /// The structure of the atoms taken.
  func structure(_ cell: PeriodicCell?) -> AtomicStructure {
    var result = AtomicStructure(atomicNumbers: atomicNumbers, positions: positions, cell: cell)
    result.labels = labels
    for (k, column) in layout.columns.enumerated() where k != layout.species && k != layout.positions {
      let elements: PropertyValues.Elements =
        switch column.kind {
        case .text: .text(values[k].text)
        case .integer: .integers(values[k].integers)
        case .real: .reals(values[k].reals)
        case .logical: .logicals(values[k].logicals)
        }
      result.atomProperties.append(
        column.name, PropertyValues(elements, shape: column.width == 1 ? [result.count] : [result.count, column.width]))
    }
    return result
  }
}
