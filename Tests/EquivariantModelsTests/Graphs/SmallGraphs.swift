import Equivariant

/// Graphs that tests of expressive power are about.
enum SmallGraphs {
  static let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
  static let triangles = SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
  static let chain = SimpleGraph(nodeCount: 6, edges: (1..<6).map { ($0 - 1, $0) })
  /// The 4 × 4 rook's graph: places of one row or column of a board.
  static let rook = cayley { $0 == 0 || $1 == 0 }
  /// Shrikhande's graph, strongly regular with the parameters (16, 6, 2, 2) of the rook's: differences ±(1, 0), ±(0, 1), ±(1, 1) in ℤ₄².
  static let shrikhande = cayley { [[0, 1], [0, 3], [1, 0], [3, 0], [1, 1], [3, 3]].contains([$0, $1]) }

  private static func cayley(_ isJoined: (Int, Int) -> Bool) -> SimpleGraph {
    let pairs = (0..<16).flatMap { a in ((a + 1)..<max(16, a + 1)).map { (a, $0) } }
    return SimpleGraph(nodeCount: 16, edges: pairs.filter { isJoined((($1 / 4) - ($0 / 4) + 4) % 4, ($1 % 4 - $0 % 4 + 4) % 4) })
  }

  /// Finite outputs for a graph without nodes, and none for no graphs.
  static func acceptsEmpty(_ model: some Layer<GraphBatch<Double>, Tensor<Double>>, features: Int) -> Bool {
    let empty = SimpleGraph(nodeCount: 0, edges: [])
    let y = model(GraphBatch([empty, chain], features: .ones([6, features])))
    let alone = model(GraphBatch([chain], features: .ones([6, features])))
    let none = model(GraphBatch([], features: .zeros([0, features])))
    return y.shape[0] == 2 && none.shape[0] == 0 && y.elements.allSatisfy(\.isFinite)
      && (y.sliced(axis: 0, 1..<2) - alone).absolute().max().item < 1e-13
  }

  /// The largest difference of two rows of a model's outputs, relative to the outputs.
  static func distance(_ y: Tensor<Double>, _ a: Int, _ b: Int) -> Double {
    (y.selected(axis: 0, a) - y.selected(axis: 0, b)).absolute().max().item / y.absolute().max().item
  }

  /// The largest change of the outputs when the nodes of all graphs of a batch are numbered otherwise.
  static func deviation(of model: some Layer<GraphBatch<Double>, Tensor<Double>>, on batch: GraphBatch<Double>) -> Double {
    var generator = RandomSource(seed: 8)
    let y = model(batch)
    return (0..<3).map { _ in
      let orders = batch.graphs.enumerated().map { number, graph in
        (graph: number, nodes: SymmetricGroup(graph.nodeCount).randomElement(using: &generator).images)
      }
      return (model(batch.reordered(orders)) - y).absolute().max().item / max(1, y.absolute().max().item)
    }.max()!
  }

  /// Derivatives by the features of the nodes and by all parameters.
  static func derivativeError<M: Layer>(of model: M, on batch: GraphBatch<Double>) -> DerivativeReport
  where M.Scalar == Double, M.Input == GraphBatch<Double>, M.Output == Tensor<Double> {
    var generator = RandomSource(seed: 9)
    return checkDerivatives(
      of: { inputs in
        var (moved, next) = (model, 1)
        moved.forEachTensor { _, _, tensor in
          tensor = inputs[next]
          next += 1
        }
        var graphs = batch
        graphs.features = inputs[0]
        return moved(graphs)
      }, at: [batch.features] + model.namedTensors.map(\.tensor), order: 2, elements: 3, using: &generator)
  }
}
