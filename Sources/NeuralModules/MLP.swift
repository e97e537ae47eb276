import DifferentiableTensors
import Requirements

/// Linear layers with an activation between them, and optionally after the last one.
///
/// Parameters are named as in a PyTorch `Sequential` of linear layers and activations: `0.weight`, `2.weight`, ...
public struct MLP<Scalar: TensorScalar>: Layer {
  /// The linear layers.
  public var layers: [Linear<Scalar>]
  /// The activation between the layers.
  public let activation: Activation
  /// Whether the activation also follows the last layer.
  public let activatesOutput: Bool

  /// - Parameters:
  ///   - widths: the numbers of features, beginning with those of the input; at least two.
  ///   - activation: the activation between the layers.
  ///   - activatesOutput: whether the activation also follows the last layer.
  ///   - lastInitializer: how the weights of the last layer are drawn.
  ///   - lastBias: whether the last layer has a bias.
  ///   - generator: the source of the initial values.
  public init(
    widths: [Int], activation: Activation = .silu, activatesOutput: Bool = false, lastInitializer: Initializer = .torchLinear,
    lastBias: Bool = true, using generator: inout some RandomNumberGenerator
  ) {
    require(widths.count >= 2, "at least two widths are expected, received \(widths)")
    layers = []
    for i in 1..<widths.count {
      let last = i == widths.count - 1
      layers.append(
        Linear(
          widths[i - 1], widths[i], bias: !last || lastBias, initializer: last ? lastInitializer : .torchLinear, using: &generator))
    }
    self.activation = activation
    self.activatesOutput = activatesOutput
  }

  /// The network's value.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { continued(from: layers[0](x)) }

  /// The network's value, given the output of the first layer before its activation.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func continued(from first: Tensor<Scalar>) -> Tensor<Scalar> {
    var x = first
    for i in 1..<max(1, layers.count) { x = layers[i](activation(x)) }
    return activatesOutput ? activation(x) : x
  }
  /// Visits the layers as 0, 2, 4, ...
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &layers, label: { String(2 * $0) }) }
}
