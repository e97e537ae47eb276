import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// A nonlinearity that scales every irrep x by a function of its norm: φ(|x| + b) x / |x|, or φ(|x| + b) x (e3nn's `NormActivation`).
public struct NormActivation<Scalar: TensorScalar>: Layer {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// The function φ.
  public let activation: Activation
  /// Whether x is divided by its norm.
  public let normalizes: Bool
  /// The lower bound of the norms that are divided by, if ``normalizes``.
  public let epsilon: Scalar
  /// The bias b of each irrep, in the order of terms and channels; initially 0. Nil for no biases.
  public var biases: Tensor<Scalar>?

  /// A norm activation on irreps.
  public init(_ irreps: Irreps<O3>, _ activation: Activation, normalizes: Bool = true, epsilon: Scalar = 1e-8, bias: Bool = false) {
    require(epsilon > 0, "expected an epsilon above 0, received \(epsilon)")
    (self.irreps, self.activation, self.normalizes, self.epsilon) = (irreps, activation, normalizes, epsilon)
    biases = bias ? .zeros([irreps.irrepCount]) : nil
  }

  /// The scaled features. Traps unless they have the ``irreps`` of the layer.
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

  /// Visits biases.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("biases", &biases) }
}
