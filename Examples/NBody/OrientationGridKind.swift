import Equivariant

/// The kinds of sets of orientations.
enum OrientationGridKind: String, CaseIterable, SettingValue {
  case repulsion, antipodal
  case signSymmetric = "sign-symmetric"
  case polyhedron, design

  func rule(_ count: Int) -> OrientationRule {
    switch self {
    case .repulsion: .repulsion(count)
    case .antipodal: .antipodal(count)
    case .signSymmetric: .signSymmetric(count)
    case .polyhedron: .polyhedron(Self.polyhedra[count]!)
    case .design: .design(degree: Self.designs[count]!)
    }
  }

  private static let polyhedra: [Int: SphericalQuadrature.Polyhedron] = [
    4: .tetrahedron, 6: .octahedron, 8: .cube, 12: .icosahedron, 20: .dodecahedron,
  ]
  /// The number of points of the smallest design that is exact to degree 3L, or else to 2L; nil if none is for this L.
  static func designSize(forBandLimit limit: Int) -> Int? {
    guard (1...6).contains(limit) else { return nil }
    func size(_ degree: Int) -> Int? { designs.filter { $0.value >= degree }.keys.min() }
    return size(3 * limit) ?? size(2 * limit)
  }

  /// The degrees of spherical designs by the number of their points.
  private static let designs = [6: 3, 12: 5, 32: 7, 48: 9, 70: 11, 94: 13]

  /// Why there is no such grid with the given number of points; nil if there is.
  func objection(to count: Int) -> String? {
    switch self {
    case .repulsion: count < 1 ? "a positive number of orientations is expected" : nil
    case .antipodal: count < 2 || count % 2 != 0 ? "an even number of orientations is expected" : nil
    case .signSymmetric: count < 8 || count % 8 != 0 ? "a multiple of 8 orientations is expected" : nil
    case .polyhedron: Self.polyhedra[count] == nil ? "4, 6, 8, 12 or 20 orientations are expected" : nil
    case .design: Self.designs[count] == nil ? "6, 12, 32, 48, 70 or 94 orientations are expected" : nil
    }
  }
}
