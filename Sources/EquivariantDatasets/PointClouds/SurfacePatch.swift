import DifferentiableTensors
import RealModule

/// A piece of a surface: an image of the unit square.
struct SurfacePatch: Sendable {
  /// The point of the parameters u, v in [0, 1].
  let map: @Sendable (_ u: Dual, _ v: Dual) -> [Dual]
  /// The number of the part that it belongs to.
  var part = 0

  init(_ map: @escaping @Sendable (_ u: Dual, _ v: Dual) -> [Dual]) { self.map = map }

  /// The point of the parameters, and ∂x/∂u × ∂x/∂v: a normal as long as the area that a unit of the parameters covers.
  func point(_ u: Double, _ v: Double) -> (point: SIMD3<Double>, normal: SIMD3<Double>) {
    let x = map(Dual(u, SIMD2(1, 0)), Dual(v, SIMD2(0, 1)))
    return (
      SIMD3(x[0].value, x[1].value, x[2].value),
      crossProduct(SIMD3(x[0].slope.x, x[1].slope.x, x[2].slope.x), SIMD3(x[0].slope.y, x[1].slope.y, x[2].slope.y))
    )
  }

  /// The same piece, moved.
  func moved(by shift: SIMD3<Double>) -> SurfacePatch {
    self.mapped { x in [shift.x + x[0], shift.y + x[1], shift.z + x[2]] }
  }

  /// The same piece with its axes in another, cyclic, order: z becomes x, x becomes y, y becomes z.
  var turned: SurfacePatch { mapped { [$0[2], $0[0], $0[1]] } }

  /// The same piece of another part.
  func ofPart(_ part: Int) -> SurfacePatch {
    var copy = self
    copy.part = part
    return copy
  }

  private func mapped(_ change: @escaping @Sendable ([Dual]) -> [Dual]) -> SurfacePatch {
    let map = self.map
    return SurfacePatch { change(map($0, $1)) }.ofPart(part)
  }
}

extension SurfacePatch {
  private static func angle(_ t: Dual) -> (cosine: Dual, sine: Dual) { ((2 * Double.pi * t).cosine, (2 * Double.pi * t).sine) }

  /// The part of an ellipsoid between two heights, given as shares of its half axis along z.
  static func ellipsoid(_ a: Double, _ b: Double, _ c: Double, heights: ClosedRange<Double> = -1...1) -> SurfacePatch {
    let (low, span) = (heights.lowerBound, heights.upperBound - heights.lowerBound)
    return SurfacePatch { u, v in
      let (cosine, sine) = angle(u)
      let z = low + span * v
      let r = (1 - z * z).squareRoot
      return [a * (r * cosine), b * (r * sine), c * z]
    }
  }

  /// The mantle of a cone about z between two heights, where it has the given radii; a cylinder where they are equal.
  static func mantle(radii: (Double, Double), heights: (Double, Double)) -> SurfacePatch {
    SurfacePatch { u, v in
      let (cosine, sine) = angle(u)
      let r = radii.0 + (radii.1 - radii.0) * v
      return [r * cosine, r * sine, heights.0 + (heights.1 - heights.0) * v]
    }
  }

  /// A disc across z, whose normal is z or -z.
  static func disc(radius: Double, height: Double, up: Bool) -> SurfacePatch {
    SurfacePatch { u, v in
      let (cosine, sine) = angle(up ? u : 1 - u)
      let r = radius * (1 - v).squareRoot
      return [r * cosine, r * sine, Dual(height)]
    }
  }

  /// A tube about an arc of a circle in the plane of x and z, of the given share of a turn about the direction of x.
  static func tube(ring: Double, radius: Double, turn: Double = 1) -> SurfacePatch {
    SurfacePatch { u, v in
      let (cosine, sine) = angle(v)
      let along = turn * u + Dual(-turn / 2)
      let r = ring + radius * cosine
      return [r * angle(along).cosine, -radius * sine, r * angle(along).sine]
    }
  }

  /// A tube about a helix around z.
  static func helix(ring: Double, radius: Double, turns: Double, pitch: Double) -> SurfacePatch {
    // Unit vectors across the helix: away from the axis, and along the binormal.
    let slope = pitch / (2 * Double.pi)
    let length = (ring * ring + slope * slope).squareRoot()
    return SurfacePatch { u, v in
      let (cosine, sine) = angle(turns * u)
      let (out, side) = (radius * angle(v).cosine, radius * angle(v).sine)
      let (down, up) = (slope / length, ring / length)
      return [
        (ring + out) * cosine + down * (side * sine), (ring + out) * sine - down * (side * cosine),
        (pitch * turns) * u + Dual(-pitch * turns / 2) + up * side,
      ]
    }
  }

  /// A strip with half a twist.
  static func moebius(ring: Double, width: Double) -> SurfacePatch {
    SurfacePatch { u, v in
      let (cosine, sine) = angle(u)
      let (half, across) = (angle(0.5 * u), width * (v + Dual(-0.5)))
      let r = ring + across * half.cosine
      return [r * cosine, r * sine, across * half.sine]
    }
  }

  /// A triangle with corners counter-clockwise where seen from outside.
  static func triangle(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> SurfacePatch {
    let (p, q) = (b - a, c - b)
    return SurfacePatch { u, v in
      // Uniform: the area that a unit of the parameters covers is the same everywhere.
      let r = u.squareRoot
      return (0..<3).map { a[$0] + r * (p[$0] + q[$0] * v) }
    }
  }

  /// The faces of a convex solid, each a polygon with corners counter-clockwise where seen from outside.
  static func faces(_ corners: [SIMD3<Double>], _ polygons: [[Int]]) -> [SurfacePatch] {
    polygons.flatMap { polygon in
      (1..<polygon.count - 1).map { triangle(corners[polygon[0]], corners[polygon[$0]], corners[polygon[$0 + 1]]) }
    }
  }

  /// A box about the origin with the given edges.
  static func box(_ x: Double, _ y: Double, _ z: Double) -> [SurfacePatch] {
    let corners = (0..<8).map { SIMD3(($0 & 1 == 0 ? -0.5 : 0.5) * x, ($0 & 2 == 0 ? -0.5 : 0.5) * y, ($0 & 4 == 0 ? -0.5 : 0.5) * z) }
    return faces(corners, [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]])
  }

  /// A closed cylinder about z.
  static func cylinder(radius: Double, height: Double) -> [SurfacePatch] {
    [
      mantle(radii: (radius, radius), heights: (-height / 2, height / 2)), disc(radius: radius, height: height / 2, up: true),
      disc(radius: radius, height: -height / 2, up: false),
    ]
  }

  /// A cylinder about z with half spheres at its ends.
  static func capsule(radius: Double, height: Double) -> [SurfacePatch] {
    [
      mantle(radii: (radius, radius), heights: (-height / 2, height / 2)),
      ellipsoid(radius, radius, radius, heights: 0...1).moved(by: SIMD3(0, 0, height / 2)),
      ellipsoid(radius, radius, radius, heights: -1...0).moved(by: SIMD3(0, 0, -height / 2)),
    ]
  }
}
