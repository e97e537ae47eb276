import RealModule
import Requirements

/// How another program writes spherical harmonics by default: axes, order, scale and phase.
///
/// Its harmonics of one degree at a point r are a matrix times those of this library at the same point with its axes renamed,
///
///     theirs(r) = matrix(degree: l) · Y(axes * r),
///
/// with Y in the normalisation ``SphericalHarmonics/Normalization/integral``. Programs with real harmonics need a permutation and a scale,
/// and scipy needs a unitary matrix. Where vectors of coefficients are exchanged and the coordinates of space must stay, Y(axes * r) =
/// D(axes) Y(r):
///
/// ```swift
/// let convention = HarmonicConvention.sphericart
/// let change = convention.matrix(degree: 2).real * WignerD.real(degree: 2, of: convention.axes)   // theirs(r) = change · Y(r)
/// ```
///
/// The orders of a degree run −l ... l, except for e3x.
public enum HarmonicConvention: String, Sendable, CaseIterable {
  /// `SphericalHarmonics` of cuEquivariance: polar axis y, Σₘ Y² = 2l + 1.
  case cuEquivariance
  /// `e3x.so3.spherical_harmonics`: polar axis z, Σₘ Y² = 1 (Racah), and the orders l, −l, l − 1, 1 − l, ..., 0 ("Cartesian order").
  case e3x
  /// `scipy.special.sph_harm_y`: complex, polar axis z, with the Condon-Shortley sign, orthonormal.
  case scipy
  /// `SphericalHarmonics` of sphericart: polar axis z, orthonormal.
  case sphericart

  /// The rotation that takes a point to the one at which the harmonics of this library are those of the program: the identity, or
  /// (x, y, z) ↦ (y, z, x) where the polar axis is z.
  public var axes: Rotation3 {
    self == .cuEquivariance ? .identity : Rotation3(normalizing: 0.5, -0.5, -0.5, -0.5)
  }

  /// The matrix from the harmonics of this library, orthonormal and with orders −l ... l, to those of the program, as real and imaginary
  /// part: (2l + 1) × (2l + 1) each, the imaginary one 0 for real harmonics.
  public func matrix(degree l: Int) -> (real: Matrix<Double>, imaginary: Matrix<Double>) {
    changeOfBasis(degree: l, scale: scale(degree: l))
  }

  /// The inverse of ``matrix(degree:)``: from the harmonics of the program to those of this library.
  public func inverseMatrix(degree l: Int) -> (real: Matrix<Double>, imaginary: Matrix<Double>) {
    let (real, imaginary) = changeOfBasis(degree: l, scale: 1 / scale(degree: l))
    return (real.transposed, -1 * imaginary.transposed)
  }

  /// A unitary matrix times a scale.
  private func changeOfBasis(degree l: Int, scale: Double) -> (real: Matrix<Double>, imaginary: Matrix<Double>) {
    require(l >= 0, "expected a degree of at least 0, received \(l)")
    var (real, imaginary) = (Matrix<Double>(zeros: 2 * l + 1, 2 * l + 1), Matrix<Double>(zeros: 2 * l + 1, 2 * l + 1))
    for m in -l...l {
      switch self {
      case .cuEquivariance, .sphericart: real[l + m, l + m] = scale
      case .e3x: real[m > 0 ? 2 * (l - m) : 2 * (l + m) + (m < 0 ? 1 : 0), l + m] = scale
      case .scipy:
        for part in WignerD.complexHarmonic(order: m) {
          real[l + m, l + part.order] = scale * part.real
          imaginary[l + m, l + part.order] = scale * part.imaginary
        }
      }
    }
    return (real, imaginary)
  }

  /// Their scale for one real harmonic of ours.
  private func scale(degree l: Int) -> Double {
    switch self {
    case .cuEquivariance: Double.sqrt(4 * .pi)
    case .e3x: Double.sqrt(4 * .pi / Double(2 * l + 1))
    case .scipy, .sphericart: 1
    }
  }
}
