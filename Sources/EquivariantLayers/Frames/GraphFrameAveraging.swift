import DifferentiableTensors
import GroupTheory
import MessagePassing
import NeuralModules
import Requirements

/// The graphs of a batch in the orders given by elements of their frames, over which a backbone that depends on the order of nodes is
/// averaged.
///
/// The frames are found once; the batch can then be used in every step of a training.
public struct FramedGraphBatch<Scalar: TensorScalar>: Sendable {
  /// The framed graphs g⁻¹A, of all graphs together.
  public let framed: GraphBatch<Scalar>
  /// The share of each framed graph in the average of its graph, [framed graphs, 1].
  public let weights: Tensor<Scalar>
  /// The graph that each framed graph is of.
  public let graphs: RowIndex

  private init(_ batch: GraphBatch<Scalar>, _ elements: [(graph: Int, element: Permutation, weight: Double)]) {
    framed = batch.reordered(elements.map { ($0.graph, $0.element.images) })
    weights = Tensor(elements.map { Scalar($0.weight) }, shape: [elements.count, 1])
    graphs = RowIndex(elements.map(\.graph), rowCount: batch.graphs.count)
  }

  /// Each graph once, in the order of its numbers, without an average.
  public init(_ batch: GraphBatch<Scalar>) {
    framed = batch
    weights = .ones([batch.graphs.count, 1])
    graphs = RowIndex(Array(batch.graphs.indices), rowCount: batch.graphs.count)
  }

  /// All elements of the frames, with equal framed graphs taken once, for the exact average.
  ///
  /// Its derivatives by parameters are exact too. Derivatives by features are taken at fixed elements: where nodes are alike, so that two
  /// elements give one framed graph, they are those of the element that was taken.
  /// - Throws: ``GraphFrameError/tooManyElements(count:limit:)``.
  public init(_ batch: GraphBatch<Scalar>, over frames: [GraphFrame], limit: Int = 5040) throws(GraphFrameError) {
    Self.check(batch, frames)
    var elements: [(Int, Permutation, Double)] = []
    let rows = batch.featureRows
    for (k, frame) in frames.enumerated() {
      for (element, weight) in try frame.distinct(for: batch.graphs[k], features: rows[k], limit: limit).elements {
        elements.append((k, element, weight))
      }
    }
    self.init(batch, elements)
  }

  /// `count` elements of each frame, uniform and independent: an unbiased estimate of the average, which changes from draw to draw.
  public init(
    _ batch: GraphBatch<Scalar>, over frames: [GraphFrame], sampling count: Int, using generator: inout some RandomNumberGenerator
  ) {
    Self.check(batch, frames)
    require(count > 0, "at least one element is expected, received \(count)")
    var elements: [(Int, Permutation, Double)] = []
    for (k, frame) in frames.enumerated() {
      for _ in 0..<count { elements.append((k, frame.randomElement(using: &generator), 1 / Double(count))) }
    }
    self.init(batch, elements)
  }

  private static func check(_ batch: GraphBatch<Scalar>, _ frames: [GraphFrame]) {
    require(frames.count == batch.graphs.count, "\(batch.graphs.count) frames are expected, received \(frames.count)")
  }
}

extension GraphBatch {
  /// The features of the nodes of each graph, [graph][node][width].
  public var featureRows: [[[Double]]] {
    let (values, width) = (features.elements, features.shape[1])
    var start = 0
    return graphs.map { graph in
      defer { start += graph.nodeCount * width }
      return (0..<graph.nodeCount).map { i in (0..<width).map { Double(values[start + i * width + $0]) } }
    }
  }

  /// The frame of every graph with its features.
  /// - Throws: ``GraphFrameError/searchLimit(visited:)``.
  public func frames(_ frame: SpectralFrame) throws(GraphFrameError) -> [GraphFrame] {
    var frames: [GraphFrame] = []
    for (graph, rows) in zip(graphs, featureRows) { frames.append(try frame(graph, features: rows)) }
    return frames
  }
}

/// A backbone made invariant under relabelling of nodes: the mean of its outputs over a frame, ⟨Φ⟩(A) = Σ w(g) Φ(g⁻¹A), all in one batched
/// evaluation (Puny et al. 2022, eq. 3).
///
/// Over all elements of an exact frame it is exactly invariant, except for rounding of the sum; a canonical frame takes one evaluation per
/// graph. The parameters are the backbone's, under its names.
public struct GraphFrameAveraging<Backbone: Layer>: Layer
where Backbone.Input == GraphBatch<Backbone.Scalar>, Backbone.Output == Tensor<Backbone.Scalar> {
  /// The network that is averaged, from graphs to rows [graphs, outputs].
  public var backbone: Backbone

  /// The average of `backbone`.
  public init(_ backbone: Backbone) { self.backbone = backbone }

  /// The averages, [graphs, outputs].
  public func callAsFunction(_ input: FramedGraphBatch<Backbone.Scalar>) -> Tensor<Backbone.Scalar> {
    (backbone(input.framed) * input.weights).scatterAdded(input.graphs)
  }

  /// Visits the backbone under its own names.
  public mutating func visit(_ visitor: inout ParameterVisitor<Backbone.Scalar>) { visitor("", &backbone) }
}
