import DifferentiableTensors
import GroupTheory
import Requirements

/// What errors of equivariance a map may have. There are two classes of maps, and no third.
///
/// *Exact* maps are equivariant but for rounding. Their relative error is a modest multiple of the unit in the last place, which grows
/// with the depth of the map and not with anything the user chooses: ``Exact``.
///
/// *Discretised* maps replace an integral over the group by a sum over a grid (an orientation grid, a sphere grid too coarse for the
/// degrees that a nonlinearity makes). One error proves nothing about them: it must fall as the grid is refined: ``Discretised``.
public enum Tolerance {
  /// At most `ulps` units in the last place, relative to the scale of the output.
  public struct Exact: Sendable, Equatable {
    /// The multiple of `Scalar.ulpOfOne`.
    public let ulps: Double

    /// About 10 for a product of two tensors, 100 for a layer, some 1000 for a deep network; sums of n terms that cancel add √n.
    public init(ulps: Double) { self.ulps = ulps }

    /// Of a product of a few tensors: 40.
    public static let product = Exact(ulps: 40)
    /// Of a layer: 400.
    public static let layer = Exact(ulps: 400)
    /// Of a network of a few layers: 4000.
    public static let network = Exact(ulps: 4000)

    /// The bound of a relative error: ulps × 2⁻²³ for `Float`, ulps × 2⁻⁵² for `Double`.
    public func bound<Scalar: TensorScalar>(for scalar: Scalar.Type) -> Double { ulps * Double(Scalar.ulpOfOne) }

    /// Whether the relative error lies within the bound.
    public func admits<Scalar: TensorScalar>(_ report: EquivarianceReport, in scalar: Scalar.Type) -> Bool {
      report.relativeError <= bound(for: scalar)
    }
  }

  /// Errors ε that fall at least as fast as n^(-order) from one resolution n to the next, down to `floor`, and end below `finest`.
  public struct Discretised: Sendable, Equatable {
    /// The smallest order of convergence: ε(n₂) / ε(n₁) ≤ (n₁ / n₂)^order.
    public let order: Double
    /// The largest error at the finest resolution.
    public let finest: Double
    /// Errors this small are rounding and need not fall any more.
    public let floor: Double

    /// - Parameters:
    ///   - order: the smallest order of convergence, more than 0.
    ///   - finest: the largest error at the finest resolution.
    ///   - floor: errors that need not fall any more.
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
  /// Whether the relative error is that of rounding, by the measure of a kind of maps: `#expect(report.isExact(.layer), "\(report)")`.
  public func isExact<Scalar: TensorScalar>(_ tolerance: Tolerance.Exact, in scalar: Scalar.Type = Double.self) -> Bool {
    tolerance.admits(self, in: scalar)
  }
}

/// The errors of a discretised map against its resolution.
public struct ResolutionStudy: Sendable, Equatable, CustomStringConvertible {
  /// Increasing numbers of grid points along one direction.
  public let resolutions: [Int]
  /// The relative error at each.
  public let errors: [Double]

  /// Measures the relative error at each of at least two increasing resolutions.
  public init(resolutions: [Int], relativeError: (_ resolution: Int) -> Double) {
    require(
      resolutions.count >= 2 && resolutions[0] > 0 && zip(resolutions, resolutions.dropFirst()).allSatisfy { $0 < $1 },
      "at least two increasing resolutions above 0 are expected, received \(resolutions)")
    self.resolutions = resolutions
    errors = resolutions.map(relativeError)
  }

  /// Between neighbours, the p of ε ∝ n⁻ᵖ: log(ε₁ / ε₂) / log(n₂ / n₁). An error that is not finite has order -∞.
  public var orders: [Double] {
    (1..<errors.count).map { i in
      guard errors[i].isFinite, errors[i - 1].isFinite else { return -.infinity }
      if errors[i] == 0 { return .infinity }
      let logarithms = Tensor<Double>([errors[i - 1] / errors[i], Double(resolutions[i]) / Double(resolutions[i - 1])]).log()
      return logarithms[0] / logarithms[1]
    }
  }

  /// "8: 1.00e-3, 16: 2.50e-4; orders 2.00".
  public var description: String {
    zip(resolutions, errors).map { "\($0): \(short($1))" }.joined(separator: ", ") + "; orders "
      + orders.map(short).joined(separator: ", ")
  }
}
