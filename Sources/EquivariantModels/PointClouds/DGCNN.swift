import DifferentiableTensors
import NeuralModules
import Requirements

/// The dynamic graph CNN (Wang et al. 2019): each layer joins every point with the k nearest in the space of its features, which are found
/// anew.
///
/// An EdgeConv is hᵢ ← poolⱼ φ(hⱼ - hᵢ, hᵢ) over the k nearest j of i (including i itself), where φ consists of linear layers with batch
/// normalisation and LeakyReLU of slope 0.2. The outputs of all layers lie side by side; then follow an embedding of them, its pool g over
/// the points, and a head that sees both (for a cloud, g alone). The choice of neighbours is not differentiated. The network knows nothing
/// of rotations; it is invariant (or equivariant) under permutations of the points as long as no two distances are equal.
public struct DGCNN<Scalar: TensorScalar>: ForwardPassLayer {
  /// Hyperparameters.
  public typealias Configuration = DGCNNConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var convolutions: [EdgeConvolution<Scalar>]
  var embedding: NormalizedLinear<Scalar>
  var head: CloudHead<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(
      !c.widths.isEmpty && c.widths.allSatisfy { !$0.isEmpty } && c.neighbors > 0,
      "at least one EdgeConv, each with a layer, and a neighbour are expected, received \(c.widths) and \(c.neighbors)")
    self.configuration = c
    convolutions = []
    var width = c.input
    for widths in c.widths {
      convolutions.append(EdgeConvolution(width, widths, pooling: c.pooling, using: &generator))
      width = widths[widths.count - 1]
    }
    let local = c.widths.reduce(0) { $0 + $1[$1.count - 1] }
    embedding = NormalizedLinear(local, c.embedding, using: &generator)
    head = CloudHead(local: local, global: c.embedding, hidden: c.head, output: c.output, using: &generator)
  }

  /// The prediction for points [clouds, n, input], [clouds, n, c] or [clouds, c].
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    require(
      x.rank == 3 && x.shape[2] == configuration.input && x.shape[1] > 0,
      "points [clouds, n, \(configuration.input)] are expected, received shape \(x.shape)")
    let k = min(configuration.neighbors, x.shape[1])
    var features: [Tensor<Scalar>] = []
    for convolution in convolutions {
      let h = features.last ?? x
      features.append(convolution(h, h.nearestRows(k), &pass))
    }
    let local = Tensor.concatenated(features)
    let global = configuration.pooling(embedding(local, &pass).leakyReLU(), axis: 1)
    return head(local: local, global: global, activation: { $0.leakyReLU() }, &pass)
  }

  /// Visits convolutions, embedding and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("convolutions", &convolutions)
    visitor("embedding", &embedding)
    visitor("head", &head)
  }
}

/// One EdgeConv of ``DGCNN``.
struct EdgeConvolution<Scalar: TensorScalar>: Module {
  let pooling: Pooling
  /// The first one takes (hⱼ - hᵢ, hᵢ).
  var layers: [NormalizedLinear<Scalar>]

  init(_ width: Int, _ widths: [Int], pooling: Pooling, using generator: inout some RandomNumberGenerator) {
    self.pooling = pooling
    layers = NormalizedLinear.chain([2 * width] + widths, using: &generator)
  }

  /// The features [clouds, n, w'] from [clouds, n, w] and k neighbours of each row.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ h: Tensor<Scalar>, _ neighbors: RowIndex, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    let (clouds, n, width) = (h.shape[0], h.shape[1], h.shape[2])
    // A (hⱼ - hᵢ) + B hᵢ = A hⱼ + (B - A) hᵢ: two products a point instead of one an edge.
    let weight = layers[0].linear.weight
    let difference = weight.sliced(axis: 1, 0..<width)
    let own = weight.sliced(axis: 1, width..<2 * width) - difference
    let rows = h.reshaped(clouds * n, width)
    let sent = Tensor.linear(rows, weight: difference, bias: nil).gathered(neighbors)
    var x =
      sent.reshaped(clouds * n, neighbors.count / Swift.max(1, clouds * n), sent.shape[1])
      + Tensor.linear(rows, weight: own, bias: nil).expandingAxis(1)
    x = layers[0].norm(x, &pass).leakyReLU()
    for layer in layers.dropFirst() { x = layer(x, &pass).leakyReLU() }
    return pooling(x, axis: 1).reshaped(clouds, n, x.shape[2])
  }

  /// Visits 0, 1, and so on.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &layers) }
}

extension Tensor {
  /// max(x, 0.2 x).
  fileprivate func leakyReLU() -> Tensor { relu() * 0.8 + self * 0.2 }
}

/// Hyperparameters of ``DGCNN``, the same for both element types.
public struct DGCNNConfiguration: Sendable, Codable, Equatable {
  /// How many numbers a point has at the input.
  public var input: Int
  /// The number of neighbours of a point, including itself; all points of a cloud where there are fewer.
  public var neighbors: Int
  /// The widths of the layers of each EdgeConv.
  public var widths: [[Int]]
  /// The width of the embedding.
  public var embedding: Int
  /// The widths of the head's layers.
  public var head: [Int]
  /// What is predicted.
  public var output: CloudOutput
  /// How features of neighbours, and of the points of a cloud, become one.
  public var pooling: Pooling

  /// A configuration, by default that of the published network for parts and normals; frame averaging pools by the mean (Puny et al. 2022).
  public init(
    input: Int = 3, neighbors: Int = 40, widths: [[Int]] = [[64, 64], [64, 64], [64]], embedding: Int = 1024,
    head: [Int] = [256, 256, 128], output: CloudOutput = .perPoint(3), pooling: Pooling = .max
  ) {
    (self.input, self.neighbors, self.widths, self.embedding) = (input, neighbors, widths, embedding)
    (self.head, self.output, self.pooling) = (head, output, pooling)
  }
}
