import DifferentiableTensors
import MessagePassing
import NeuralModules
import Requirements

/// A network on phase space: positions and velocities of particles go through steps that are learned from their pairs, each equivariant
/// under the Galilei group (rotations, reflections, shifts of space and uniform motions) and permutations.
///
/// A step of length h = time / steps sees of the pair (i, j), with r = xᵢ − xⱼ and w = vᵢ − vⱼ, the invariants log |r|, |r|, log |w| and
/// r·w / (|r| |w|), and the features of its edge and of its ends. From these a network φ makes coefficients:
///
/// xᵢ ← xᵢ + h vᵢ + h Σⱼ (a r/|r| + b w), vᵢ ← vᵢ + Σⱼ (c r/|r| + d w), (a, b, c, d, m) = φ(...), and hᵢ ← hᵢ + ψ(hᵢ, Σⱼ m).
///
/// All coefficients are the same for both ends of a pair, so that total momentum is kept and the centre of mass moves uniformly. Coupled in
/// this way, two vectors span all vectors of their plane: any map of two bodies, such as the flow of a central force between them, is one
/// step. The force law itself is not built in.
public struct GalileanFlow<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = GalileanFlowConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var start: Tensor<Scalar>?
  var steps: [GalileanStep<Scalar>]

  /// A network with random weights, whose steps change little at first.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    self.configuration = c
    start = c.nodeFeatures > 0 ? .normal([1, c.nodeFeatures], standardDeviation: 0.1, using: &generator) : nil
    steps = []
    for k in 0..<(c.sharesWeights ? 1 : c.steps) {
      steps.append(GalileanStep(c, sendsMessages: c.sharesWeights || k < c.steps - 1, using: &generator))
    }
  }

  /// The predicted positions, [nodes, 3].
  public func callAsFunction(_ input: ParticleBatch<Scalar>) -> Tensor<Scalar> { phaseSpace(input).positions }

  /// The predicted positions and velocities, [nodes, 3] each.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func phaseSpace(_ input: ParticleBatch<Scalar>) -> (positions: Tensor<Scalar>, velocities: Tensor<Scalar>) {
    let pairs = input.graph.edgePairs(joiningReversed: true)
    require(pairs.isMutual.allSatisfy { $0 }, "a graph with both edges of every pair is expected")
    let features = input.edgeFeatures.gathered(pairs.edges)
    let h = Scalar(configuration.time / Double(configuration.steps))
    var state = Tensor.concatenated([input.positions, input.velocities])
    var nodes = start.map { $0.gathered(RowIndex(Array(repeating: 0, count: input.graph.nodeCount), rowCount: 1)) }
    for k in 0..<configuration.steps {
      let updates = k < configuration.steps - 1
      (state, nodes) = steps[k % steps.count](state, nodes, features, pairs, h, updatingNodes: updates)
    }
    return (state.sliced(axis: 1, 0..<3), state.sliced(axis: 1, 3..<6))
  }

  /// Visits start, step_0, and so on.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("start", &start)
    visitor("", &steps, label: { "step_\($0)" })
  }
}

/// One step of ``GalileanFlow``.
struct GalileanStep<Scalar: TensorScalar>: Module {
  var pair: MLP<Scalar>
  var node: MLP<Scalar>?

  /// The last step sends no messages, since nothing would receive them.
  init(_ c: GalileanFlowConfiguration, sendsMessages: Bool, using generator: inout some RandomNumberGenerator) {
    let messages = sendsMessages ? c.nodeFeatures : 0
    pair = MLP(
      widths: [4 + c.edgeFeatures + c.nodeFeatures] + Array(repeating: c.hidden, count: c.depth - 1) + [4 + messages],
      lastInitializer: .xavierUniform(gain: 0.1), lastBias: false, using: &generator)
    if messages > 0 { node = MLP(widths: [2 * c.nodeFeatures, c.hidden, c.nodeFeatures], using: &generator) }
  }

  /// - Parameters:
  ///   - state: x and v, [nodes, 6].
  ///   - nodes: h, [nodes, features].
  ///   - edge: the features of the pairs.
  ///   - pairs: which particles act on each other.
  ///   - h: the length of the step.
  ///   - updatingNodes: whether the features of the nodes are needed again.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(
    _ state: Tensor<Scalar>, _ nodes: Tensor<Scalar>?, _ edge: Tensor<Scalar>, _ pairs: EdgePairs, _ h: Scalar, updatingNodes: Bool
  ) -> (state: Tensor<Scalar>, nodes: Tensor<Scalar>?) {
    let difference = state.gathered(pairs.receivers) - state.gathered(pairs.senders)
    let (r, w) = (difference.sliced(axis: 1, 0..<3), difference.sliced(axis: 1, 3..<6))
    // The small number keeps the logarithm and its derivatives finite where bodies meet or move alike.
    let distance = (r.squaredNorm(keepingDimensions: true) + 1e-6).squareRoot()
    let speed = (w.squaredNorm(keepingDimensions: true) + 1e-6).squareRoot()
    let direction = r / distance
    let cosine = (direction * w).sum(axis: 1, keepingDimensions: true) / speed
    var inputs = [distance.log(), distance * 0.3, speed.log(), cosine, edge]
    if let nodes { inputs.append(nodes.gathered(pairs.receivers) + nodes.gathered(pairs.senders)) }
    let out = pair(.concatenated(inputs))
    func coefficient(_ k: Int) -> Tensor<Scalar> { out.sliced(axis: 1, k..<k + 1) }
    let moves = (direction * coefficient(0) + w * coefficient(1)) * h
    let kicks = direction * coefficient(2) + w * coefficient(3)
    let change = Tensor.concatenated([moves, kicks])
    let drift = Tensor.concatenated([state.sliced(axis: 1, 3..<6) * h, .zeros([state.shape[0], 3])])
    let next = state + drift + change.scatterAdded(pairs.receivers) - change.scatterAdded(pairs.senders)
    guard updatingNodes, let nodes, let node else { return (next, nodes) }
    let messages = out.sliced(axis: 1, 4..<out.shape[1])
    let sums = messages.scatterAdded(pairs.receivers) + messages.scatterAdded(pairs.senders)
    return (next, nodes + node(.concatenated([nodes, sums])))
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("pair", &pair)
    visitor("node", &node)
  }
}

/// Hyperparameters of ``GalileanFlow``, the same for both element types.
public struct GalileanFlowConfiguration: Sendable, Codable, Equatable {
  /// The number of features of an edge at the input, which are equal for both edges of a pair.
  public var edgeFeatures: Int
  /// The width of φ.
  public var hidden: Int
  /// The number of linear layers of φ.
  public var depth: Int
  /// The number of features h of the particles, which carry what one pair knows to others; 0 for none.
  public var nodeFeatures: Int
  /// The number of steps.
  public var steps: Int
  /// Whether all steps have the same weights.
  public var sharesWeights: Bool
  /// The time from the given positions to the predicted ones.
  public var time: Double
  /// A configuration, by default with ten equal steps of pairs alone.
  public init(
    edgeFeatures: Int = 1, hidden: Int = 64, depth: Int = 3, nodeFeatures: Int = 0, steps: Int = 10, sharesWeights: Bool = true,
    time: Double = 1
  ) {
    (self.edgeFeatures, self.hidden, self.depth, self.nodeFeatures) = (edgeFeatures, hidden, depth, nodeFeatures)
    (self.steps, self.sharesWeights, self.time) = (steps, sharesWeights, time)
  }
}
