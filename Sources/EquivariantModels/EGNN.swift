import DifferentiableTensors
import MessagePassing
import NeuralModules

/// The E(n)-equivariant graph network with velocities (Satorras, Hoogeboom and Welling 2021, "E(n) Equivariant Graph Neural Networks", eqs.
/// 3-7).
///
/// Each layer, with d = xᵢ - xⱼ:
/// m = φe(hᵢ, hⱼ, |d|², a), xᵢ ← xᵢ + meanⱼ clamp(d φx(m)) + φv(hᵢ) vᵢ, hᵢ ← hᵢ + φh(hᵢ, Σⱼ m).
/// The velocities are those of the input throughout, as in the authors' code, and the edge features a are followed by the squared
/// distance at the input. With ``EGNNConfiguration/ShiftClamp/norm``, the default, it is exactly equivariant under E(3) (velocities rotate,
/// positions also shift) and permutations of the particles. The authors' clamp, ``EGNNConfiguration/ShiftClamp/component``, acts on
/// components and does not commute with rotations: with it the network is equivariant as long as no component of d φx(m) reaches 100, which
/// with initial weights happens at coordinates of some tens. Up to there the two are the same map. Parameters are named as in the authors'
/// code.
public struct EGNN<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = EGNNConfiguration

  /// What happens to a shift d φx(m) of an edge that is larger than 100.
  public typealias ShiftClamp = EGNNConfiguration.ShiftClamp

  /// Hyperparameters.
  public let configuration: Configuration
  var embedding: Linear<Scalar>
  var layers: [EGNNLayer<Scalar>]
  var velocityHead: EGNNLayer<Scalar>?

  /// A network with initial weights as in the authors' code.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    self.configuration = configuration
    embedding = Linear(configuration.nodeFeatures, configuration.hidden, using: &generator)
    layers = []
    for _ in 0..<configuration.layers {
      layers.append(
        EGNNLayer(
          hidden: configuration.hidden, edgeFeatures: configuration.edgeFeatures + 1, clamp: configuration.clamp, using: &generator))
    }
    if configuration.predictsVelocities {
      velocityHead = EGNNLayer(
        hidden: configuration.hidden, edgeFeatures: configuration.edgeFeatures + 1, clamp: configuration.clamp, using: &generator)
    }
  }

  /// The predicted positions, [nodes, 3].
  public func callAsFunction(_ input: ParticleBatch<Scalar>) -> Tensor<Scalar> { propagated(input, updatingLastFeatures: false).positions }

  /// The predicted positions and the last features of the nodes.
  public func features(_ input: ParticleBatch<Scalar>) -> (positions: Tensor<Scalar>, features: Tensor<Scalar>) {
    let state = propagated(input, updatingLastFeatures: true)
    return (state.positions, state.features)
  }

  /// The predicted positions and velocities, [nodes, 3] each; traps unless the configuration asks for velocities.
  ///
  /// The velocities are what one more layer adds to a position: v̂ᵢ = meanⱼ (x̂ᵢ - x̂ⱼ) φx(m) + φv(hᵢ) vᵢ.
  public func phaseSpace(_ input: ParticleBatch<Scalar>) -> (positions: Tensor<Scalar>, velocities: Tensor<Scalar>) {
    guard let velocityHead else { fatalError("a configuration with predictsVelocities is expected") }
    let (x, h, fixed) = propagated(input, updatingLastFeatures: true)
    let (differences, edge) = geometry(x, fixed, input.graph)
    let still = Tensor<Scalar>.zeros(x.shape)
    return (x, velocityHead(h, still, input.velocities, differences, edge, input.graph, updatingFeatures: false).positions)
  }

  /// The last positions and features, and the features of the edges that do not change. Predicted positions do not depend on the last
  /// update of the features.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func propagated(
    _ input: ParticleBatch<Scalar>, updatingLastFeatures: Bool
  ) -> (positions: Tensor<Scalar>, features: Tensor<Scalar>, fixed: Tensor<Scalar>) {
    var h = embedding(input.features)
    var x = input.positions
    let start = input.graph.vectors(x)
    let fixed = Tensor.concatenated([input.edgeFeatures, start.squaredNorm(axis: -1, keepingDimensions: true)])
    for (k, layer) in layers.enumerated() {
      let (differences, edge) = geometry(x, fixed, input.graph)
      let updates = updatingLastFeatures || k < layers.count - 1
      (h, x) = layer(h, x, input.velocities, differences, edge, input.graph, updatingFeatures: updates)
    }
    return (x, h, fixed)
  }

  /// xᵢ - xⱼ of every edge, and its features: |xᵢ - xⱼ|² and the fixed ones.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func geometry(_ x: Tensor<Scalar>, _ fixed: Tensor<Scalar>, _ graph: Graph) -> (differences: Tensor<Scalar>, edge: Tensor<Scalar>)
  {
    let differences = graph.vectors(x)
    return (differences, Tensor.concatenated([differences.squaredNorm(axis: -1, keepingDimensions: true), fixed]))
  }

  /// Visits embedding, gcl_0, gcl_1, and so on.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("", &layers, label: { "gcl_\($0)" })
    visitor("velocity_head", &velocityHead)
  }
}

