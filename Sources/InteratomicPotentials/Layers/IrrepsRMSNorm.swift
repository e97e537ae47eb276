import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules
import Requirements

/// The root-mean-square norm of Nequix (Koker, Kotak and Smidt 2025): all features of a row over one number, then each channel times a trained
/// scale γ:
///
///     y = γ x (s + 10⁻¹²)^(−½),   s = 1/n Σ_terms Σ_{channels, m} x² / (2l+1)²
///
/// with n the number of terms. The sum over channels is no mean.
public struct IrrepsRMSNorm<Scalar: TensorScalar>: Module {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// γ of each irrep, in the order of terms and channels; 1 at first.
  public var scales: Tensor<Scalar>

  /// A norm of features of irreps.
  public init(_ irreps: Irreps<O3>) {
    self.irreps = irreps
    scales = .ones([irreps.irrepCount])
  }

  /// The normalised rows.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    require(x.irreps == irreps, "features of \(irreps) are expected, received \(x.irreps)")
    let weights = irreps.terms.flatMap { term in
      let dimension = Double(term.irrep.dimension)
      return [Scalar](
        repeating: Scalar(1 / (dimension * dimension * Double(max(1, irreps.terms.count)))), count: term.dimension)
    }
    let s = (x.tensor.squared() * Tensor(weights)).sum(axis: -1)
    let factors = (s + Scalar(1e-12)).power(-0.5)
    let rows = scales.reshaped(1, scales.count) * factors.expandingAxis(-1)
    return x * rows
  }

  /// scales
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("scales", &scales) }
}
