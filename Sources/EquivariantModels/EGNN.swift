import DifferentiableTensors
import MessagePassing
import NeuralModules

/// E(n)-equivariant graph network with velocities (Satorras, Hoogeboom and Welling 2021, "E(n) Equivariant Graph Neural Networks", eqs. 3-7).
///
/// Each layer, with d = xᵢ - xⱼ:
/// m = φe(hᵢ, hⱼ, |d|², a), xᵢ ← xᵢ + meanⱼ clamp(d φx(m), ±100) + φv(hᵢ) vᵢ, hᵢ ← hᵢ + φh(hᵢ, Σⱼ m).
/// The velocities are those of the input throughout, as in the authors' code, and the edge features a are followed by the squared
/// distance at the input. Exactly equivariant under E(3) (velocities rotate, positions also shift) and permutations of the particles, as
/// long as no component of d φx(m) reaches 100: the authors' clamp acts on components and does not commute with rotations. Parameters are
/// named as in that code.
public struct EGNN<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public struct Configuration: Sendable, Codable, Equatable {
    /// Features of a node at the input.
    public var nodeFeatures = 1
    /// Features of an edge at the input, without the squared distance.
    public var edgeFeatures = 1
    /// Width of all hidden features.
    public var hidden = 64
    /// Number of layers.
    public var layers = 4
    /// The paper's n-body model.
    public init(nodeFeatures: Int = 1, edgeFeatures: Int = 1, hidden: Int = 64, layers: Int = 4) {
      self.nodeFeatures = nodeFeatures
      self.edgeFeatures = edgeFeatures
      self.hidden = hidden
      self.layers = layers
    }
  }

  /// Hyperparameters.
  public let configuration: Configuration
  var embedding: Linear<Scalar>
  var layers: [EGNNLayer<Scalar>]

  /// With initial weights as in the authors' code.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    embedding = Linear(configuration.nodeFeatures, configuration.hidden, using: &generator)
    layers = []
    for _ in 0..<configuration.layers {
      layers.append(EGNNLayer(hidden: configuration.hidden, edgeFeatures: configuration.edgeFeatures + 1, using: &generator))
    }
  }

  /// The predicted positions, [nodes, 3].
  public func callAsFunction(_ input: ParticleBatch<Scalar>) -> Tensor<Scalar> { features(input).positions }

  /// The predicted positions and the last features of the nodes.
  public func features(_ input: ParticleBatch<Scalar>) -> (positions: Tensor<Scalar>, features: Tensor<Scalar>) {
    let graph = input.graph
    var h = embedding(input.features)
    var x = input.positions
    var differences = x.gathered(graph.receivers) - x.gathered(graph.senders)
    var squaredDistances = differences.squaredNorm(axis: -1, keepingDimensions: true)
    let fixed = Tensor.concatenated([input.edgeFeatures, squaredDistances])
    for (k, layer) in layers.enumerated() {
      if k > 0 {
        differences = x.gathered(graph.receivers) - x.gathered(graph.senders)
        squaredDistances = differences.squaredNorm(axis: -1, keepingDimensions: true)
      }
      let edge = Tensor.concatenated([squaredDistances, fixed])
      (h, x) = layer(h, x, input.velocities, differences, edge, graph)
    }
    return (x, h)
  }

  /// embedding, gcl_0, gcl_1, ...
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("", &layers, label: { "gcl_\($0)" })
  }
}

/// One layer of ``EGNN``.
struct EGNNLayer<Scalar: TensorScalar>: Module {
  var edge: MLP<Scalar>
  var node: MLP<Scalar>
  var coordinate: MLP<Scalar>
  var velocity: MLP<Scalar>

  init(hidden: Int, edgeFeatures: Int, using generator: inout some RandomNumberGenerator) {
    edge = MLP(widths: [2 * hidden + 1 + edgeFeatures, hidden, hidden], activatesOutput: true, using: &generator)
    node = MLP(widths: [2 * hidden, hidden, hidden], using: &generator)
    coordinate = MLP(
      widths: [hidden, hidden, 1], lastInitializer: .xavierUniform(gain: 0.001), lastBias: false, using: &generator)
    velocity = MLP(widths: [hidden, hidden, 1], using: &generator)
  }

  func callAsFunction(
    _ h: Tensor<Scalar>, _ x: Tensor<Scalar>, _ v: Tensor<Scalar>, _ differences: Tensor<Scalar>, _ edgeInput: Tensor<Scalar>, _ graph: Graph
  ) -> (features: Tensor<Scalar>, positions: Tensor<Scalar>) {
    let m = messages(h, edgeInput, graph)
    let shifts = (differences * coordinate(m)).clamped(-100, 100)
    let moved = x + shifts.segmentMean(graph.receivers) + v * velocity(h)
    let sums = m.scatterAdded(graph.receivers)
    return (h + node(Tensor.concatenated([h, sums])), moved)
  }

  /// φe. Its first affine map is linear in hᵢ, hⱼ and the edge: the parts of hᵢ and hⱼ are computed once a node, not once an edge.
  private func messages(_ h: Tensor<Scalar>, _ edgeInput: Tensor<Scalar>, _ graph: Graph) -> Tensor<Scalar> {
    let first = edge.layers[0]
    let n = h.shape[1]
    let ofReceiver = Tensor.matmul(h, first.weight.sliced(axis: 1, 0..<n), transposingSecond: true)
    let ofSender = Tensor.matmul(h, first.weight.sliced(axis: 1, n..<2 * n), transposingSecond: true)
    let ofEdge = Tensor.linear(edgeInput, weight: first.weight.sliced(axis: 1, 2 * n..<first.weight.shape[1]), bias: first.bias)
    return edge.continued(from: Tensor.gatheredSum(ofReceiver, graph.receivers, ofSender, graph.senders, plus: ofEdge))
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("edge_mlp", &edge)
    visitor("node_mlp", &node)
    visitor("coord_mlp", &coordinate)
    visitor("coord_mlp_vel", &velocity)
  }
}
