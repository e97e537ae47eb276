import Equivariant
import Testing

@Suite struct SubgraphLayerTests {
  private static func layer(
    _ sharing: SubgraphSharing = .host, _ rule: RecombinationRule = .mean, orders: [Int] = [2, 1], sizeClasses: Int = 2,
    normalizes: Bool = true
  ) -> SubgraphLayer<Double> {
    var generator = RandomSource(seed: 1)
    return LayerChecks.randomized(
      SubgraphLayer(
        from: [.order(2, channels: 2), .order(1, channels: 1)], orders: orders, channels: 2, sizeClasses: sizeClasses, sharing: sharing,
        recombination: rule, activation: normalizes ? .tanh : .identity, normalizes: normalizes, using: &generator))
  }

  /// Features of the host's pairs and nodes, as the subgraphs see them.
  private static func features(_ space: SubgraphSpace) -> [Tensor<Double>] {
    var generator = RandomSource(seed: 2)
    return [
      Tensor.normal([space.hostPairs.count, 2], using: &generator).gathered(space.pairs),
      Tensor.normal([space.bag.host.nodeCount, 1], using: &generator).gathered(space.bag.nodes),
    ]
  }

  /// The largest change of outputs, as seen from the host by their mean, when the host's nodes have other numbers.
  private static func deviation(
    _ policy: SubgraphPolicy, of map: ([Tensor<Double>], SubgraphSpace) -> [Tensor<Double>], orders: [Int]
  ) -> Double {
    var generator = RandomSource(seed: 3)
    let batch = GraphBatch<Double>(SubgraphSpaceTests.graphs)
    let images = batch.graphs.reduce(into: [Int]()) { all, graph in
      let start = all.count
      all += SymmetricGroup(graph.nodeCount).randomElement(using: &generator).images.map { start + $0 }
    }
    let space = SubgraphSpace(batch.graph, policy: policy, sizes: [3, 5])
    let moved = SubgraphSpace(batch.graph.relabelled(images), policy: policy, sizes: [3, 5])
    let place = Dictionary(uniqueKeysWithValues: moved.hostPairs.enumerated().map { ([$1.0, $1.1], $0) })
    // The row of the moved host for each row of the host.
    func rows(_ order: Int) -> RowIndex {
      let rows =
        switch order {
        case 2: space.hostPairs.map { place[[images[$0.0], images[$0.1]]]! }
        case 1: images
        default: Array(batch.graphs.indices)
        }
      return RowIndex(rows, rowCount: rows.count)
    }
    let x = features(space)
    let hosts = zip(x, [2, 1]).map { $0.segmentMean(space.hostRows(order: $1)).scatterAdded(rows($1)) }
    let (y, z) = (map(x, space), map(zip(hosts, [2, 1]).map { $0.gathered(moved.hostRows(order: $1)) }, moved))
    return orders.indices.map { k in
      let (a, b) = (
        y[k].segmentMean(space.hostRows(order: orders[k])).scatterAdded(rows(orders[k])), z[k].segmentMean(moved.hostRows(order: orders[k]))
      )
      return distance(a, b) / Swift.max(1, a.absolute().max().item)
    }.max()!
  }

  @Test(arguments: SubgraphSpaceTests.policies, SubgraphSharing.allCases) func equivariance(
    policy: SubgraphPolicy, sharing: SubgraphSharing
  ) {
    for rule in RecombinationRule.allCases where sharing == .host || rule == .mean {
      for orders in [[2, 1], [0, 2], [1]] {
        let layer = Self.layer(sharing, rule, orders: orders)
        #expect(Self.deviation(policy, of: layer.callAsFunction, orders: orders) < 1e-13, "\(rule) \(orders)")
      }
    }
  }

