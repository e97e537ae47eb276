import RealModule

/// The characters of all irreps of a ``SchoenfliesGroup`` by classes, as chemists write them.
public struct CharacterTable: Sendable, CustomStringConvertible {
  /// The group.
  public let group: SchoenfliesGroup
  /// The classes: names such as "2C3", and their elements.
  public let classes: [(name: String, elements: [Int])]
  /// The irreps, one row each.
  public let irreps: [MullikenIrrep]
  /// `characters[irrep][class]`.
  public let characters: [[Double]]

  init(_ group: SchoenfliesGroup) {
    self.group = group
    classes = group.storage.classes
    irreps = group.irreps
    characters = group.irreps.map { irrep in group.storage.classes.map { irrep.character(of: $0.elements[0]) } }
  }

  /// The character of an irrep at a class by their names; nil where there is no such name.
  public subscript(irrep: String, name: String) -> Double? {
    guard let row = irreps.firstIndex(where: { $0.description == irrep }), let column = classes.firstIndex(where: { $0.name == name })
    else {
      return nil
    }
    return characters[row][column]
  }

  /// The table with aligned columns; characters that are not whole numbers are given with three decimals.
  public var description: String {
    func text(_ x: Double) -> String {
      if x == x.rounded() { return "\(Int(x))" }
      let thousandths = Int((x.magnitude * 1000).rounded())
      let decimals = "\(thousandths % 1000)"
      return "\(x < 0 ? "-" : "")\(thousandths / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals
    }
    var rows = [[group.description] + classes.map(\.name)]
    for (irrep, row) in zip(irreps, characters) { rows.append([irrep.description] + row.map(text)) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      row.indices.map { k in
        let padding = String(repeating: " ", count: widths[k] - row[k].count)
        return k == 0 ? row[k] + padding : padding + row[k]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension SchoenfliesGroup {
  /// The characters of all irreps by classes.
  public var characterTable: CharacterTable { CharacterTable(self) }
}
