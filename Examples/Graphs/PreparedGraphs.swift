import ArgumentParser
import Equivariant

/// Graphs with their frames, which are found once, prepared for a kind of averaging.
struct PreparedGraphs {
  private let graphs: [SimpleGraph]
  private let features: [[Double]]
  /// The groups of graphs that go through the network together, as many as keep the tensors small.
  private let groups: [[Int]]
  private static let groupSize = 100_000
  /// The frames of the graphs; nil if nothing is averaged.
  private let frames: [GraphFrame]?
  /// Whether the average over each frame takes one evaluation.
  let isCanonical: Bool

  /// Prepares graphs with one number for each node for a network, which is averaged over frames of the given form or over the whole group.
  init(_ graphs: [SimpleGraph], features: [[Double]], for architecture: any Architecture.Type, form: SpectralFrame.Form) throws {
    self.graphs = graphs
    self.features = features
    var (groups, size) = ([[Int]](), Int.max)
    for (k, graph) in graphs.enumerated() {
      let own = architecture.size(of: graph)
      if size > Self.groupSize - own {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(k)
      size += own
    }
    self.groups = groups
    switch architecture.averaging {
    case .nothing: frames = nil
    case .group: frames = graphs.map { .all($0.nodeCount) }
    case .frame: frames = try zip(graphs, features).map { try SpectralFrame(form)($0, features: $1.map { [$0] }) }
    }
    isCanonical = frames?.allSatisfy(\.isCanonical) ?? true
  }

  /// The graphs with the given numbers. The average is exact if it takes one evaluation for each graph; otherwise `elements` are drawn for
  /// each.
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

/// The networks that a command compares.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Networks: \(architectures.map { $0.name }.joined(separator: ", ")); all where not given.") var model: [NetworkName] = []

  /// The networks in the given order; all if none is given.
  var chosen: [any Architecture.Type] { model.isEmpty ? architectures : model.map(\.architecture) }
}

/// The name of an architecture.
struct NetworkName: ExpressibleByArgument {
  let architecture: any Architecture.Type

  init?(argument: String) {
    guard let found = architectures.first(where: { $0.name == argument }) else { return nil }
    architecture = found
  }
}
