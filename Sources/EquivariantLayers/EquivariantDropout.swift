import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// Dropout of whole irreps: in training, each irrep of each row is zero with probability p, and divided by 1 − p otherwise.
///
/// The layer as a function, for evaluation, changes nothing.
public struct EquivariantDropout<Scalar: TensorScalar>: Layer {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// p.
  public let probability: Double

  /// Dropout with a probability of at least 0 and less than 1.
  public init(_ irreps: Irreps<O3>, probability: Double) {
    require(probability >= 0 && probability < 1, "expected a probability of at least 0 and less than 1, received \(probability)")
    (self.irreps, self.probability) = (irreps, probability)
  }

  /// The features as they are; traps unless they are of ``irreps``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    return x
  }

  /// The features with irreps dropped at random: independently for each index of the axes outside.
  public func training(_ x: IrrepsTensor<Scalar>, using generator: inout some RandomNumberGenerator) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    let uniform = Tensor<Scalar>.uniform(Shape(x.outerShape + [irreps.irrepCount]), using: &generator)
    let factors = (uniform .>= Tensor(Scalar(probability))) * Scalar(1 / (1 - probability))
    var start = 0
    let parts = zip(x.parts, irreps.terms).map { part, term in
      defer { start += term.multiplicity }
      return part * factors.sliced(axis: -1, start..<start + term.multiplicity).expandingAxis(-2)
    }
    return IrrepsTensor(parts: parts, irreps: irreps, outerShape: x.outerShape)
  }

  /// Nothing.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}
