import GroupTheory
import RealModule
import Requirements

/// A product grid on the sphere: Gauss-Legendre nodes in cos β and equispaced angles α about the polar axis y.
///
/// The point (i, j) is (sin βᵢ sin αⱼ, cos βᵢ, sin βᵢ cos αⱼ) with αⱼ = 2πj/n. Sums over the grid integrate harmonics of degree up to
/// min(2 latitudes − 1, longitudes − 1) exactly.
public struct SphereGrid: Sendable {
  /// The nodes in cos β, and their weights.
  public let latitudes: GaussLegendre
  /// The number of angles α.
  public let longitudes: Int

  /// A grid of the given size.
  public init(latitudes: Int, longitudes: Int) {
    require(latitudes >= 1 && longitudes >= 1, "a grid of at least 1×1 is expected, received \(latitudes)×\(longitudes)")
    self.latitudes = GaussLegendre(count: latitudes)
    self.longitudes = longitudes
  }

  /// The smallest grid from which signals of the given degree are recovered: (L + 1) × (2L + 1).
  public init(degree: Int) { self.init(latitudes: degree + 1, longitudes: 2 * degree + 1) }

  /// The smallest grid on which the product of two signals of degree L has the right coefficients up to degree 2L: (2L + 1) × (4L + 1).
  public init(productsOfDegree degree: Int) { self.init(latitudes: 2 * degree + 1, longitudes: 4 * degree + 1) }

  /// The angles αⱼ.
  public var azimuths: [Double] { (0..<longitudes).map { 2 * .pi * Double($0) / Double(longitudes) } }

  /// The points, latitude by latitude.
  public var points: [SIMD3<Double>] {
    zip(latitudes.cosines, latitudes.sines).flatMap { cosine, sine in
      azimuths.map { SIMD3(sine * Double.sin($0), cosine, sine * Double.cos($0)) }
    }
  }
}
