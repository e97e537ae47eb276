import Equivariant
import Foundation
import Testing

@Suite struct GINTests {
  static let chain = SimpleGraph(nodeCount: 6, edges: (1..<6).map { ($0 - 1, $0) })
  static let ring = SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) })
  static let triangles = SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])

  /// Eq. 4.1, node by node, with plain numbers.
  @Test func definition() {
    var generator = RandomSource(seed: 1)
    let model = GIN<Double>(.init(features: 2, identities: 7, hidden: 3, layers: 2, head: [4, 2]), using: &generator)
    let batch = GraphBatch<Double>([Self.chain, Self.ring], features: .normal([12, 2], using: &generator))
    let tensors = Dictionary(uniqueKeysWithValues: model.namedTensors.map { ($0.path, $0.tensor) })
    func affine(_ name: String, _ x: [Double], tanh activates: Bool = true) -> [Double] {
      let (w, b) = (tensors[name + ".weight"]!, tensors[name + ".bias"]!)
      return (0..<w.shape[0]).map { r in
        let y = x.indices.reduce(b[r]) { $0 + w[r, $1] * x[$1] }
        return activates ? Tensor(y).tanh().item : y
      }
    }
    var expected: [Double] = []
    for (k, graph) in batch.graphs.enumerated() {
      var h = (0..<6).map { i in
        [batch.features[6 * k + i, 0], batch.features[6 * k + i, 1], Double(graph.neighbors[i].count)] + (0..<7).map { $0 == i ? 1 : 0 }
      }
      for layer in 0..<2 {
        let epsilon = tensors["convs.\(layer).eps"]!.item
        #expect((0..<1).contains(epsilon))
        h = (0..<6).map { i in
          affine("convs.\(layer).nn.0", h[i].indices.map { c in (1 + epsilon) * h[i][c] + graph.neighbors[i].reduce(0) { $0 + h[$1][c] } })
        }
      }
      expected += affine("head.2", affine("head.0", (0..<3).map { c in h.reduce(0) { $0 + $1[c] } }))
    }
    #expect((model(batch) - Tensor(expected, shape: [2, 2])).absolute().max().item < 1e-14)
  }

  /// A ring of six and two triangles: equal for colour refinement. Node numbers tell them apart.
  @Test func separatesWithIdentitiesOnly() {
    var generator = RandomSource(seed: 2)
    let batch = GraphBatch<Double>([Self.ring, Self.triangles, Self.chain])
    let plain = GIN<Double>(using: &generator)(batch), numbered = GIN<Double>(.init(identities: 6), using: &generator)(batch)
    func distance(_ x: Tensor<Double>, _ a: Int, _ b: Int) -> Double {
      (x.selected(axis: 0, a) - x.selected(axis: 0, b)).absolute().sum().item
    }
    #expect(distance(plain, 0, 1) < 1e-13 && distance(plain, 0, 2) > 1e-2)
    #expect(distance(numbered, 0, 1) > 1e-2)
  }

  /// With the exact frame, relabelling changes outputs in single precision by less than 1e-6, and without it much more.
  @Test(arguments: [true, false]) func frameAveragesAreInvariant(usesGIN: Bool) throws {
    var generator = RandomSource(seed: 3)
    func check<Backbone: Layer>(_ model: Backbone) throws
    where Backbone.Scalar == Float, Backbone.Input == GraphBatch<Float>, Backbone.Output == Tensor<Float> {
      let averaged = GraphFrameAveraging(model)
      for graph in [Self.chain, Self.ring, Self.triangles] {
        let features = (0..<6).map { [Double($0 % 2)] }
        var outputs: (plain: [Tensor<Float>], averaged: [Tensor<Float>]) = ([], [])
        for _ in 0..<4 {
          let sigma = SymmetricGroup(6).randomElement(using: &generator)
          let x = Tensor<Double>(rows: sigma.apply(to: features)).converted(to: Float.self)
          let batch = GraphBatch([graph.relabelled(sigma.images)], features: x)
          outputs.plain.append(model(batch))
          outputs.averaged.append(averaged(try FramedGraphBatch(batch, over: batch.frames(SpectralFrame()))))
        }
        func spread(_ x: [Tensor<Float>]) -> Float { x.map { ($0 - x[0]).absolute().max().item }.max()! }
        #expect(spread(outputs.averaged) < 1e-6 && spread(outputs.plain) > 1e-4)
      }
    }
    if usesGIN {
      try check(GIN<Float>(.init(identities: 6), using: &generator))
    } else {
      try check(AdjacencyMLP<Float>(.init(nodes: 7, features: 1), using: &generator))
    }
  }

  @Test func derivativesAndParameters() {
    var generator = RandomSource(seed: 4)
    let model = GIN<Double>(
      .init(identities: 6, hidden: 5, depth: 2, pooling: .mean, head: [4, 1], outputActivation: .identity), using: &generator)
    #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
    let batch = GraphBatch<Double>([Self.ring, Self.chain])
    let report = checkDerivatives(
      of: {
        var moved = batch
        moved.features = $0[0]
        return model(moved)
      }, at: [.normal([12, 1], using: &generator)], order: 2, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
    let (_, gradient) = valueWithGradient(at: model) { $0(batch).squared().mean() }
    for (named, g) in zip(model.namedTensors, gradient.tensors) { #expect(g.absolute().max().item > 0, "\(named.path)") }
  }
}

/// GIN as graphs are classified with: batch normalisation, a readout of all layers, dropout.
@Suite struct GINClassifierTests {
  private struct Reference: Decodable {
    let parameters, running: [String: [Double]]
    let features, evaluation, training: [Double]
    let nodes: [Int]
    let edges: [[[Int]]]

    init() throws {
      let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../References/gin_classifier.json")
      self = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }
    var batch: GraphBatch<Double> {
      let graphs = zip(nodes, edges).map { n, edges in SimpleGraph(nodeCount: n, edges: edges.map { ($0[0], $0[1]) }) }
      return GraphBatch(graphs, features: Tensor(features, shape: [features.count / 2, 2]))
    }
  }

  private static func model(dropout: Double, using generator: inout RandomSource) -> GIN<Double> {
    var c = GIN<Double>.Configuration.classifier(features: 2, classes: 3, hidden: 4, dropout: dropout)
    c.layers = 2
    return GIN(c, using: &generator)
  }

  private func distance(_ a: Tensor<Double>, _ b: [Double]) -> Double { zip(a.elements, b).map { ($0 - $1).magnitude }.max()! }

  @Test func numbersOfPyTorch() throws {
    let reference = try Reference()
    var generator = RandomSource(seed: 6)
    var model = Self.model(dropout: 0, using: &generator)
    #expect(Set(model.namedTensors.map(\.path)) == Set(reference.parameters.keys))
    model.forEachTensor { path, _, tensor in tensor = Tensor(reference.parameters["\(path)"]!, shape: tensor.shape) }
    #expect(distance(model(reference.batch), reference.evaluation) < 1e-13)
    var pass = ForwardPass<Double>.training(using: generator)
    #expect(distance(model(reference.batch, &pass), reference.training) < 1e-12)
    model.update(with: pass)
    for named in model.namedTensors where named.role == .buffer {
      #expect(distance(named.tensor, reference.running[named.path]!) < 1e-13, "\(named.path)")
    }
  }

  /// Nodes under other numbers give the same, and other edges do not.
  @Test func invariance() throws {
    var generator = RandomSource(seed: 7)
    let model = Self.model(dropout: 0.5, using: &generator)
    let batch = try Reference().batch
    let orders = batch.graphs.enumerated().map { (graph: $0, nodes: generator.permutation($1.nodeCount)) }
    #expect(distance(model(batch.reordered(orders)), model(batch).elements) < 1e-13)
    var other = batch.graphs
    other[2] = SimpleGraph(nodeCount: 3, edges: [(0, 1)])
    #expect(distance(model(GraphBatch(other, features: batch.features)), model(batch).elements) > 1e-2)
  }

  @Test func derivativesAndParameters() throws {
    var generator = RandomSource(seed: 8)
    let model = Self.model(dropout: 0, using: &generator)
    #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
    let batch = try Reference().batch
    let report = checkDerivatives(
      of: {
        var (moved, pass) = (batch, ForwardPass<Double>.training(using: RandomSource(seed: 1)))
        moved.features = $0[0]
        return model(moved, &pass)
      }, at: [batch.features], order: 1, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// Outputs of heads are dropped as often as asked and scaled up otherwise, in training alone.
  @Test func dropout() throws {
    var generator = RandomSource(seed: 9)
    var c = GIN<Double>.Configuration(features: 2, layers: 1, head: [4000], outputActivation: .identity)
    c.dropout = 0.25
    let model = GIN<Double>(c, using: &generator)
    let batch = try Reference().batch
    var pass = ForwardPass<Double>.training(using: generator)
    let (plain, dropped) = (model(batch), model(batch, &pass))
    let ratios = zip(dropped.elements, plain.elements).map { $0 / $1 }
    #expect(ratios.allSatisfy { $0 == 0 || abs($0 - 4.0 / 3) < 1e-12 })
    let share = Double(ratios.count { $0 == 0 }) / Double(ratios.count)
    #expect(abs(share - 0.25) < 0.02, "\(share)")
  }
}
