import GroupTheory

/// How the orientations of an ``OrientationGrid`` are chosen.
public enum OrientationRule: Sendable, Hashable, Codable {
  /// The published grid: random points on S² after 100 steps of geodesic repulsion. It is equivariant in the limit of many points only.
  case repulsion(Int)
  /// The minimum of repulsion on S² among sets that changes of signs of x, y, z leave as they are; the number of points is a multiple of 8.
  /// In the frame of its principal axes, a cloud sees such a grid the same way, whatever the signs of the axes are.
  case signSymmetric(Int)
  /// The same among sets that are symmetric under the inversion only, with an even number of points.
  case antipodal(Int)
  /// The same among unions of orbits of a point group, with a multiple of its order as the number of points.
  case orbits(Int, of: PointGroup)
  /// The vertices of a regular polyhedron.
  case polyhedron(SphericalQuadrature.Polyhedron)
  /// A spherical design.
  case design(degree: Int)
  /// A Lebedev rule.
  case lebedev(degree: Int)
  /// The Gauss-Legendre product rule.
  case gaussLegendre(degree: Int)
  /// Fibonacci's spiral.
  case fibonacci(Int)
  /// Equidistant directions in the plane, S¹.
  case circle(Int)
  /// The rotations of a point group without improper elements: 12 of T, 24 of O, 60 of I, as orientations in SO(3).
  case rotations(PointGroup)
  /// A Haar quadrature of SO(3), exact for irreps up to a degree.
  case haar(degree: Int)

  /// Whether orientations are directions, with what is orthogonal to them left free, and not whole frames.
  public var hasDirections: Bool {
    switch self {
    case .rotations, .haar: false
    default: true
    }
  }

  /// The dimension of space, 2 or 3.
  public var dimension: Int { if case .circle = self { 2 } else { 3 } }

  /// The points on S², or nil for other spaces.
  func spherePoints(using generator: inout some RandomNumberGenerator) -> SphericalQuadrature? {
    switch self {
    case .repulsion(let n): .geodesicRepulsion(count: n, using: &generator)
    case .signSymmetric(let n): .repulsion(count: n, under: OrthogonalElement.signFlips, using: &generator)
    case .antipodal(let n): .repulsion(count: n, under: [.identity, .inversion], using: &generator)
    case .orbits(let n, let group):
      .repulsion(count: n, under: group.elements.map { group.orthogonalElement(of: $0) }, using: &generator)
    case .polyhedron(let polyhedron): .polyhedron(polyhedron)
    case .design(let degree): .design(degree: degree)
    case .lebedev(let degree): .lebedev(degree: degree)
    case .gaussLegendre(let degree): .gaussLegendre(degree: degree)
    case .fibonacci(let n): .fibonacci(count: n)
    case .circle, .rotations, .haar: nil
    }
  }
}
