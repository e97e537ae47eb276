import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import MessagePassing
import NeuralModules
import Requirements

/// The frame-averaged graph network for particles (Puny et al. 2022, section 4.3 and the authors' code): a plain ``GNN`` in the frames of
/// the particles, with new frames between its layers.
///
/// Positions and velocities of a system are seen in each of its principal frames, with features h = embedding(Rᵀ (x − t), Rᵀ v). After each
/// layer but the last, features are taken as vectors, h [3 channels], and averaged over the frames, wᵢ = mean_R R hᵢ; the channels of all
/// particles, as points, have new frames, in which the next layer sees them. The prediction is mean_R R decoder(h) + t. The network is
/// exactly equivariant under E(3) (or SE(3)) and permutations, also for degenerate systems (`DegeneracyPolicy`), where the authors' code is
/// not. Parameters are named as in that code, except for the first linear layer.
public struct FAGNN<Scalar: TensorScalar>: ForwardPassLayer {
  /// Hyperparameters.
  public typealias Configuration = FAGNNConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  /// What happens to systems with repeated eigenvalues, and whether derivatives run through the frames.
  public let frames: PCAFrame
  /// The number of elements of each frame, of the particles and between layers, that a training pass draws; nil for whole frames. A step
  /// costs as many times less as there are fewer elements, and its noise keeps a network from learning a small data set by heart.
  public var trainingElements: Int?
  var embedding: Linear<Scalar>
  var layers: [GNNLayer<Scalar>]
  var decoder: MLP<Scalar>

  /// A network with the initial weights of PyTorch's linear layers.
  public init(
    _ configuration: Configuration = Configuration(), degeneracy: DegeneracyPolicy = .refined, differentiableFrames: Bool = false,
    trainingElements: Int? = nil, using generator: inout some RandomNumberGenerator
  ) {
    require(trainingElements.map { $0 > 0 } ?? true, "at least 1 element of a frame is expected, received \(trainingElements ?? 0)")
    (self.configuration, self.trainingElements) = (configuration, trainingElements)
    frames = PCAFrame(configuration.hasReflections ? .e(3) : .se(3), degeneracy: degeneracy, differentiable: differentiableFrames)
    let hidden = configuration.hidden
    embedding = Linear(6, hidden, using: &generator)
    layers = (0..<configuration.layers).map { _ in
      GNNLayer(hidden: hidden, edgeFeatures: configuration.edgeFeatures + 1, using: &generator)
    }
    decoder = MLP(widths: [hidden, hidden, 3], using: &generator)
  }

  /// The predicted positions, [nodes, 3]. All systems of the batch (`Graph.graphSizes`) must have the same number of particles.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ input: ParticleBatch<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    let sizes = input.graph.graphSizes
    let (systems, n) = (sizes.count, sizes.first ?? 0)
    require(sizes.allSatisfy { $0 == n }, "systems of equal size are expected, received \(sizes)")
    let differences = input.graph.vectors(input.positions)
    let edges = Tensor.concatenated([input.edgeFeatures, differences.squaredNorm(keepingDimensions: true)])
    var copies = FrameCopies(input.graph, edges)

    let state: [FrameFeature] = [.points(), .vectors()]
    let x = Tensor.concatenated([input.positions, input.velocities]).reshaped(systems, n, 6)
    var frames = selected(self.frames(x, as: state), &pass)
    let centers = frames.centers!
    var h = embedding(frames.framed(x, as: state).reshaped(frames.count * n, 6))
    let channels = configuration.hidden / 3
    for (k, layer) in layers.enumerated() {
      if k > 0 {
        let vectors = frames.averaged(h.reshaped(frames.count, n, configuration.hidden), as: [.vectors(channels)])
        frames = selected(self.frames(vectors, as: [.points(channels)]), &pass)
        h = frames.framed(vectors, as: [.points(channels)]).reshaped(frames.count * n, configuration.hidden)
      }
      copies.update(for: frames.clouds.multiplicities)
      h = layer(h, copies.edges, copies.graph)
    }
    let vectors = frames.averaged(decoder(h).reshaped(frames.count, n, 3), as: [.vectors()])
    if configuration.predictsDisplacement { return input.positions + vectors.reshaped(systems * n, 3) }
    return (vectors + centers.expandingAxis(1)).reshaped(systems * n, 3)
  }

  private func selected(_ frames: FrameBatch<Scalar>, _ pass: inout ForwardPass<Scalar>) -> FrameBatch<Scalar> {
    guard pass.isTraining, let trainingElements else { return frames }
    return frames.sampled(trainingElements, using: &pass.random)
  }

  /// Visits embedding, gcl_0 and so on, and decoder.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("", &layers, label: { "gcl_\($0)" })
    visitor("decoder", &decoder)
  }
}

/// The graph and the edge features once for every frame, which are made again only where the number of frames changes.
private struct FrameCopies<Scalar: TensorScalar> {
  private let original: (graph: Graph, edges: Tensor<Scalar>)
  private var counts: [Int] = []
  private(set) var graph: Graph
  private(set) var edges: Tensor<Scalar>

  init(_ graph: Graph, _ edges: Tensor<Scalar>) {
    original = (graph, edges)
    (self.graph, self.edges) = (graph, edges)
  }

  mutating func update(for counts: [Int]) {
    guard counts != self.counts else { return }
    self.counts = counts
    let copies = original.graph.copies(counts)
    graph = copies.graph
    edges = original.edges.gathered(copies.edges)
  }
}

/// Hyperparameters of ``FAGNN``, the same for both element types.
public struct FAGNNConfiguration: Sendable, Codable, Equatable {
  /// The number of features of an edge at the input, without the squared distance.
  public var edgeFeatures: Int
  /// The width of all hidden features, a multiple of 3.
  public var hidden: Int
  /// The number of layers.
  public var layers: Int
  /// Whether reflections are symmetries: E(3) with 8 frames if so, otherwise SE(3) with 4.
  public var hasReflections: Bool
  /// Whether the network predicts how far particles move, instead of where they end: xᵢ + mean_R R decoder(h), which is not in the paper.
  public var predictsDisplacement: Bool
  /// The paper's n-body model.
  public init(
    edgeFeatures: Int = 1, hidden: Int = 60, layers: Int = 4, hasReflections: Bool = true, predictsDisplacement: Bool = false
  ) {
    require(hidden % 3 == 0, "a width that is a multiple of 3 is expected, received \(hidden)")
    (self.edgeFeatures, self.hidden, self.layers, self.hasReflections) = (edgeFeatures, hidden, layers, hasReflections)
    self.predictsDisplacement = predictsDisplacement
  }
}
