import DifferentiableTensors
import GroupTheory
import Requirements

/// The errors of equivariance that a map may have. There are two classes of maps.
///
/// *Exact* maps (``Exact``) are equivariant but for rounding. Their relative error is a modest multiple of the unit in the last place,
/// which grows with the depth of the map and does not depend on anything that the user chooses.
///
/// *Discretised* maps (``Discretised``) replace an integral over the group by a sum over a grid (an orientation grid, a sphere grid too
/// coarse for the degrees that a nonlinearity makes). A single error proves nothing about them: it must fall as the grid is refined.
public enum Tolerance {
  /// The tolerance of an exact map: at most `ulps` units in the last place, relative to the scale of the output.
  public struct Exact: Sendable, Equatable {
    /// The multiple of `Scalar.ulpOfOne`.
    public let ulps: Double

    /// A tolerance of `ulps` units. About 10 suit a product of two tensors, 100 a layer, and 1000 a deep network; sums of n terms that
    /// cancel add about √n.
    public init(ulps: Double) { self.ulps = ulps }

    /// The tolerance of a product of a few tensors: 40.
    public static let product = Exact(ulps: 40)
    /// The tolerance of a layer: 400.
    public static let layer = Exact(ulps: 400)
    /// The tolerance of a network of a few layers: 4000.
    public static let network = Exact(ulps: 4000)

    /// The bound of a relative error: ulps × 2⁻²³ for `Float`, ulps × 2⁻⁵² for `Double`.
    public func bound<Scalar: TensorScalar>(for scalar: Scalar.Type) -> Double { ulps * Double(Scalar.ulpOfOne) }

    /// Whether the relative error lies within the bound.
    public func admits<Scalar: TensorScalar>(_ report: EquivarianceReport, in scalar: Scalar.Type) -> Bool {
      report.relativeError <= bound(for: scalar)
    }
  }

  /// The tolerance of a discretised map: errors ε must fall at least as fast as n^(-order) from one resolution n to the next, down to
  /// `floor`, and end below `finest`.
  public struct Discretised: Sendable, Equatable {
    /// The smallest order of convergence: ε(n₂) / ε(n₁) ≤ (n₁ / n₂)^order.
    public let order: Double
    /// The largest error at the finest resolution.
    public let finest: Double
    /// The size of errors that are due to rounding and need not fall any more.
    public let floor: Double

    /// - Parameters:
    ///   - order: the smallest order of convergence, above 0.
    ///   - finest: the largest error at the finest resolution.
    ///   - floor: the size of errors that need not fall any more.
    public init(order: Double, finest: Double, floor: Double = 1e-12) {
      require(order > 0, "an order above 0 is expected, received \(order)")
      self.order = order
      self.finest = finest
      self.floor = floor
    }

    /// Whether the errors of a study fall as they must.
    public func admits(_ study: ResolutionStudy) -> Bool {
      guard let last = study.errors.last, last <= finest else { return false }
      return zip(study.orders, study.errors.dropFirst()).allSatisfy { $0 >= order || $1 <= floor }
    }
  }
}

extension EquivarianceReport {
  /// Whether the relative error lies within the tolerance of a kind of exact maps: `#expect(report.isExact(.layer), "\(report)")`.
  public func isExact<Scalar: TensorScalar>(_ tolerance: Tolerance.Exact, in scalar: Scalar.Type = Double.self) -> Bool {
    tolerance.admits(self, in: scalar)
  }
}

/// The errors of a discretised map against its resolution.
public struct ResolutionStudy: Sendable, Equatable, CustomStringConvertible {
  /// The resolutions: increasing numbers of grid points along one direction.
  public let resolutions: [Int]
  /// The relative error at each resolution.
  public let errors: [Double]

  /// Measures the relative error at each of at least two increasing resolutions.
  public init(resolutions: [Int], relativeError: (_ resolution: Int) -> Double) {
    require(
      resolutions.count >= 2 && resolutions[0] > 0 && zip(resolutions, resolutions.dropFirst()).allSatisfy { $0 < $1 },
      "at least two increasing resolutions above 0 are expected, received \(resolutions)")
    self.resolutions = resolutions
    errors = resolutions.map(relativeError)
  }

  /// The exponents p of ε ∝ n⁻ᵖ between neighbouring resolutions: log(ε₁ / ε₂) / log(n₂ / n₁). An error that is not finite has order -∞.
  public var orders: [Double] {
    (1..<errors.count).map { i in
      guard errors[i].isFinite, errors[i - 1].isFinite else { return -.infinity }
      if errors[i] == 0 { return .infinity }
      let logarithms = Tensor<Double>([errors[i - 1] / errors[i], Double(resolutions[i]) / Double(resolutions[i - 1])]).log()
      return logarithms[0] / logarithms[1]
    }
  }

  /// The study as a line, such as "8: 1.00e-3, 16: 2.50e-4; orders 2.00".
  public var description: String {
    zip(resolutions, errors).map { "\($0): \(short($1))" }.joined(separator: ", ") + "; orders "
      + orders.map(short).joined(separator: ", ")
  }
}
