import DifferentiableTensors
import NeuralModules
import Requirements

/// Deep sets (Zaheer et al. 2017): layers hᵢ ← σ(A hᵢ + B poolⱼ hⱼ + b), the general linear map that commutes with permutations of the
/// points, and a network of each point's features, or of their pool.
///
/// The network knows nothing of rotations; it is invariant (or equivariant) under permutations of the points.
public struct DeepSets<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = DeepSetsConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [DeepSetsLayer<Scalar>]
  var head: MLP<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(!c.widths.isEmpty, "at least one layer is expected")
    self.configuration = c
    layers = []
    for (inputs, outputs) in zip([c.input] + c.widths, c.widths) {
      layers.append(
        DeepSetsLayer(
          own: Linear(inputs, outputs, using: &generator), pooled: Linear(inputs, outputs, bias: false, using: &generator)))
    }
    head = MLP(widths: [c.widths[c.widths.count - 1]] + c.head + [c.output.width], activation: c.activation, using: &generator)
  }

  /// The prediction for points [clouds, n, input], [clouds, n, c] or [clouds, c].
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    require(
      x.rank == 3 && x.shape[2] == configuration.input && x.shape[1] > 0,
      "points [clouds, n, \(configuration.input)] are expected, received shape \(x.shape)")
    var h = x
    for layer in layers {
      h = configuration.activation(layer.own(h) + layer.pooled(configuration.pooling(h, axis: 1)).expandingAxis(1))
    }
    if case .perCloud = configuration.output { h = configuration.pooling(h, axis: 1) }
    return head(h)
  }

  /// Visits layers and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("head", &head)
  }
}

/// The maps A, b and B of one layer of ``DeepSets``.
struct DeepSetsLayer<Scalar: TensorScalar>: Module {
  var own: Linear<Scalar>
  var pooled: Linear<Scalar>

  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("own", &own)
    visitor("pooled", &pooled)
  }
}

/// Hyperparameters of ``DeepSets``, the same for both element types.
public struct DeepSetsConfiguration: Sendable, Codable, Equatable {
  /// How many numbers a point has at the input.
  public var input: Int
  /// The widths of the equivariant layers.
  public var widths: [Int]
  /// The widths of the head's layers.
  public var head: [Int]
  /// What is predicted.
  public var output: CloudOutput
  /// The pooling of the layers and before the head.
  public var pooling: Pooling
  /// The activation σ, also of the head.
  public var activation: Activation

  /// A configuration, by default with three layers of 128, mean pooling and SiLU.
  public init(
    input: Int = 3, widths: [Int] = [128, 128, 128], head: [Int] = [128], output: CloudOutput = .perPoint(3), pooling: Pooling = .mean,
    activation: Activation = .silu
  ) {
    (self.input, self.widths, self.head, self.output) = (input, widths, head, output)
    (self.pooling, self.activation) = (pooling, activation)
  }
}
