import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// Dropout of whole irreps: in training, each irrep of each row is set to zero with probability p, and divided by 1 − p otherwise. In
/// evaluation nothing is changed.
public struct EquivariantDropout<Scalar: TensorScalar>: ForwardPassLayer {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// The probability p.
  public let probability: Double

  /// Dropout with a probability of at least 0 and less than 1.
  public init(_ irreps: Irreps<O3>, probability: Double) {
    require(probability >= 0 && probability < 1, "expected a probability of at least 0 and less than 1, received \(probability)")
    (self.irreps, self.probability) = (irreps, probability)
  }

  /// The features, in a training pass with some irreps dropped. Traps unless they have the ``irreps`` of the layer.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    guard pass.isTraining, probability > 0 else { return x }
    let uniform = Tensor<Scalar>.uniform(Shape(x.outerShape + [irreps.irrepCount]), using: &pass.random)
    return x * ((uniform .>= Tensor(Scalar(probability))) * Scalar(1 / (1 - probability)))
  }

  /// Visits nothing, since the layer has no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}
