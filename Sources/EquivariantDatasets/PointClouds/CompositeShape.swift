import DifferentiableTensors

/// Kinds of objects made of parts, which are to be told apart point by point.
///
/// Where parts meet, points of one may lie a little way inside another.
public enum CompositeShape: String, CaseIterable, Sendable {
  /// A body and a handle.
  case mug
  /// A foot, a stem and a shade.
  case lamp
  /// A top and four legs.
  case table
  /// A body, wings and a tail.
  case airplane
  /// A bar and two weights.
  case dumbbell

  /// The names of this kind's parts.
  public var parts: [String] {
    switch self {
    case .mug: ["mug body", "mug handle"]
    case .lamp: ["lamp foot", "lamp stem", "lamp shade"]
    case .table: ["table top", "table legs"]
    case .airplane: ["airplane body", "airplane wings", "airplane tail"]
    case .dumbbell: ["dumbbell bar", "dumbbell weights"]
    }
  }

  /// The names of the parts of all kinds, numbered by their places.
  public static let allParts = allCases.flatMap(\.parts)

  /// Points of an object of this kind with random proportions, upright about z and centred, the farthest at distance 1, with exact normals
  /// and the number of each point's part in ``allParts``. The label is the place of the kind in `allCases`.
  public func sampled(_ count: Int, using generator: inout some RandomNumberGenerator) -> PointCloud {
    let label = Self.allCases.firstIndex(of: self)!
    let firstPart = Self.allCases[..<label].reduce(0) { $0 + $1.parts.count }
    let patches = pieces(using: &generator).enumerated().flatMap { part, pieces in pieces.map { $0.ofPart(firstPart + part) } }
    return ParametricShape(patches: patches).sampled(count, name: rawValue, label: label, hasParts: true, using: &generator)
  }

  /// The pieces of each part.
  private func pieces(using generator: inout some RandomNumberGenerator) -> [[SurfacePatch]] {
    func random(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
    }
    func moved(_ pieces: [SurfacePatch], _ x: Double, _ y: Double, _ z: Double) -> [SurfacePatch] {
      pieces.map { $0.moved(by: SIMD3(x, y, z)) }
    }
    switch self {
    case .mug:
      let (height, ring) = (random(1.6...3), random(0.4...0.6))
      return [
        [.mantle(radii: (random(0.8...1), 1), heights: (-height / 2, height / 2)), .disc(radius: 0.9, height: -height / 2, up: false)],
        moved([.tube(ring: ring, radius: random(0.08...0.15), turn: 0.5)], 0.95, 0, 0),
      ]
    case .lamp:
      let (height, foot, low) = (random(1.5...3), random(0.4...0.8), random(0.6...1))
      return [
        SurfacePatch.cylinder(radius: foot, height: 0.15), moved(SurfacePatch.cylinder(radius: 0.06, height: height), 0, 0, height / 2),
        [.mantle(radii: (low, low * random(0.3...0.7)), heights: (height - 0.2, height + random(0.5...0.9)))],
      ]
    case .table:
      let (x, y, height) = (random(1.2...2.4), random(0.8...1.4), random(0.6...1.2))
      let leg = random(0.04...0.1)
      return [
        moved(SurfacePatch.box(x, y, 0.1), 0, 0, height + 0.05),
        [(-1.0, -1.0), (-1, 1), (1, -1), (1, 1)].flatMap { side in
          moved(SurfacePatch.cylinder(radius: leg, height: height), side.0 * (x / 2 - leg), side.1 * (y / 2 - leg), height / 2)
        },
      ]
    case .airplane:
      let (length, span, chord) = (random(2...3.5), random(2...3.6), random(0.35...0.6))
      let tail = -length / 2
      return [
        SurfacePatch.capsule(radius: random(0.15...0.3), height: length).map(\.turned),
        moved(SurfacePatch.box(chord, span, 0.06), 0.1, 0, 0),
        moved(SurfacePatch.box(0.7 * chord, 0.35 * span, 0.05), tail, 0, 0.05)
          + moved(SurfacePatch.box(0.7 * chord, 0.05, random(0.5...0.8)), tail, 0, 0.4),
      ]
    case .dumbbell:
      let (length, weight) = (random(1.2...2.5), random(0.35...0.7))
      let ends =
        Bool.random(using: &generator)
        ? [SurfacePatch.ellipsoid(weight, weight, weight)] : SurfacePatch.cylinder(radius: weight, height: weight)
      return [
        SurfacePatch.cylinder(radius: random(0.1...0.18), height: length), moved(ends, 0, 0, length / 2) + moved(ends, 0, 0, -length / 2),
      ]
    }
  }
}