  /// Outputs that belong to the nodes in another order are noticed: as where features are put on nodes by the order of sizes.
  @Test func scrambledCopiesAreNoticed() {
    let layer = Self.layer()
    let shifted = { (x: [Tensor<Double>], space: SubgraphSpace) -> [Tensor<Double>] in
      let y = layer(x, on: space)
      return y.map { y in y.gathered(RowIndex(Array(1..<y.shape[0]) + [0], rowCount: y.shape[0])) }
    }
    #expect(Self.deviation(.ego(hops: 1), of: shifted, orders: [2, 1]) > 1e-2)
  }

  /// Ego networks that reach everything are copies of a connected graph, and the layer is the linear map on all its pairs.
  @Test func egosOfEverything() {
    let layer = Self.layer(sizeClasses: 1, normalizes: false)
    let ring = GraphBatch<Double>([SubgraphSpaceTests.graphs[3]])
    let space = SubgraphSpace(ring.graph, policy: .ego(hops: 2))
    let x = Self.features(space)
    let y = layer(x, on: space)
    let all = TupleSpace(sizes: [5])
    let expected = layer.map.maps[0](zip(x, [space.pairs, space.bag.nodes]).map { $0.segmentMean($1) }, on: all)
    #expect(distance(y[0].segmentMean(space.pairs), expected[0]) < 1e-13)
    #expect(distance(y[1].segmentMean(space.bag.nodes), expected[1]) < 1e-13)
  }

  /// Against torch.einsum, ego network by ego network.
  @Test func equalsEinsumReference() throws {
    let references = try LayerReferences("permutation_layers")
    var generator = RandomSource(seed: 1)
    var layer = SubgraphLayer<Double>(
      from: [.order(2, channels: 2), .order(1, channels: 2)], orders: [2, 1], channels: 3, sizeClasses: 2, activation: .identity,
      normalizes: false, using: &generator)
    try layer.map.maps[0].load(references, "2")
    try layer.map.maps[1].load(references, "3")
    let ends = try references.tensor("egos", "edges").elements.map { Int($0) }
    let graph = SimpleGraph(nodeCount: 6, edges: stride(from: 0, to: ends.count, by: 2).map { (ends[$0], ends[$0 + 1]) }).graph
    let space = SubgraphSpace(graph, policy: .ego(hops: 1), sizes: [2, 3])
    let pairs = try references.tensor("egos", "pairs").elements.map { Int($0) }
    #expect(space.hostPairs.flatMap { [$0.0, $0.1] } == pairs)
    let x = try [
      references.tensor("egos", "x2", [pairs.count / 2, 2]).gathered(space.pairs),
      references.tensor("egos", "x1", [6, 2]).gathered(space.bag.nodes),
    ]
    let y = layer(x, on: space)
    #expect(try distance(y[0].segmentMean(space.pairs), references.tensor("egos", "y2")) < 1e-13)
    #expect(try distance(y[1].segmentMean(space.bag.nodes), references.tensor("egos", "y1")) < 1e-13)
    // Weights of the wrong size show.
    let wrong = layer(x, on: SubgraphSpace(graph, policy: .ego(hops: 1), sizes: [1, 2]))
    #expect(try distance(wrong[0].segmentMean(space.pairs), references.tensor("egos", "y2")) > 1e-2)
  }

  @Test(arguments: SubgraphSharing.allCases) func derivativesAndParameters(sharing: SubgraphSharing) {
    var generator = RandomSource(seed: 4)
    let layer = Self.layer(sharing, .attention)
    #expect(ParameterAudit(of: layer).isClean, "\(ParameterAudit(of: layer))")
    let space = SubgraphSpace(GraphBatch<Double>([SubgraphSpaceTests.graphs[0]]).graph, policy: .ego(hops: 1), sizes: [3, 5])
    let report = checkDerivatives(
      of: { inputs in
        var (moved, next) = (layer, 2)
        moved.forEachTensor { _, _, tensor in
          tensor = inputs[next]
          next += 1
        }
        let y = moved(Array(inputs[..<2]), on: space)
        return y[0].sum(axis: 0) + y[1].sum(axis: 0)
      }, at: Self.features(space) + layer.namedTensors.map(\.tensor), order: 2, elements: 2, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
