import DifferentiableTensors

/// Kinds of simple shapes, the classes of a small set to learn from.
public enum PrimitiveShape: String, CaseIterable, Sendable {
  /// A sphere, the only kind without parameters.
  case sphere
  /// An ellipsoid with three clearly different axes.
  case ellipsoid
  /// A torus.
  case torus
  /// A closed cylinder.
  case cylinder
  /// A closed circular cone.
  case cone
  /// A box.
  case box
  /// A pyramid on a rectangle.
  case pyramid
  /// A tetrahedron with corners moved at random.
  case tetrahedron
  /// A cylinder with half spheres at its ends.
  case capsule
  /// Half of an ellipsoid's surface, open.
  case bowl
  /// A tube about a helix.
  case helix
  /// A Möbius strip, whose normals have no orientation.
  case moebius

  /// Points of a shape of this kind with random proportions, upright about z and centred, the farthest at distance 1, with exact normals.
  /// The label is the place of the kind in `allCases`.
  public func sampled(_ count: Int, using generator: inout some RandomNumberGenerator) -> PointCloud {
    let label = Self.allCases.firstIndex(of: self)!
    return ParametricShape(patches: patches(using: &generator))
      .sampled(count, name: rawValue, label: label, hasParts: false, using: &generator)
  }

  func patches(using generator: inout some RandomNumberGenerator) -> [SurfacePatch] {
    func random(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
    }
    switch self {
    case .sphere: return [.ellipsoid(1, 1, 1)]
    case .ellipsoid:
      let middle = random(1.3...1.7)
      return [.ellipsoid(1, middle, middle * random(1.3...1.7))]
    case .torus: return [.tube(ring: 1, radius: random(0.15...0.5))]
    case .cylinder: return SurfacePatch.cylinder(radius: 1, height: random(0.6...5))
    case .cone:
      let height = random(1...3)
      return [.mantle(radii: (1, 0), heights: (0, height)), .disc(radius: 1, height: 0, up: false)]
    case .box: return SurfacePatch.box(1, random(0.4...1), random(0.4...2))
    case .pyramid:
      let (x, y) = (1.0, random(0.6...1))
      let corners = [SIMD3(-x, -y, 0), SIMD3(x, -y, 0), SIMD3(x, y, 0), SIMD3(-x, y, 0), SIMD3(0, 0, random(0.8...2.5))]
      return SurfacePatch.faces(corners, [[0, 3, 2, 1], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])
    case .tetrahedron:
      let corners = [SIMD3(1.0, 1, 1), SIMD3(-1.0, -1, 1), SIMD3(-1.0, 1, -1), SIMD3(1.0, -1, -1)].map { corner in
        corner + SIMD3(random(-0.3...0.3), random(-0.3...0.3), random(-0.3...0.3))
      }
      return SurfacePatch.faces(corners, [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    case .capsule: return SurfacePatch.capsule(radius: 1, height: random(0.8...5))
    case .bowl: return [.ellipsoid(1, 1, random(0.6...1.4), heights: -1...random(-0.2...0.2))]
    case .helix: return [.helix(ring: 1, radius: random(0.1...0.25), turns: random(1.5...4), pitch: random(0.7...1.2))]
    case .moebius: return [.moebius(ring: 1, width: random(0.4...0.9))]
    }
  }
}
