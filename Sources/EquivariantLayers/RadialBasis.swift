import DifferentiableTensors
import Requirements

/// Radial basis functions of a length r on an interval [a, b], from [...] to [..., count]. All derivatives are finite everywhere, even at r
/// = 0.
///
/// `gaussian`, `cosine`, `smoothFinite`, `fourier` and `bessel` are those of e3nn's `soft_one_hot_linspace`, with the same scale: except
/// for `bessel`, the squares of the values at a random r in the interval add up to about 1.
public struct RadialBasis: Sendable {
  /// A family of functions, in terms of tᵢ = (r − cᵢ)/h with equispaced centres cᵢ of distance h.
  public enum Family: String, Sendable, CaseIterable {
    /// exp(−tᵢ²) / 1.12.
    case gaussian
    /// cos(πtᵢ/2) for |tᵢ| < 1, whose first derivative jumps.
    case cosine
    /// 1.14136 e² exp(−1/(1 + tᵢ) − 1/(1 − tᵢ)) for |tᵢ| < 1, smooth everywhere.
    case smoothFinite
    /// cos(πnu) for n = 0, 1, ..., or sin(πnu) for n = 1, 2, ... if it vanishes outside; divided by √(¼ + count/2), with u = (r − a)/(b −
    /// a).
    case fourier
    /// √(2/(b − a)) sin(nπu)/(r − a), n = 1, 2, ... (Gasteiger et al. 2020).
    case bessel
    /// Chebyshev polynomials Tₙ(2u − 1), n = 0, 1, ...
    case chebyshev
  }

  /// The family of the functions.
  public let family: Family
  /// The interval a ... b.
  public let interval: ClosedRange<Double>
  /// The number of functions.
  public let count: Int
  /// Whether the functions are 0 outside of the interval, and the centres exclude its ends.
  public let vanishesOutside: Bool

  /// - Parameters:
  ///   - family: the family of the functions.
  ///   - interval: the interval a ... b, of positive length.
  ///   - count: the number of functions, at least 1; at least 2 for families with centres if they do not vanish outside.
  ///   - vanishesOutside: whether the functions are 0 outside of the interval (nearly so for `gaussian`).
  public init(_ family: Family, on interval: ClosedRange<Double>, count: Int, vanishesOutside: Bool = true) {
    require(interval.upperBound > interval.lowerBound, "expected an interval of positive length, received \(interval)")
    let least = vanishesOutside || [.fourier, .bessel, .chebyshev].contains(family) ? 1 : 2
    require(count >= least, "expected at least \(least) functions, received \(count)")
    (self.family, self.interval, self.count, self.vanishesOutside) = (family, interval, count, vanishesOutside)
  }

  /// The values at lengths r.
  public func callAsFunction<Scalar: TensorScalar>(_ r: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = r.expandingAxis(r.rank) - Scalar(interval.lowerBound)
    let length = interval.upperBound - interval.lowerBound
    let numbers = Tensor<Scalar>((0..<count).map { Scalar(family == .bessel || vanishesOutside ? $0 + 1 : $0) })
    let u = x * Scalar(1 / length)
    switch family {
    case .gaussian: return (-offsets(u).squared()).exp() * Scalar(1 / 1.12)
    case .cosine:
      let t = offsets(u)
      return (t * Scalar(0.5 * Double.pi)).cos() * (t.detached.absolute() .< 1)
    case .smoothFinite:
      let t = offsets(u)
      return softStep(t + 1) * softStep(1 - t) * Scalar(1.14136 * 7.38905609893065)
    case .fourier:
      let phase = u * (numbers * Scalar.pi)
      return masked(vanishesOutside ? phase.sin() : phase.cos(), u) * Scalar(1 / (0.25 + Double(count) / 2).squareRoot())
    case .bessel:
      let frequencies = numbers * Scalar(.pi / length)
      return masked((x * frequencies).sinc() * frequencies, u) * Scalar((2 / length).squareRoot())
    case .chebyshev:
      let t = u * 2 - 1
      var values = [Tensor<Scalar>.ones(t.shape), t]
      while values.count < count { values.append(t * values[values.count - 1] * 2 - values[values.count - 2]) }
      return masked(.concatenated(Array(values.prefix(count))), u)
    }
  }

  /// (r − cᵢ)/h from u = (r − a)/(b − a).
  private func offsets<Scalar: TensorScalar>(_ u: Tensor<Scalar>) -> Tensor<Scalar> {
    let steps = vanishesOutside ? count + 1 : count - 1
    return u * Scalar(steps) - Tensor<Scalar>((0..<count).map { Scalar(vanishesOutside ? $0 + 1 : $0) })
  }

  private func masked<Scalar: TensorScalar>(_ values: Tensor<Scalar>, _ u: Tensor<Scalar>) -> Tensor<Scalar> {
    guard vanishesOutside else { return values }
    let place = u.detached
    // The lower end belongs to the interval: there a length is 0 and a Bessel function is not.
    return values * (place .>= Tensor(0)) * (place .< 1)
  }
}

/// e^(−1/x) for x > 0, 0 elsewhere: smooth. Below 1/700, where it is less than 10⁻³⁰⁴, it is taken as 0, so that no derivative overflows.
func softStep<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let positive = x.detached .> Scalar(1.0 / 700)
  let safe = Tensor.select(positive, x, .ones(x.shape))
  return Tensor.select(positive, (-safe.power(-1)).exp(), .zeros(x.shape))
}

extension Tensor {
  /// sin x / x, by its series up to |x| = 1, so that all derivatives are exact at 0.
  func sinc() -> Tensor {
    let small = detached.absolute() .< 1
    let square = Tensor.select(small, self, .zeros(shape)).squared()
    // Σ (−x²)ᵏ / (2k + 1)!
    var series = Tensor.ones(shape)
    for k in stride(from: 9, through: 1, by: -1) { series = 1 - series * square * (1 / Scalar(2 * k * (2 * k + 1))) }
    let safe = Tensor.select(small, .ones(shape), self)
    return Tensor.select(small, series, safe.sin() / safe)
  }
}
