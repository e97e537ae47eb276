import RealModule
import Requirements

extension SphericalQuadrature {
  /// The five regular polyhedra, by their vertices.
  public enum Polyhedron: String, Sendable, CaseIterable, Codable {
    /// 4 vertices, exact to degree 2.
    case tetrahedron
    /// 6 vertices, exact to degree 3.
    case octahedron
    /// 8 vertices, exact to degree 3.
    case cube
    /// 12 vertices, exact to degree 5.
    case icosahedron
    /// 20 vertices, exact to degree 5.
    case dodecahedron
  }

  /// The vertices of a regular polyhedron with equal weights; symmetric under ``PointGroup/td``, ``PointGroup/oh`` (octahedron, cube) or
  /// ``PointGroup/ih`` as embedded in O(3).
  public static func polyhedron(_ polyhedron: Polyhedron) -> SphericalQuadrature {
    let golden = (1 + Double.sqrt(5)) / 2
    func cyclic(_ a: Double, _ b: Double, _ c: Double) -> [SIMD3<Double>] {
      let images = [SIMD3(a, b, c), SIMD3(a, b, -c), SIMD3(a, -b, c), SIMD3(a, -b, -c)]
      return images.flatMap { [$0, SIMD3($0.z, $0.x, $0.y), SIMD3($0.y, $0.z, $0.x)] }
    }
    let cube = [1.0, -1].flatMap { x in [1.0, -1].flatMap { y in [1.0, -1].map { SIMD3(x, y, $0) } } }
    let (points, degree): ([SIMD3<Double>], Int) =
      switch polyhedron {
      case .tetrahedron: ([SIMD3(1, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1)], 2)
      case .octahedron:
        ([SIMD3(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1)], 3)
      case .cube: (cube, 3)
      case .icosahedron: (cyclic(0, 1, golden), 5)
      case .dodecahedron: (cube + cyclic(0, golden, 1 / golden), 5)
      }
    var seen: [SIMD3<Double>] = []
    for point in points.map(normalized) where !seen.contains(point) { seen.append(point) }
    return SphericalQuadrature(equallyWeighted: seen, exactnessDegree: degree)
  }

  /// The largest degree of ``design(degree:)``.
  public static let largestDesignDegree = 21

  /// A spherical design: equally weighted points exact to at least `degree` ≤ 21, the ``exactnessDegree`` being the next odd degree.
  ///
  /// The designs are antipodal sets of 6, 12, 32, 48, 70, 94, 122, 156, 192 and 234 points for the degrees 3, 5, ... 21, computed to full
  /// double precision by `Scripts/spherical_designs.py`; the first two are the octahedron and the icosahedron.
  public static func design(degree: Int) -> SphericalQuadrature {
    let own = max(degree, 3) | 1
    guard degree >= 0, let angles = sphericalDesignAngles(degree: own) else {
      fatalError("expected a degree in 0...\(largestDesignDegree), received \(degree)")
    }
    let half = stride(from: 0, to: angles.count, by: 2).map { i in
      let (sine, cosine) = (Double.sin(angles[i]), Double.cos(angles[i]))
      return SIMD3(sine * Double.cos(angles[i + 1]), sine * Double.sin(angles[i + 1]), cosine)
    }
    return SphericalQuadrature(equallyWeighted: half + half.map { -$0 }, exactnessDegree: own)
  }

  /// The Fibonacci set: y = 1 − (2k+1)/n, turning by the golden angle from point to point. It is nearly uniform for every n, and exact for
  /// constants only. Source: R. Swinbank and R. J. Purser, Q. J. R. Meteorol. Soc. 132 (2006) 1769.
  public static func fibonacci(count: Int) -> SphericalQuadrature {
    require(count >= 1, "expected at least 1 point, received \(count)")
    let goldenAngle = .pi * (3 - Double.sqrt(5))
    let points = (0..<count).map { k in
      let y = 1 - Double(2 * k + 1) / Double(count)
      let (radius, angle) = (Double.sqrt(1 - y * y), goldenAngle * Double(k))
      return SIMD3(radius * Double.sin(angle), y, radius * Double.cos(angle))
    }
    return SphericalQuadrature(equallyWeighted: points, exactnessDegree: 0)
  }
}

/// v / |v|.
func normalized(_ v: SIMD3<Double>) -> SIMD3<Double> { v / Double.sqrt((v * v).sum()) }
