import DifferentiableTensors
import NeuralModules
import Requirements

/// A family of functions of a length x.
public enum RadialFamily: String, Sendable, CaseIterable {
  /// √(2/c) sin(kₙx)/x with frequencies kₙ, at first nπ/c (Gasteiger et al. 2020).
  case bessel
  /// exp(−½ (x − μₙ)²/hₙ²) with centres μₙ, at first on 0 ... c, and widths hₙ, at first their distance.
  case gaussian
}

/// Functions of a length x that have no cut-off of their own, for networks that give the weights of messages.
public struct RadialFunctions<Scalar: TensorScalar>: Module {
  /// Which functions.
  public let family: RadialFamily
  /// c in Å.
  public let cutoff: Double
  /// Whether frequencies or centres are trained.
  public let isTrained: Bool
  /// The frequencies in 1/Å, or the centres in Å, [functions].
  public var places: Tensor<Scalar>
  /// Of Gaussians the widths hₙ in Å, [functions].
  public var widths: Tensor<Scalar>?

  /// Functions for lengths up to a cut-off; of Gaussians at least two.
  public init(_ family: RadialFamily = .bessel, cutoff: Double, count: Int, isTrained: Bool = false) {
    let least = family == .bessel ? 1 : 2
    require(cutoff > 0 && count >= least, "a cut-off above 0 and at least \(least) functions are expected, received \(cutoff) and \(count)")
    (self.family, self.cutoff, self.isTrained) = (family, cutoff, isTrained)
    let places: [Double] =
      switch family {
      case .bessel: (1...count).map { Double($0) * .pi / cutoff }
      case .gaussian: (0..<count).map { Double($0) * cutoff / Double(count - 1) }
      }
    self.places = Tensor(places.map { Scalar($0) })
    if family == .gaussian { widths = Tensor(repeating: Scalar(cutoff / Double(count - 1)), shape: [count]) }
  }

  /// The values at lengths above 0: [edges] to [edges, functions].
  public func callAsFunction(_ lengths: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = lengths.expandingAxis(-1)
    switch family {
    case .bessel: return (x * places).sin() * Scalar((2 / cutoff).squareRoot()) / x
    case .gaussian:
      let factors = widths!.squared().power(-1) * Scalar(-0.5)
      return ((x - places).squared() * factors).exp()
    }
  }

  /// places, widths
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    if isTrained { visitor("places", &places) } else { visitor.buffer("places", &places) }
    if var present = widths {
      visitor.buffer("widths", &present)
      widths = present
    }
  }
}
