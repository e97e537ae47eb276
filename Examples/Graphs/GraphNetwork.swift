import ArgumentParser
import Equivariant

/// The networks that are compared.
enum ModelKind: String, CaseIterable, ExpressibleByArgument {
  case gin
  case ginID = "gin-id"
  case faGINID = "fa-gin-id"
  case faMLP = "fa-mlp"
  case gaGINID = "ga-gin-id"
  case gaMLP = "ga-mlp"
  case ign
  case ign3 = "ign-3"
  case ppgn
  case spen
  case spen2 = "spen-2"
  case spenPoints = "spen-points"
  case spenID = "spen-id"
  case nodeDeleted = "spen-node-deleted"
  case nodeMarked = "spen-node-marked"
  case edgeDeleted = "spen-edge-deleted"

  /// What the network's outputs are averaged over.
  enum Averaging { case nothing, frame, group }

  var averaging: Averaging {
    switch self {
    case .faGINID, .faMLP: .frame
    case .gaGINID, .gaMLP: .group
    default: .nothing
    }
  }
  /// The subgraphs that a network works on.
  var policy: SubgraphPolicy? {
    switch self {
    case .spen, .spenPoints: .ego(hops: 1)
    case .spen2: .ego(hops: 2)
    case .spenID: .egoWithIdentity(hops: 1)
    case .nodeDeleted: .nodeDeleted
    case .nodeMarked: .nodeMarked
    case .edgeDeleted: .edgeDeleted
    default: nil
    }
  }
  /// How many numbers sixteen channels have on a graph in sixteens, about: nodes, or the pairs or triples of the nodes of its subgraphs.
  func size(of graph: SimpleGraph) -> Int {
    let n = graph.nodeCount
    return switch self {
    case .spen, .spenPoints, .spenID: graph.neighbors.map { ($0.count + 1) * ($0.count + 1) }.reduce(0, +)
    case .spen2, .nodeDeleted, .nodeMarked, .ign3: n * n * n
    case .edgeDeleted: graph.edgeCount * n * n
    case .ign, .ppgn: n * n
    case .gin, .ginID, .faGINID, .faMLP, .gaGINID, .gaMLP: 4 * n
    }
  }
  var isMLP: Bool { self == .faMLP || self == .gaMLP }
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// One of several networks on graphs.
struct GraphNetwork<Scalar: TensorScalar>: Layer {
  var gin: GIN<Scalar>?
  var mlp: AdjacencyMLP<Scalar>?
  var ign: InvariantGraphNetwork<Scalar>?
  var ppgn: PPGN<Scalar>?
  var spen: SPEN<Scalar>?
  private let output: Activation

  /// A network for graphs of at most `nodes` nodes with one feature.
  /// - Parameters:
  ///   - kind: which network.
  ///   - nodes: the largest number of nodes.
  ///   - head: widths after the hidden layers, the number of outputs last.
  ///   - activation: between the layers.
  ///   - pooling: of the nodes, where they are pooled.
  ///   - output: after the last layer.
  ///   - generator: source of the initial values.
  init(
    _ kind: ModelKind, nodes: Int, head: [Int], activation: Activation, pooling: GIN<Scalar>.Pooling, output: Activation,
    using generator: inout RandomSource
  ) {
    self.output = output
    defer {
      // Further from linear maps, near which different graphs have nearly equal outputs.
      if gin == nil && mlp == nil { forEachTensor { _, _, tensor in tensor = tensor * 2 } }
    }
    if let policy = kind.policy {
      // Sums over copies and subgraphs lose nothing that their means tell.
      var c = SPEN<Scalar>.Configuration()
      (c.policy, c.hidden, c.activation) = (policy, [16, 16, 16], activation)
      if kind == .spenPoints { c.orders = [1] }
      // Marks and deletions are lost where all subgraphs go on alike.
      c.sharing = kind == .spen || kind == .spen2 || kind == .spenPoints ? .host : .both
      (c.recombination, c.readout, c.normalizes, c.normalizesAdjacency, c.head) = (.sum, .sum, false, false, head)
      spen = SPEN(c, using: &generator)
    } else if kind == .ign || kind == .ign3 {
      ign = InvariantGraphNetwork(
        .init(orders: Array(repeating: kind == .ign ? 2 : 3, count: 3), hidden: 16, activation: activation, head: head), using: &generator)
    } else if kind == .ppgn {
      ppgn = PPGN(.init(blocks: 4, hidden: 16, activation: activation, head: head), using: &generator)
    } else if kind.isMLP {
      // The sizes of the paper: small ones for graphs of eight nodes, large ones for EXP.
      let isSmall = nodes <= 8
      mlp = AdjacencyMLP(
        .init(
          nodes: nodes, features: isSmall ? nil : 1, hidden: (isSmall ? [128, 64] : [2048, 4096, 2048]) + head.dropLast(),
          outputs: head.last!, activation: activation, outputActivation: output), using: &generator)
    } else {
      gin = GIN(
        .init(
          identities: kind == .gin ? nil : nodes, activation: activation, pooling: pooling, head: head, outputActivation: output),
        using: &generator)
    }
  }

