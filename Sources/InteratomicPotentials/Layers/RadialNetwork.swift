import DifferentiableTensors
import EquivariantLayers
import NeuralModules
import Requirements

/// The network that gives the weights of messages from functions of the length: silu(... silu(e W₀) W₁ ...) Wₙ, without biases and without
/// constants.
///
/// Other programs multiply activations by a constant and divide by the root of the fan-in; importers multiply the matrices by these.
public struct RadialNetwork<Scalar: TensorScalar>: Module {
  /// W₀ ... Wₙ, [in, out] each.
  public var weights: [Tensor<Scalar>]

  /// Matrices between these widths, so that values of variance 1 keep it.
  public init(widths: [Int], using generator: inout some RandomNumberGenerator) {
    require(widths.count >= 2, "at least two widths are expected, received \(widths)")
    weights = (1..<widths.count).map { i in
      let gain = i == 1 ? 1 : Activation.silu.factor(.secondMoment)
      return .normal([widths[i - 1], widths[i]], using: &generator) * Scalar(gain / Double(widths[i - 1]).squareRoot())
    }
  }

  /// What the last matrix is multiplied with: [edges, functions] to [edges, width].
  public func hidden(_ e: Tensor<Scalar>) -> Tensor<Scalar> {
    weights.dropLast().reduce(e) { Tensor.matmul($0, $1).silu() }
  }

  /// Wₙ.
  public var last: Tensor<Scalar> { weights[weights.count - 1] }

  /// 0, 1, ...
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    for i in weights.indices { visitor("\(i)", &weights[i]) }
  }
}
