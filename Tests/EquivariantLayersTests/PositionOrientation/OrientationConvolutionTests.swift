import Equivariant
import Testing

/// The fused convolution against gathers, products and sums, and against loops over edges. `make test` runs it at every instruction set.
@Suite struct OrientationConvolutionTests {
  /// A few edges, and whether reversed ones are joined.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let graph: Graph
    let joins: Bool
    var testDescription: String { name }
    var pairs: EdgePairs { graph.edgePairs(joiningReversed: joins) }
  }

  static let cases = [
    Case(name: "all mutual", graph: .complete(graphs: 2, nodes: 3, selfLoops: true), joins: true),
    Case(name: "not joined", graph: .complete(graphs: 2, nodes: 3), joins: false),
    Case(name: "none mutual", graph: Graph(nodeCount: 4, receivers: [0, 1, 3, 0], senders: [1, 2, 2, 3]), joins: true),
    Case(name: "mixed", graph: Graph(nodeCount: 4, receivers: [0, 1, 1, 3, 2, 2], senders: [1, 0, 2, 0, 3, 1]), joins: true),
    Case(name: "twice the same edge", graph: Graph(nodeCount: 3, receivers: [0, 0, 1, 2], senders: [1, 1, 0, 0]), joins: true),
    Case(name: "no pairs", graph: Graph(nodeCount: 3, receivers: [1], senders: [1]), joins: true),
  ]

  /// Composed of gathers, products and sums of whole tensors; `opposite` false takes the second edge of a pair at the same orientation.
  static func plain<S: TensorScalar>(_ b: Tensor<S>, _ w: Tensor<S>, _ x: Tensor<S>, _ pairs: EdgePairs, opposite: Bool = true) -> Tensor<S>
  {
    let kernel = Tensor.linear(b, weight: w, bias: nil)
    let y = (kernel * x.gathered(pairs.senders)).scatterAdded(pairs.receivers)
    let mutual = pairs.isMutual.indices.filter { pairs.isMutual[$0] }
    let n = x.shape[1]
    let rows = RowIndex(mutual, rowCount: pairs.count)
    let turned = opposite ? Tensor.concatenated([kernel.sliced(axis: 1, n / 2..<n), kernel.sliced(axis: 1, 0..<n / 2)], axis: 1) : kernel
    let ends = { (index: RowIndex) in RowIndex(mutual.map { Int(index.rows[$0]) }, rowCount: x.shape[0]) }
    return y + (turned.gathered(rows) * x.gathered(ends(pairs.receivers))).scatterAdded(ends(pairs.senders))
  }

  /// By definition, number by number.
  static func direct(_ b: Tensor<Double>, _ w: Tensor<Double>, _ x: Tensor<Double>, _ pairs: EdgePairs) -> Tensor<Double> {
    let (n, channels) = (x.shape[1], x.shape[2])
    var y = [Double](repeating: 0, count: x.count)
    for p in 0..<pairs.count {
      let (i, j) = (Int(pairs.receivers.rows[p]), Int(pairs.senders.rows[p]))
      for o in 0..<n {
        for c in 0..<channels {
          func kernel(_ o: Int) -> Double { (0..<w.shape[1]).reduce(0) { $0 + w[c, $1] * b[p, o, $1] } }
          y[(i * n + o) * channels + c] += kernel(o) * x[j, o, c]
          if pairs.isMutual[p] { y[(j * n + o) * channels + c] += kernel((o + n / 2) % n) * x[i, o, c] }
        }
      }
    }
    return Tensor(y, shape: x.shape)
  }

  static func inputs<S: TensorScalar>(
    _ pairs: EdgePairs, _ n: Int, _ channels: Int, _ basis: Int, as type: S.Type = S.self, seed: UInt64 = 1
  ) -> [Tensor<S>] {
    var generator = RandomSource(seed: seed)
    return [[pairs.count, n, basis], [channels, basis], [pairs.receivers.rowCount, n, channels], [channels]].map {
      Tensor<Double>.normal(Shape($0), using: &generator).converted(to: S.self)
    }
  }

  @Test(arguments: cases) func isTheSumOverEdges(_ test: Case) {
    for (n, channels, basis) in [(2, 1, 1), (4, 3, 5), (6, 17, 2), (1, 5, 3)] {
      let t: [Tensor<Double>] = Self.inputs(test.pairs, n, channels, basis)
      let y = Tensor.orientationConvolution(basis: t[0], weight: t[1], features: t[2], pairs: test.pairs)
      let looped = Tensor.orientationConvolution(basis: t[0], weight: t[1], features: t[2], pairs: test.pairs, loop: t[3])
      #expect(distance(looped, y + t[2] * t[3]) < 1e-13)
      #expect(distance(y, Self.direct(t[0], t[1], t[2], test.pairs)) < 1e-13)
      #expect(distance(Self.plain(t[0], t[1], t[2], test.pairs), y) < 1e-13)
    }
  }

  @Test func theOppositeOrientationMatters() {
    let pairs = Self.cases[0].pairs
    let t: [Tensor<Double>] = Self.inputs(pairs, 4, 3, 5)
    #expect(distance(Self.plain(t[0], t[1], t[2], pairs, opposite: false), Self.direct(t[0], t[1], t[2], pairs)) > 0.1)
  }

  /// Sizes with many blocks of rows and several runs of pairs: side by side, and in one graph.
  @Test(arguments: [true, false], [true, false]) func gradientsOfLargeInputs(_ apart: Bool, _ keepsKernel: Bool) {
    let graph = apart ? Graph.complete(graphs: 60, nodes: 5, selfLoops: true) : Graph.complete(nodes: 26)
    let pairs = graph.edgePairs(joiningReversed: true)
    func results<S: TensorScalar>(_ type: S.Type, _ f: ([Tensor<S>]) -> Tensor<S>) -> [Tensor<Double>] {
      let t = Self.inputs(pairs, 8, 33, 40, as: S.self).map { $0.asVariable() }
      var generator = RandomSource(seed: 3)
      let seed = Tensor<Double>.normal(t[2].shape, using: &generator).converted(to: S.self)
      let y = f(t)
      return ([y] + gradient(of: y, withRespectTo: t, seed: seed)).map { $0.converted(to: Double.self) }
    }
    func fused<S: TensorScalar>(_ t: [Tensor<S>]) -> Tensor<S> {
      .orientationConvolution(basis: t[0], weight: t[1], features: t[2], pairs: pairs, loop: t[3], keepsKernel: keepsKernel)
    }
    let expected = results(Double.self) { Self.plain($0[0], $0[1], $0[2], pairs) + $0[2] * $0[3] }
    for (a, b) in zip(results(Double.self, fused), expected) { #expect(distance(a, b) < 1e-13 * (1 + b.absolute().max().item)) }
    for (a, b) in zip(results(Float.self, fused), expected) { #expect(distance(a, b) < 3e-6 * (1 + b.absolute().max().item)) }
  }

  @Test(arguments: cases) func derivatives(_ test: Case) {
    var generator = RandomSource(seed: 4)
    let t: [Tensor<Double>] = Self.inputs(test.pairs, 2, 3, 2)
    let report = checkDerivatives(
      of: { .orientationConvolution(basis: $0[0], weight: $0[1], features: $0[2], pairs: test.pairs, loop: $0[3]) }, at: t, order: 3,
      elements: 4,
      using: &generator)
    #expect(report.relativeError < 1e-9, "\(report)")
  }

  /// A derivative by the features that forgets to exchange the ends of the edges.
  @Test func rejectsEdgesThatAreNotReversed() {
    var generator = RandomSource(seed: 5)
    let pairs = Self.cases[3].pairs
    let t: [Tensor<Double>] = Self.inputs(pairs, 2, 3, 2)
    func convolution(_ x: Tensor<Double>) -> Tensor<Double> {
      .orientationConvolution(basis: t[0], weight: t[1], features: x, pairs: pairs)
    }
    let report = checkDerivatives(
      of: { x in Tensor.operation(x, value: convolution(x[0].detached)) { _, g in [convolution(g)] } }, at: [t[2]], order: 1,
      using: &generator)
    #expect(report.relativeError > 0.1, "\(report)")
  }

  @Test func sameBitsOnEveryNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      func results() -> [Tensor<Float>] {
        [Graph.complete(graphs: 60, nodes: 5), .complete(nodes: 26)].flatMap { graph in
          let pairs = graph.edgePairs(joiningReversed: true)
          let t = OrientationConvolutionTests.inputs(pairs, 8, 33, 40, as: Float.self).map { $0.asVariable() }
          let y = Tensor.orientationConvolution(basis: t[0], weight: t[1], features: t[2], pairs: pairs, loop: t[3])
          return [y] + gradient(of: y.squared().sum(), withRespectTo: t)
        }
      }
      Threads.count = 1
      let alone = results()
      for threads in [2, 3] {
        Threads.count = threads
        for (a, b) in zip(alone, results()) { precondition(a == b, "other bits on \(threads) threads") }
      }
    }
  }
}
