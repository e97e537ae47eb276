import ArgumentParser
import Equivariant
import ExampleSupport

/// What PONITA has of its own.
struct PonitaOptions: Codable, Equatable {
  var basis = 64
  var orientations = 16
  var grid = OrientationGridKind.signSymmetric
  var pose = PONITA<Float>.Configuration.Pose.principalAxes
  var layerScale: Double?
  /// Degree of functions of the orientation; nil for functions without a band limit.
  var bandLimit: Int?
  /// Whether the grid is turned at random for each sample in training.
  var turns = false

  func network(hidden: Int, layers: Int) -> PONITA<Float>.Configuration {
    var c = PONITA<Float>.Configuration()
    (c.hidden, c.layers, c.basis, c.layerScale, c.pose) = (hidden, layers, basis, layerScale, pose)
    c.space = .bundle(grid.rule(orientations))
    c.bandLimit = bandLimit
    return c
  }

  /// Sets a band limit and, where they are not given, a basis and a grid that go with it.
  mutating func limit(to degree: Int, basis: Int?, grid: OrientationGridKind?, orientations: Int?) {
    bandLimit = degree
    guard let count = OrientationGridKind.designSize(forBandLimit: degree) else { return }
    if basis == nil { self.basis = max(1, self.basis / (degree + 1)) * (degree + 1) }
    if grid == nil {
      self.grid = .design
      if orientations == nil { self.orientations = count }
    }
  }

  /// Why there is no network with these settings, or nil.
  var objection: String? {
    if let objection = countObjection([("basis", basis, 1...16_384), ("orientations", orientations, 1...1000)]) { return objection }
    if let objection = grid.objection(to: orientations) { return "--orientations \(orientations) of --grid \(grid.rawValue): \(objection)" }
    guard let bandLimit else { return nil }
    guard let count = OrientationGridKind.designSize(forBandLimit: bandLimit) else {
      return "--band-limit must be at least 1 and at most 6, not \(bandLimit)"
    }
    guard basis % (bandLimit + 1) == 0 else {
      return "--basis must be a multiple of \(bandLimit + 1) for --band-limit \(bandLimit), not \(basis)"
    }
    var generator = RandomSource(seed: 1)
    guard OrientationGrid<Float>(grid.rule(orientations), using: &generator).isExact(forProductsOfDegree: bandLimit) else {
      return "--orientations \(orientations) of --grid \(grid.rawValue) do not integrate what --band-limit \(bandLimit) takes: "
        + "give --grid design --orientations \(count)"
    }
    return nil
  }
}

/// Sets of orientations.
enum OrientationGridKind: String, Codable, CaseIterable, ExpressibleByArgument {
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
  /// The points of the smallest design that is exact to degree 3L, or else 2L; nil for an L that none is enough for.
  static func designSize(forBandLimit limit: Int) -> Int? {
    guard (1...6).contains(limit) else { return nil }
    func size(_ degree: Int) -> Int? { designs.filter { $0.value >= degree }.keys.min() }
    return size(3 * limit) ?? size(2 * limit)
  }

  /// Degrees of spherical designs by the number of their points.
  private static let designs = [6: 3, 12: 5, 32: 7, 48: 9, 70: 11, 94: 13]

  /// Why there is no such grid of so many points, or nil.
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

extension PONITA<Float>.Configuration.Pose: ExpressibleByArgument {}

/// What learned steps of phase space have of their own.
struct FlowOptions: Codable, Equatable {
  /// Linear layers of the network of a pair.
  var depth = 3
  /// Features of a body.
  var nodeFeatures = 16
  /// Whether all steps have the same weights.
  var sharesWeights = false

  func network(hidden: Int, steps: Int) -> GalileanFlow<Float>.Configuration {
    .init(hidden: hidden, depth: depth, nodeFeatures: nodeFeatures, steps: steps, sharesWeights: sharesWeights)
  }
}
