import FileFormats
import MessagePassing

extension AtomicStructure {
  /// The structure as a POSCAR of VASP 5: atoms in their order, a new group where the element changes; flags of "selective_dynamics" and
  /// Cartesian "velocities" (Å/fs) where there are such properties.
  /// - Parameters:
  ///   - comment: the first line; the property "comment" or the formula where it is nil.
  ///   - direct: positions as coordinates in the cell instead of Cartesian ones.
  /// - Throws: `FileFormatError` of kind `unsupported` for a structure without a cell, and for direct coordinates in one without volume.
  public func poscar(comment: String? = nil, direct: Bool = false) throws(FileFormatError) -> [UInt8] {
    func unsupported(_ cause: String, _ cure: String) -> FileFormatError {
      FileFormatError(.unsupported, path: "", cause: cause, cure: cure)
    }
    guard let cell else { throw unsupported("a POSCAR needs a cell, and the structure has none", "put the molecule into a box") }
    guard count > 0 else { throw unsupported("a POSCAR needs atoms, and the structure has none", "leave it out") }
    var groups: [(symbol: String, count: Int)] = []
    for (atom, z) in atomicNumbers.enumerated() {
      guard let element = ChemicalElement(atomicNumber: z) else {
        throw unsupported("atom \(atom) has the atomic number \(z)", "give numbers from 1 to 118")
      }
      if groups.last?.symbol == element.symbol { groups[groups.count - 1].count += 1 } else { groups.append((element.symbol, 1)) }
    }
    let (a, b, c) = (cell.vectors[0], cell.vectors[1], cell.vectors[2])
    let determinant = Self.dot(a, Self.cross(b, c))
    guard !direct || determinant != 0 else {
      throw unsupported("coordinates in a cell without volume do not exist", "write Cartesian positions")
    }
    func row(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }
    let title = comment ?? properties["comment"]?.text?.first ?? formula
    var text = title.split { $0.isNewline }.joined(separator: " ") + "\n1.0\n"
    text += cell.vectors.map { row($0) + "\n" }.joined()
    text += groups.map(\.symbol).joined(separator: " ") + "\n" + groups.map { "\($0.count)" }.joined(separator: " ") + "\n"
    let flags = atomProperties["selective_dynamics"].flatMap { $0.shape == [count, 3] ? $0.logicals : nil }
    text += (flags == nil ? "" : "Selective dynamics\n") + (direct ? "Direct\n" : "Cartesian\n")
    for (i, p) in positions.enumerated() {
      let place =
        direct
        ? SIMD3(Self.dot(p, Self.cross(b, c)), Self.dot(p, Self.cross(c, a)), Self.dot(p, Self.cross(a, b))) / determinant : p
      text += row(place) + (flags.map { " " + $0[3 * i..<3 * i + 3].map { $0 ? "T" : "F" }.joined(separator: " ") } ?? "") + "\n"
    }
    if let velocities = atomProperties["velocities"]?.vectors {
      text += "\n" + velocities.map { row($0) + "\n" }.joined()
    }
    return Array(text.utf8)
  }

  static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
