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

  /// What the network's outputs are averaged over.
  enum Averaging { case nothing, frame, group }

  var averaging: Averaging {
    switch self {
    case .gin, .ginID: .nothing
    case .faGINID, .faMLP: .frame
    case .gaGINID, .gaMLP: .group
    }
  }
  var isMLP: Bool { self == .faMLP || self == .gaMLP }
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// One of two networks on graphs.
struct GraphNetwork: Layer {
  var gin: GIN<Float>?
  var mlp: AdjacencyMLP<Float>?

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
    _ kind: ModelKind, nodes: Int, head: [Int], activation: Activation, pooling: GIN<Float>.Pooling, output: Activation,
    using generator: inout RandomSource
  ) {
    if kind.isMLP {
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

  func callAsFunction(_ x: GraphBatch<Float>) -> Tensor<Float> { gin.map { $0(x) } ?? mlp!(x) }
  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("gin", &gin)
    visitor("mlp", &mlp)
  }
}

/// Graphs with their frames, found once, ready for a kind of averaging.
struct PreparedGraphs {
  private let graphs: [SimpleGraph]
  private let features: [[Double]]
  /// None where nothing is averaged.
  private let frames: [GraphFrame]?
  /// Whether the average over each frame takes one evaluation.
  let isCanonical: Bool

  /// Graphs with one number a node, and the frames of the given form or of the whole group.
  init(_ graphs: [SimpleGraph], features: [[Double]], averaging: ModelKind.Averaging, form: SpectralFrame.Form) throws {
    self.graphs = graphs
    self.features = features
    switch averaging {
    case .nothing: frames = nil
    case .group: frames = graphs.map { .all($0.nodeCount) }
    case .frame: frames = try zip(graphs, features).map { try SpectralFrame(form)($0, features: $1.map { [$0] }) }
    }
    isCanonical = frames?.allSatisfy(\.isCanonical) ?? true
  }

  /// The graphs of the given numbers: exact where that takes one evaluation each, otherwise with `elements` drawn for each.
  func input(_ numbers: [Int], elements: Int = 1, using generator: inout RandomSource) throws -> FramedGraphBatch<Float> {
    let values = numbers.flatMap { features[$0].map(Float.init) }
    let batch = GraphBatch(numbers.map { graphs[$0] }, features: Tensor(values, shape: [values.count, 1]))
    guard let frames else { return FramedGraphBatch(batch) }
    let own = numbers.map { frames[$0] }
    return isCanonical ? try FramedGraphBatch(batch, over: own) : FramedGraphBatch(batch, over: own, sampling: elements, using: &generator)
  }

  /// All graphs in batches.
  func inputs(elements: Int = 1, using generator: inout RandomSource) throws -> [FramedGraphBatch<Float>] {
    try stride(from: 0, to: graphs.count, by: 512).map {
      try input(Array($0..<min($0 + 512, graphs.count)), elements: elements, using: &generator)
    }
  }

  /// The outputs for all graphs, [graphs, outputs].
  func outputs(of model: GraphFrameAveraging<GraphNetwork>, elements: Int = 1, using generator: inout RandomSource) throws -> Tensor<Float>
  {
    let inputs = try inputs(elements: elements, using: &generator)
    return withoutRecording { .concatenated(inputs.map { model($0) }, axis: 0) }
  }
}
