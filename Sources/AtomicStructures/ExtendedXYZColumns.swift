import FileFormats

/// The columns of the atoms of a frame, as its `Properties=name:type:columns:...` says: types S (text), I (whole numbers), R (numbers) and
/// L (truth values).
struct ExtendedXYZColumns {
  enum Kind { case text, integer, real, logical }

  struct Column {
    let name: String
    let kind: Kind
    let width: Int
  }

  /// What is wrong with the declaration.
  struct Mistake: Error { let cause, cure: String }

  /// The most properties of atoms.
  private static let limit = 2000

  let columns: [Column]
  /// The columns of the elements and of the positions.
  let species: Int
  let positions: Int
  /// The words of a line.
  let width: Int

  /// Symbols and positions, and what more there is.
  init(extra: [Kind] = []) {
    columns =
      [Column(name: "species", kind: .text, width: 1), Column(name: "pos", kind: .real, width: 3)]
      + extra.enumerated().map { Column(name: "column_\($0 + 5)", kind: $1, width: 1) }
    (species, positions, width) = (0, 1, 4 + extra.count)
  }

  init(_ declaration: String) throws(Mistake) {
    let parts = declaration.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let cure = "write Properties=species:S:1:pos:R:3 with a name, a type (S, I, R, L) and a number of columns for each"
    guard parts.count % 3 == 0, !declaration.isEmpty, parts.count <= 3 * Self.limit else {
      throw Mistake(cause: "Properties=\(excerpt(declaration)) is not a list of name:type:columns", cure: cure)
    }
    var columns: [Column] = []
    for k in stride(from: 0, to: parts.count, by: 3) {
      let kinds: [String: Kind] = ["S": .text, "I": .integer, "R": .real, "L": .logical]
      guard let kind = kinds[parts[k + 1].uppercased()] else {
        throw Mistake(cause: "the property \"\(excerpt(parts[k]))\" has the type \"\(excerpt(parts[k + 1]))\"", cure: cure)
      }
      guard let width = Int(parts[k + 2]), 1...100_000 ~= width else {
        throw Mistake(cause: "the property \"\(excerpt(parts[k]))\" has \"\(excerpt(parts[k + 2]))\" columns", cure: cure)
      }
      guard !columns.contains(where: { $0.name == parts[k] }) else {
        throw Mistake(cause: "the property \"\(excerpt(parts[k]))\" is declared twice", cure: "give each its own name")
      }
      columns.append(Column(name: parts[k], kind: kind, width: width))
    }
    func column(_ names: [String], _ accept: (Column) -> Bool) -> Int? {
      for name in names { if let k = columns.firstIndex(where: { $0.name.lowercased() == name && accept($0) }) { return k } }
      return nil
    }
    let symbols = column(["species", "element", "elements", "symbols", "symbol"]) {
      ($0.kind == .text || $0.kind == .integer) && $0.width == 1
    }
    let numbers = column(["z", "numbers", "atomic_numbers", "number", "atomic_number"]) { $0.kind == .integer && $0.width == 1 }
    guard let species = symbols ?? numbers else {
      throw Mistake(
        cause: "Properties declares no elements (there are \(columns.map(\.name).joined(separator: ", ")))",
        cure: "give a column species:S:1 of symbols or Z:I:1 of atomic numbers")
    }
    guard let positions = column(["pos", "positions", "position"], { $0.kind == .real && $0.width == 3 }) else {
      throw Mistake(
        cause: "Properties declares no positions (there are \(columns.map(\.name).joined(separator: ", ")))", cure: "give columns pos:R:3")
    }
    (self.columns, self.species, self.positions) = (columns, species, positions)
    width = columns.reduce(0) { $0 + $1.width }
  }
}
