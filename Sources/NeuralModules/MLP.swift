import DifferentiableTensors
import Requirements

/// Linear layers with an activation between them (and after the last one, where asked).
///
/// Parameters are named as in a PyTorch `Sequential` of linear layers and activations: `0.weight`, `2.weight`, ...
public struct MLP<Scalar: TensorScalar>: Layer {
  /// The linear layers.
  public var layers: [Linear<Scalar>]
  /// Between the layers.
  public let activation: Activation
  /// Whether the activation follows the last layer too.
  public let activatesOutput: Bool

  /// - Parameters:
  ///   - widths: numbers of features, input first, at least two.
  ///   - activation: between the layers.
  ///   - activatesOutput: whether the activation follows the last layer too.
  ///   - lastInitializer: weights of the last layer.
  ///   - lastBias: whether the last layer has a bias.
  ///   - generator: source of the initial values.
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

  /// The network's value where the first layer's affine map has been computed elsewhere.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func continued(from first: Tensor<Scalar>) -> Tensor<Scalar> {
    var x = first
    for i in 1..<max(1, layers.count) { x = layers[i](activation(x)) }
    return activatesOutput ? activation(x) : x
  }
  /// 0, 2, 4, ...
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &layers, label: { String(2 * $0) }) }
}
