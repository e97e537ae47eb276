import Requirements

/// The polyhedral point groups, by their Schoenflies symbols: rotations of the tetrahedron (T), octahedron (O) and icosahedron (I), their
/// products with the inversion (T_h, O_h, I_h), and all symmetries of the tetrahedron (T_d).
///
/// An element is its index in ``elements``; products are looked up in a table, so they are exact. ``orthogonalElement(of:)`` embeds the
/// group in O(3): two-fold axes of T and I and four-fold axes of O along x, y, z; three-fold axes along (±1, ±1, ±1); the icosahedron's
/// vertices along (0, ±1, ±φ) and its cyclic shifts.
public enum PointGroup: String, FiniteGroup, CaseIterable, Codable, CustomStringConvertible {
  /// T: the 12 rotations of the tetrahedron.
  case t = "T"
  /// O: the 24 rotations of the octahedron and the cube.
  case o = "O"
  /// I: the 60 rotations of the icosahedron and the dodecahedron.
  case i = "I"
  /// T_h: T and the inversion, 24 elements.
  case th = "Th"
  /// T_d: rotations and reflections of the tetrahedron, 24 elements.
  case td = "Td"
  /// O_h: O and the inversion, 48 elements.
  case oh = "Oh"
  /// I_h: I and the inversion, 120 elements.
  case ih = "Ih"

  /// The rotation parts det(g) g, a group onto which g ↦ det(g) g is a homomorphism.
  var rotations: PolyhedralRotations {
    switch self {
    case .t, .th: .tetrahedral
    case .o, .oh, .td: .octahedral
    case .i, .ih: .icosahedral
    }
  }

  /// Whether the inversion −1 is an element.
  public var containsInversion: Bool { self == .th || self == .oh || self == .ih }

  /// 0.
  public var identity: Int { 0 }

  /// The product ab, b first, from the table.
  public func product(_ a: Int, _ b: Int) -> Int {
    let (table, n) = (rotations, rotations.order)
    check(a)
    check(b)
    return table.product(a % n, b % n) + n * ((a / n) ^ (b / n))
  }

  /// The inverse, from the table.
  public func inverse(of a: Int) -> Int {
    check(a)
    let n = rotations.order
    return rotations.inverses[a % n] + n * (a / n)
  }

  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<order, using: &generator) }

  /// 12, 24, 60, 24, 24, 48 or 120.
  public var order: Int { rotations.order * (containsInversion ? 2 : 1) }

  /// 0..<order: the rotations first; with the inversion, g and −g stand half the order apart.
  public var elements: [Int] { Array(0..<order) }

  /// a itself.
  public func index(of a: Int) -> Int {
    check(a)
    return a
  }

  /// Generators of the rotation parts, and the inversion if the group contains it.
  public var generators: [Int] { rotations.generators + (containsInversion ? [rotations.order] : []) }

  /// The orthogonal map of ℝ³ that the element stands for: the embedding in O(3).
  public func orthogonalElement(of a: Int) -> OrthogonalElement {
    check(a)
    let r = a % rotations.order
    // T_d holds the rotations of T and, for the others of O, their products with the inversion.
    let improper = self == .td ? rotations.permutations[r].sign < 0 : a >= rotations.order
    return OrthogonalElement(rotations.rotations[r], isImproper: improper)
  }

  /// The Schoenflies symbol, "Oh".
  public var description: String { rawValue }

  private func check(_ a: Int) {
    require(a >= 0 && a < order, "expected an element of 0..<\(order), received \(a)")
  }
}
