import RealModule
import Requirements

extension SphericalQuadrature {
  /// The product of a Gauss-Legendre rule in cos β and equal steps in α, about the polar axis y, exact to degree
  /// min(2 polar − 1, azimuthal − 1).
  ///
  /// The points are (sin β sin α, cos β, sin β cos α), with β running slowest and α = 2πj / azimuthal.
  public static func gaussLegendre(polar: Int, azimuthal: Int) -> SphericalQuadrature {
    require(azimuthal >= 1, "expected at least 1 azimuth, received \(azimuthal)")
    let rule = GaussLegendre(count: polar)
    let azimuths = (0..<azimuthal).map { 2 * .pi * Double($0) / Double(azimuthal) }.map { (Double.sin($0), Double.cos($0)) }
    var points: [SIMD3<Double>] = []
    var weights: [Double] = []
    for i in 0..<polar {
      for (sine, cosine) in azimuths {
        points.append(SIMD3(rule.sines[i] * sine, rule.cosines[i], rule.sines[i] * cosine))
        weights.append(rule.weights[i] / Double(2 * azimuthal))
      }
    }
    return SphericalQuadrature(points: points, weights: weights, exactnessDegree: min(2 * polar - 1, azimuthal - 1))
  }

  /// The smallest product rule exact to a degree: ⌈(degree + 1)/2⌉ polar angles by degree + 1 azimuths.
  public static func gaussLegendre(degree: Int) -> SphericalQuadrature {
    require(degree >= 0, "expected a degree of at least 0, received \(degree)")
    return gaussLegendre(polar: degree / 2 + 1, azimuthal: degree + 1)
  }
}
