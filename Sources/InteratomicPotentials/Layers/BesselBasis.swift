import DifferentiableTensors
import NeuralModules
import Requirements

/// √(2/c) sin(kₙr)/r with frequencies kₙ in 1/Å that may be trained; at first nπ/c (Gasteiger et al. 2020).
public struct BesselBasis<Scalar: TensorScalar>: Module {
  /// c in Å.
  public let cutoff: Double
  /// Whether the frequencies are trained.
  public let isTrained: Bool
  /// kₙ, [functions].
  public var frequencies: Tensor<Scalar>

  /// Functions for lengths up to a cut-off.
  public init(cutoff: Double, count: Int, isTrained: Bool = false) {
    require(cutoff > 0 && count >= 1, "a cut-off above 0 and at least one function are expected, received \(cutoff) and \(count)")
    (self.cutoff, self.isTrained) = (cutoff, isTrained)
    frequencies = Tensor((1...count).map { Scalar(Double($0) * .pi / cutoff) })
  }

  /// The values at lengths above 0: [edges] to [edges, functions].
  public func callAsFunction(_ r: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = r.expandingAxis(-1)
    return (x * frequencies).sin() * Scalar((2 / cutoff).squareRoot()) / x
  }

  /// frequencies
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    if isTrained { visitor("frequencies", &frequencies) } else { visitor.buffer("frequencies", &frequencies) }
  }
}
