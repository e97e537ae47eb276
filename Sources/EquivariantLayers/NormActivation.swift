import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// Every irrep x scaled by a function of its norm: φ(|x| + b) x / |x|, or φ(|x| + b) x (e3nn's `NormActivation`).
public struct NormActivation<Scalar: TensorScalar>: Layer {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// φ.
  public let activation: Activation
  /// Whether x is divided by its norm.
  public let normalizes: Bool
  /// Where ``normalizes``, smaller norms are taken as this.
  public let epsilon: Scalar
  /// b, one for each irrep in the order of terms and channels; 0 at first.
  public var biases: Tensor<Scalar>?

  /// A norm activation on irreps.
  public init(_ irreps: Irreps<O3>, _ activation: Activation, normalizes: Bool = true, epsilon: Scalar = 1e-8, bias: Bool = false) {
    require(epsilon > 0, "expected an epsilon above 0, received \(epsilon)")
    (self.irreps, self.activation, self.normalizes, self.epsilon) = (irreps, activation, normalizes, epsilon)
    biases = bias ? .zeros([irreps.irrepCount]) : nil
  }

  /// The scaled features; traps unless they are of ``irreps``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    let norms = normalizes ? clamped(x.norms) : x.norms
    var scales = activation(biases.map { norms + $0 } ?? norms)
    if normalizes { scales = scales / norms }
    return x * scales
  }

  private func clamped(_ norms: Tensor<Scalar>) -> Tensor<Scalar> {
    let floor = Tensor(repeating: epsilon, shape: norms.shape)
    return Tensor.select(norms.detached .> floor, norms, floor)
  }

  /// biases
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("biases", &biases) }
}
