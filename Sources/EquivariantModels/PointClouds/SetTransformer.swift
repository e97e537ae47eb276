import DifferentiableTensors
import NeuralModules
import Requirements

/// The set transformer (Lee et al. 2019): attention between the points of a cloud through a few learnt inducing points.
///
/// MAB(X, Y) = N(H + ReLU(W H)) with H = N(X + Attention(X, Y)) and the layer normalisation N; ISAB(X) = MAB(X, MAB(I, X)) with learnt I,
/// which is linear in the number of points. Predictions for every point take ISABs and a linear layer; those for a cloud take ISABs, PMA(X)
/// = MAB(S, ReLU(W X)) with one learnt seed S, and a linear layer. The network knows nothing of rotations; it is invariant (or equivariant)
/// under permutations of the points.
public struct SetTransformer<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = SetTransformerConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var embedding: Linear<Scalar>
  var layers: [InducedAttention<Scalar>]
  var pooling: AttentionPooling<Scalar>?
  var last: Linear<Scalar>

  /// A network with the initial weights of PyTorch's linear layers, and learnt points initialised as by Glorot and Bengio.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(c.inducing > 0, "at least one inducing point is expected, received \(c.inducing)")
    self.configuration = c
    embedding = Linear(c.input, c.width, using: &generator)
    layers = []
    for _ in 0..<c.layers { layers.append(InducedAttention(c.width, heads: c.heads, inducing: c.inducing, using: &generator)) }
    if case .perCloud = c.output { pooling = AttentionPooling(c.width, heads: c.heads, using: &generator) }
    last = Linear(c.width, c.output.width, using: &generator)
  }

  /// The prediction for points [clouds, n, input], [clouds, n, c] or [clouds, c].
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    require(
      x.rank == 3 && x.shape[2] == configuration.input && x.shape[1] > 0,
      "points [clouds, n, \(configuration.input)] are expected, received shape \(x.shape)")
    var h = embedding(x)
    for layer in layers { h = layer(h) }
    return last(pooling?(h) ?? h)
  }

  /// Visits embedding, layers, pooling and last.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("layers", &layers)
    visitor("pooling", &pooling)
    visitor("last", &last)
  }
}

/// MAB of ``SetTransformer``.
struct AttentionBlock<Scalar: TensorScalar>: Module {
  var attention: MultiHeadAttention<Scalar>
  var linear: Linear<Scalar>
  var norms: [LayerNorm<Scalar>]

  init(_ width: Int, heads: Int, using generator: inout some RandomNumberGenerator) {
    attention = MultiHeadAttention(width, heads: heads, using: &generator)
    linear = Linear(width, width, using: &generator)
    norms = [LayerNorm(width), LayerNorm(width)]
  }
  func callAsFunction(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let h = norms[0](x + attention(x, y))
    return norms[1](h + linear(h).relu())
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("attention", &attention)
    visitor("linear", &linear)
    visitor("norms", &norms)
  }
}

/// ISAB of ``SetTransformer``.
struct InducedAttention<Scalar: TensorScalar>: Module {
  /// I, [inducing, width]
  var points: Tensor<Scalar>
  var gather: AttentionBlock<Scalar>
  var spread: AttentionBlock<Scalar>

  init(_ width: Int, heads: Int, inducing: Int, using generator: inout some RandomNumberGenerator) {
    points = Initializer.xavierUniform()([inducing, width], using: &generator)
    gather = AttentionBlock(width, heads: heads, using: &generator)
    spread = AttentionBlock(width, heads: heads, using: &generator)
  }
  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { spread(x, gather(points.repeated(x.shape[0]), x)) }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("points", &points)
    visitor("gather", &gather)
    visitor("spread", &spread)
  }
}

/// PMA of ``SetTransformer`` with one seed: [clouds, n, width] to [clouds, width].
struct AttentionPooling<Scalar: TensorScalar>: Module {
  /// S, [1, width]
  var seed: Tensor<Scalar>
  var linear: Linear<Scalar>
  var block: AttentionBlock<Scalar>

  init(_ width: Int, heads: Int, using generator: inout some RandomNumberGenerator) {
    seed = Initializer.xavierUniform()([1, width], using: &generator)
    linear = Linear(width, width, using: &generator)
    block = AttentionBlock(width, heads: heads, using: &generator)
  }
  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    block(seed.repeated(x.shape[0]), linear(x).relu()).squeezed(axis: 1)
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("seed", &seed)
    visitor("linear", &linear)
    visitor("block", &block)
  }
}

extension Tensor {
  /// [rows, width] once for each cloud.
  fileprivate func repeated(_ clouds: Int) -> Tensor { broadcast(to: [clouds, shape[0], shape[1]]) }
}

/// Hyperparameters of ``SetTransformer``, the same for both element types.
public struct SetTransformerConfiguration: Sendable, Codable, Equatable {
  /// How many numbers a point has at the input.
  public var input: Int
  /// The width of all features, a multiple of `heads`.
  public var width: Int
  /// The number of heads of the attention.
  public var heads: Int
  /// The number of inducing points.
  public var inducing: Int
  /// The number of ISABs.
  public var layers: Int
  /// What is predicted.
  public var output: CloudOutput

  /// A configuration, by default with two ISABs of width 128, 4 heads and 32 inducing points.
  public init(
    input: Int = 3, width: Int = 128, heads: Int = 4, inducing: Int = 32, layers: Int = 2, output: CloudOutput = .perPoint(3)
  ) {
    (self.input, self.width, self.heads) = (input, width, heads)
    (self.inducing, self.layers, self.output) = (inducing, layers, output)
  }
}
