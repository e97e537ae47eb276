import DifferentiableTensors
import NeuralModules
import Requirements

/// PointNet (Qi et al. 2017): the same layers for every point, the largest of each feature over the points, and a head.
///
/// The layers are hₗ = ReLU(BN(Wₗ hₗ₋₁)), the last of them without ReLU, and g = maxᵢ h_L. For every point the head sees all its features
/// h₁ ... h_L beside g; for a cloud it sees g alone. With ``PointNetConfiguration/transforms``, learnt matrices of a cloud multiply the
/// input and the features before the last two layers. The network knows nothing of rotations; it is invariant (or equivariant) under
/// permutations of the points.
public struct PointNet<Scalar: TensorScalar>: ForwardPassLayer {
  /// Hyperparameters.
  public typealias Configuration = PointNetConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [PointNetLayer<Scalar>]
  var head: CloudHead<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(c.widths.count >= 2, "at least two layers before the pooling are expected, received \(c.widths)")
    self.configuration = c
    layers = []
    for (i, width) in c.widths.enumerated() {
      let inputs = i == 0 ? c.input : c.widths[i - 1]
      let transforms = c.transforms && (i == 0 || i == c.widths.count - 2)
      layers.append(
        PointNetLayer(
          transform: transforms ? SpatialTransform(inputs, widths: c.transformWidths, head: c.transformHead, using: &generator) : nil,
          layer: NormalizedLinear(inputs, width, using: &generator)))
    }
    head = CloudHead(
      local: c.widths.reduce(0, +), global: c.widths[c.widths.count - 1], hidden: c.head, output: c.output, using: &generator)
  }

  /// The prediction for points [clouds, n, input], [clouds, n, c] or [clouds, c].
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    require(
      x.rank == 3 && x.shape[2] == configuration.input && x.shape[1] > 0,
      "points [clouds, n, \(configuration.input)] are expected, received shape \(x.shape)")
    var features: [Tensor<Scalar>] = []
    for (i, layer) in layers.enumerated() {
      let h = layer(features.last ?? x, &pass)
      features.append(i < layers.count - 1 ? h.relu() : h)
    }
    return head(
      local: .concatenated(features), global: features[features.count - 1].max(axis: 1), activation: { $0.relu() }, &pass)
  }

  /// Visits layers and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("head", &head)
  }
}

/// One layer of ``PointNet`` before the pooling, with the transform of its input where there is one.
struct PointNetLayer<Scalar: TensorScalar>: ForwardPassLayer {
  var transform: SpatialTransform<Scalar>?
  var layer: NormalizedLinear<Scalar>

  func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    let moved = transform?(x, &pass) ?? x
    return layer(moved, &pass)
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("transform", &transform)
    visitor("", &layer)
  }
}

/// Hyperparameters of ``PointNet``, the same for both element types.
public struct PointNetConfiguration: Sendable, Codable, Equatable {
  /// How many numbers a point has at the input.
  public var input: Int
  /// The widths of the layers before the pooling.
  public var widths: [Int]
  /// The widths of the head's layers.
  public var head: [Int]
  /// What is predicted.
  public var output: CloudOutput
  /// Whether there are spatial transforms, which the plain network for normals has and the frame-averaged one does not have.
  public var transforms: Bool
  /// The widths of the transforms before the pooling.
  public var transformWidths: [Int]
  /// The widths of the transforms after the pooling.
  public var transformHead: [Int]

  /// A configuration, by default that of the published network for normals (Puny et al. 2022).
  public init(
    input: Int = 3, widths: [Int] = [64, 128, 128, 512, 2048], head: [Int] = [256, 256, 128], output: CloudOutput = .perPoint(3),
    transforms: Bool = false, transformWidths: [Int] = [64, 128, 1024], transformHead: [Int] = [512, 256]
  ) {
    (self.input, self.widths, self.head, self.output) = (input, widths, head, output)
    (self.transforms, self.transformWidths, self.transformHead) = (transforms, transformWidths, transformHead)
  }
}
