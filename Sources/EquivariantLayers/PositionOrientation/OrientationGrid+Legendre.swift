import DifferentiableTensors
import Requirements

/// Kernels with a band limit: polynomials of the orientation up to a degree L, of which a quadrature on the grid loses nothing.
extension OrientationGrid {
  /// The solid Legendre polynomials |s|ˡ P_l(ŝ·o) of s = r/√(1 + |r|²) for l = 0 ... `degree`: polynomials of degree l in the orientation
  /// o, smooth everywhere in r, at r = 0 too, where all but the first vanish.
  ///
  /// - Parameters:
  ///   - r: [pairs, 3]
  ///   - degree: L
  /// - Returns: [pairs, n, L + 1]
  public func solidLegendre(_ r: Tensor<Scalar>, degree: Int) -> Tensor<Scalar> {
    let s = r * (r.squaredNorm(keepingDimensions: true) + 1).power(-0.5)
    let cosines = Tensor.matmul(s, directions, transposingSecond: true)
    return Self.legendre(cosines, squared: s.squaredNorm(keepingDimensions: true), degree: degree)
  }

  /// (2l + 1) P_l(p·o) for l = 0 ... `degree`: with quadrature weights that are exact to degree 2L, each is the projection of functions of
  /// degree L to those of degree l.
  /// - Returns: [n, n, L + 1]
  public func zonalBasis(degree: Int) -> Tensor<Scalar> {
    let cosines = Tensor.matmul(directions, directions, transposingSecond: true)
    return Self.legendre(cosines, squared: .ones(cosines.shape), degree: degree) * Tensor((0...degree).map { Scalar(2 * $0 + 1) })
  }

  /// The projection of functions on the grid to harmonics up to a degree, Σ_l (2l + 1) P_l(p·o) w_o, [n, n].
  public func harmonicProjection(degree: Int) -> Tensor<Scalar> { zonalBasis(degree: degree).sum(axis: 2) * weights }

  /// Whether the weights integrate products of two harmonics up to a degree, so that ``harmonicProjection(degree:)`` is a projection, P² =
  /// P (to 10⁻⁵).
  public func isExact(forProductsOfDegree degree: Int) -> Bool {
    let projection = harmonicProjection(degree: degree)
    return (Tensor.matmul(projection, projection) - projection).absolute().max().item < 1e-5
  }

  /// The directions, [n, 3].
  private var directions: Tensor<Scalar> {
    require(axesPerOrientation == 1 && dimension == 3, "directions in space are expected, received axes \(axes.shape)")
    return axes.reshaped(count, 3)
  }

  /// ρˡ P_l(z/ρ) by Bonnet's recursion, l on a new innermost axis.
  private static func legendre(_ z: Tensor<Scalar>, squared: Tensor<Scalar>, degree: Int) -> Tensor<Scalar> {
    var values = [Tensor.ones(z.shape), z]
    for l in stride(from: 2, through: degree, by: 1) {
      let (a, b) = (Scalar(2 * l - 1) / Scalar(l), Scalar(l - 1) / Scalar(l))
      values.append(z * values[l - 1] * a - squared * values[l - 2] * b)
    }
    return .stacked(Array(values.prefix(degree + 1)), axis: 2)
  }
}