/// One layer of ``EGNN``.
struct EGNNLayer<Scalar: TensorScalar>: Module {
  var edge: EdgeMLP<Scalar>
  var node: MLP<Scalar>
  var coordinate: MLP<Scalar>
  var velocity: MLP<Scalar>
  let clamp: EGNN<Scalar>.ShiftClamp

  init(hidden: Int, edgeFeatures: Int, clamp: EGNN<Scalar>.ShiftClamp, using generator: inout some RandomNumberGenerator) {
    self.clamp = clamp
    edge = EdgeMLP(nodeFeatures: hidden, edgeFeatures: 1 + edgeFeatures, hidden: hidden, using: &generator)
    node = MLP(widths: [2 * hidden, hidden, hidden], using: &generator)
    coordinate = MLP(
      widths: [hidden, hidden, 1], lastInitializer: .xavierUniform(gain: 0.001), lastBias: false, using: &generator)
    velocity = MLP(widths: [hidden, hidden, 1], using: &generator)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(
    _ h: Tensor<Scalar>, _ x: Tensor<Scalar>, _ v: Tensor<Scalar>, _ differences: Tensor<Scalar>, _ edgeInput: Tensor<Scalar>,
    _ graph: Graph, updatingFeatures: Bool
  ) -> (features: Tensor<Scalar>, positions: Tensor<Scalar>) {
    let m = edge(h, edgeInput, graph)
    let shifts = clamped(differences * coordinate(m))
    let moved = x + shifts.segmentMean(graph.receivers) + v * velocity(h)
    guard updatingFeatures else { return (h, moved) }
    let sums = m.scatterAdded(graph.receivers)
    return (h + node(Tensor.concatenated([h, sums])), moved)
  }

  /// Shifts [edges, 3] bounded by 100.
  private func clamped(_ shifts: Tensor<Scalar>) -> Tensor<Scalar> {
    if clamp == .component { return shifts.clamped(-100, 100) }
    // 57 √3 < 100: nearly always there is nothing to do.
    let all = shifts.detached
    if all.count == 0 || (all.max().item < 57 && all.min().item > -57) { return shifts }
    let norms = shifts.norm(keepingDimensions: true)
    let bound = Tensor<Scalar>(repeating: 100, shape: norms.shape)
    let isLonger = norms.detached .> bound
    return shifts * Tensor.select(isLonger, bound / Tensor.select(isLonger, norms, bound), .ones(norms.shape))
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("edge_mlp", &edge)
    visitor("node_mlp", &node)
    visitor("coord_mlp", &coordinate)
    visitor("coord_mlp_vel", &velocity)
  }
}

/// Hyperparameters of ``EGNN``, the same for both element types.
public struct EGNNConfiguration: Sendable, Codable, Equatable {
  /// What happens to a shift d φx(m) of an edge that is larger than 100.
  public enum ShiftClamp: String, Sendable, Codable, CaseIterable {
    /// It is shortened to the length 100, which is equivariant.
    case norm
    /// Its components are clamped to −100 ... 100, as in the authors' code, which is not equivariant where one of them is clamped.
    case component
  }

  /// The number of features of a node at the input.
  public var nodeFeatures: Int
  /// The number of features of an edge at the input, without the squared distance.
  public var edgeFeatures: Int
  /// The width of all hidden features.
  public var hidden: Int
  /// The number of layers.
  public var layers: Int
  /// Whether a last layer predicts velocities too.
  public var predictsVelocities: Bool
  /// How the shifts of an edge are bounded.
  public var clamp: ShiftClamp
  /// The paper's n-body model except for the clamp; give ``EGNNConfiguration/ShiftClamp/component`` for weights that were trained with it.
  public init(
    nodeFeatures: Int = 1, edgeFeatures: Int = 1, hidden: Int = 64, layers: Int = 4, predictsVelocities: Bool = false,
    clamp: ShiftClamp = .norm
  ) {
    self.predictsVelocities = predictsVelocities
    self.nodeFeatures = nodeFeatures
    self.edgeFeatures = edgeFeatures
    self.hidden = hidden
    self.layers = layers
    self.clamp = clamp
  }
  /// Configurations written before there was a choice of the clamp have that of the authors.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      nodeFeatures: try values.decode(Int.self, forKey: .nodeFeatures), edgeFeatures: try values.decode(Int.self, forKey: .edgeFeatures),
      hidden: try values.decode(Int.self, forKey: .hidden), layers: try values.decode(Int.self, forKey: .layers),
      predictsVelocities: try values.decode(Bool.self, forKey: .predictsVelocities),
      clamp: try values.decodeIfPresent(ShiftClamp.self, forKey: .clamp) ?? .component)
  }
}