  func callAsFunction(_ x: GraphBatch<Scalar>) -> Tensor<Scalar> {
    gin?(x) ?? mlp?(x) ?? output(ign?(x) ?? ppgn?(x) ?? spen!(x))
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("gin", &gin)
    visitor("mlp", &mlp)
    visitor("ign", &ign)
    visitor("ppgn", &ppgn)
    visitor("spen", &spen)
  }
}

/// Graphs with their frames, found once, ready for a kind of averaging.
struct PreparedGraphs {
  private let graphs: [SimpleGraph]
  private let features: [[Double]]
  /// Graphs that go together through the network: as many as keep the tensors small.
  private let groups: [[Int]]
  private static let groupSize = 100_000
  /// None where nothing is averaged.
  private let frames: [GraphFrame]?
  /// Whether the average over each frame takes one evaluation.
  let isCanonical: Bool

  /// Graphs with one number a node, for a network, and the frames of the given form or of the whole group that it is averaged over.
  init(_ graphs: [SimpleGraph], features: [[Double]], for kind: ModelKind, form: SpectralFrame.Form) throws {
    self.graphs = graphs
    self.features = features
    var (groups, size) = ([[Int]](), Int.max)
    for (k, graph) in graphs.enumerated() {
      let own = kind.size(of: graph)
      if size > Self.groupSize - own {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(k)
      size += own
    }
    self.groups = groups
    switch kind.averaging {
    case .nothing: frames = nil
    case .group: frames = graphs.map { .all($0.nodeCount) }
    case .frame: frames = try zip(graphs, features).map { try SpectralFrame(form)($0, features: $1.map { [$0] }) }
    }
    isCanonical = frames?.allSatisfy(\.isCanonical) ?? true
  }

  /// The graphs of the given numbers: exact where that takes one evaluation each, otherwise with `elements` drawn for each.
  func input<Scalar: TensorScalar>(
    _ numbers: [Int], elements: Int = 1, using generator: inout RandomSource
  ) throws -> FramedGraphBatch<Scalar> {
    let values = numbers.flatMap { features[$0].map { Scalar($0) } }
    let batch = GraphBatch(numbers.map { graphs[$0] }, features: Tensor(values, shape: [values.count, 1]))
    guard let frames else { return FramedGraphBatch(batch) }
    let own = numbers.map { frames[$0] }
    return isCanonical ? try FramedGraphBatch(batch, over: own) : FramedGraphBatch(batch, over: own, sampling: elements, using: &generator)
  }

  /// All graphs in batches.
  func inputs<Scalar: TensorScalar>(elements: Int = 1, using generator: inout RandomSource) throws -> [FramedGraphBatch<Scalar>] {
    try groups.map { try input($0, elements: elements, using: &generator) }
  }

  /// The outputs for all graphs, [graphs, outputs].
  func outputs<Scalar: TensorScalar>(
    of model: GraphFrameAveraging<GraphNetwork<Scalar>>, elements: Int = 1, using generator: inout RandomSource
  ) throws -> Tensor<Scalar> {
    let inputs: [FramedGraphBatch<Scalar>] = try inputs(elements: elements, using: &generator)
    return withoutRecording { .concatenated(inputs.map { model($0) }, axis: 0) }
  }
}
