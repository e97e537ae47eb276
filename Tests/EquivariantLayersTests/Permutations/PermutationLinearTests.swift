import Equivariant
import Foundation
import Testing

@Suite struct PermutationLinearTests {
  /// The layer between the features of one set, written out with the dense matrices of the basis.
  static func dense(_ layer: PermutationLinear<Double>, _ x: [Tensor<Double>], sizes: [Int]) -> [Tensor<Double>] {
    layer.outputs.enumerated().map { number, output in
      let rows = output.axes.reduce(1) { $0 * sizes[$1] }
      var y = Tensor<Double>.zeros([rows, output.channels])
      for (k, input) in layer.inputs.enumerated() {
        let basis = PartitionBasis(from: input.axes, to: output.axes)
        for element in basis.elements {
          var matrix = Tensor(basis.matrix(of: element, sizes: sizes).elements, shape: [rows, x[k].shape[0]])
          if layer.normalization == .mean {
            for block in element[0].blocks where block[0] >= output.axes.count {
              matrix = matrix * (1 / Double(max(1, sizes[input.axes[block[0] - output.axes.count]])))
            }
          }
          let weight = layer[.init(input: k, output: number, partition: element[0])]
          y = y + Tensor.matmul(Tensor.matmul(matrix, x[k]), weight, transposingSecond: true)
        }
      }
      guard let bias = layer.bias else { return y }
      let constants = PartitionBasis(from: [], to: output.axes)
      for element in constants.elements {
        let matrix = Tensor(constants.matrix(of: element, sizes: sizes).elements, shape: [rows, 1])
        let own = bias.sliced(axis: 0, layer.biasRange(output: number, partition: element[0]))
        y = y + matrix * own.reshaped(1, own.count)
      }
      return y
    }
  }

  /// Set by set against the dense map.
  static func deviationFromDense(_ layer: PermutationLinear<Double>, sizesByKind: [[Int]]) -> Double {
    let space = TupleSpace(sizesByKind: sizesByKind)
    let x = layer.randomFeatures(on: space)
    let y = layer(x, on: space)
    func part(_ x: Tensor<Double>, _ axes: [Int], _ set: Int) -> Tensor<Double> {
      let rows = space.sets(axes: axes).rows.indices.filter { space.sets(axes: axes).rows[$0] == set }
      return x.gathered(RowIndex(rows, rowCount: x.shape[0]))
    }
    return (0..<space.setCount).map { set in
      let expected = dense(layer, zip(x, layer.inputs).map { part($0, $1.axes, set) }, sizes: sizesByKind.map { $0[set] })
      return zip(zip(y, layer.outputs), expected).map { pair, e in
        distance(part(pair.0, pair.1.axes, set), e) / max(1, e.count > 0 ? e.absolute().max().item : 0)
      }.max()!
    }.max()!
  }

  /// All orders up to 3, on sets of several sizes, also smaller than the number of blocks.
  @Test(arguments: TupleNormalization.allCases) func equalsDenseMatrices(normalization: TupleNormalization) {
    for k in 0...3 {
      for l in 0...3 where k + l < 6 {
        var generator = RandomSource(seed: UInt64(10 * k + l))
        let layer = PermutationLinear<Double>(
          from: [.order(k, channels: 2)], to: [.order(l, channels: 2)], normalization: normalization, using: &generator
        ).withBias
        #expect(layer.locations.count == [1, 1, 2, 5, 15, 52, 203][k + l])
        #expect(Self.deviationFromDense(layer, sizesByKind: [k + l < 5 ? [3, 1, 2, 4] : [2, 3]]) < 1e-13, "\(k) to \(l)")
      }
    }
  }

  @Test func severalFeaturesAndKinds() {
    var generator = RandomSource(seed: 1)
    let joined = PermutationLinear<Double>(
      from: [.order(2, channels: 2), .order(1, channels: 1), .order(0, channels: 2)],
      to: [.order(1, channels: 3), .order(2, channels: 1), .order(0, channels: 1)], using: &generator
    ).withBias
    #expect(joined.locations.count == 15 + 5 + 2 + 5 + 2 + 1 + 2 + 1 + 1)
    #expect(Self.deviationFromDense(joined, sizesByKind: [[3, 2, 4, 1]]) < 1e-13)
    let kinds = PermutationLinear<Double>(
      from: [TupleFeature(axes: [1, 0], channels: 2), TupleFeature(axes: [1], channels: 1), TupleFeature(axes: [1, 0, 1], channels: 1)],
      to: [TupleFeature(axes: [0, 1], channels: 2), TupleFeature(axes: [1, 1], channels: 1), TupleFeature(axes: [2, 1], channels: 1)],
      using: &generator
    ).withBias
    #expect(Self.deviationFromDense(kinds, sizesByKind: [[3, 2], [2, 4], [1, 2]]) < 1e-13)
    #expect(kinds.deviation(of: kinds.callAsFunction, on: TupleSpace(sizesByKind: [[3, 2], [2, 4], [1, 2]])) < 1e-13)
  }

  /// On parts of the tensors: against the dense matrices of those elements, on tensors that are zero where there is no row.
  @Test func partsOfTheTensors() {
    let lists: [(TensorSubspace, [(Int, Int)]?)] = [
      (.zeroDiagonal, nil), (.symmetric, nil), ([.symmetric, .zeroDiagonal], nil), ([], [(0, 1), (1, 1), (3, 0), (2, 3), (3, 2)]),
      (.zeroDiagonal, [(0, 1), (3, 0), (2, 3), (3, 2)]), (.symmetric, [(0, 1), (0, 3), (2, 2), (2, 3)]),
      ([.symmetric, .zeroDiagonal], [(0, 1), (0, 3), (2, 3)]),
    ]
    for (subspace, pairs) in lists {
      let space =
        pairs.map {
          TupleSpace(pairs: Graph(nodeCount: 4, receivers: $0.map(\.0), senders: $0.map(\.1)), subspace: subspace)
        } ?? TupleSpace(sizes: [4], subspace: subspace)
      let orders = subspace.contains(.symmetric) || pairs != nil ? 0...2 : 0...3
      for (k, l) in orders.flatMap({ k in orders.map { (k, $0) } }) where k + l < 6 {
        for normalization in TupleNormalization.allCases where pairs == nil || normalization == .sum {
          var generator = RandomSource(seed: UInt64(10 * k + l))
          let layer = PermutationLinear<Double>(
            from: [.order(k, channels: 1)], to: [.order(l, channels: 1)], subspace: subspace, normalization: normalization, bias: false,
            using: &generator)
          let deviation = Self.deviationFromDense(layer, on: space, n: 4)
          #expect(deviation < 1e-13, "\(subspace), \(k) to \(l), \(normalization)")
        }
      }
    }
  }

  /// Means over a list of pairs: of all, of a row or of a column over those that are there, of the diagonal over the points.
  @Test func meansOverPairs() {
    // In the order of a graph: by receivers.
    let pairs = [(0, 1), (1, 1), (2, 3), (3, 0), (3, 3), (3, 2)]
    let space = TupleSpace(pairs: Graph(nodeCount: 4, receivers: pairs.map(\.0), senders: pairs.map(\.1)))
    var generator = RandomSource(seed: 12)
    var layer = PermutationLinear<Double>(
      from: [.order(2, channels: 1)], to: [.order(1, channels: 1)], normalization: .mean, bias: false, using: &generator)
    let x = layer.randomFeatures(on: space)
    #expect(layer.locations.count == 5)
    for element in layer.locations.keys {
      for other in layer.locations.keys { layer[other] = .zeros([1, 1]) }
      layer[element] = .ones([1, 1])
      let y = layer(x, on: space)[0]
      let block = element.partition.blockOfPoint
      for point in 0..<4 {
        let matching = pairs.indices.filter { k in
          let (i, j) = pairs[k]
          return (block[0] != block[1] || i == point) && (block[0] != block[2] || j == point) && (block[1] != block[2] || i == j)
        }
        let count = block[1] == block[2] && block[0] != block[1] ? 4 : max(1, matching.count)
        #expect(abs(y[point, 0] - matching.reduce(0) { $0 + x[0][$1, 0] } / Double(count)) < 1e-14, "\(element) at \(point)")
      }
    }
  }

  /// For one set of n points and one channel.
  private static func deviationFromDense(_ layer: PermutationLinear<Double>, on space: TupleSpace, n: Int) -> Double {
    let (inputAxes, outputAxes) = (layer.inputs[0].axes, layer.outputs[0].axes)
    func all(_ axes: [Int]) -> [[Int]] { axes.reduce([[]]) { list, _ in list.flatMap { tuple in (0..<n).map { tuple + [$0] } } } }
    func row(_ tuple: [Int], _ axes: [Int]) -> Int? {
      axes.isEmpty ? 0 : space.row(of: layer.subspace.contains(.symmetric) ? tuple.sorted() : tuple, axes: axes)
    }
    let x = layer.randomFeatures(on: space)
    let full = all(inputAxes).map { tuple in row(tuple, inputAxes).map { x[0][$0, 0] } ?? 0 }
    var expected = [Double](repeating: 0, count: all(outputAxes).count)
    let basis = PartitionBasis(from: inputAxes, to: outputAxes, inputs: layer.subspace, outputs: layer.subspace)
    let locations = layer.locations
    guard locations.count == basis.elements.count else { return .infinity }
    for orbit in basis.elements {
      let partition = orbit.first { locations[.init(partition: $0)] != nil }!
      // One weight stands for all that exchanging axes of the input makes.
      let outputs = Set(
        orbit.map { p in p.blockOfPoint[..<outputAxes.count].map { b in [b, p.blocks[b].last! < outputAxes.count ? 0 : 1] } })
      var factor = Double(outputs.count) / Double(orbit.count)
      if layer.normalization == .mean {
        let one = basis.matrix(of: [partition], sizes: [n])
        factor /= max(1, (0..<one.rows).map { r in (0..<one.columns).reduce(0) { $0 + one[r, $1] } }.max()!)
      }
      let values = basis.matrix(of: orbit, sizes: [n]) * full
      for k in values.indices { expected[k] += factor * layer[.init(partition: partition)].item * values[k] }
    }
    let y = layer(x, on: space)[0]
    return zip(all(outputAxes), expected).map { tuple, value in row(tuple, outputAxes).map { abs(y[$0, 0] - value) } ?? 0 }.max()!
      / max(1, expected.map(abs).max()!)
  }

  /// From points to points it is the layer of deep sets.
  @Test func deepSets() {
    var generator = RandomSource(seed: 7)
    let layer = PermutationLinear<Double>(from: [.order(1, channels: 3)], to: [.order(1, channels: 2)], using: &generator).withBias
    let space = TupleSpace(sizes: [4, 2])
    let x = layer.randomFeatures(on: space)[0]
    let own = layer[.init(partition: .coarsest(2))], pooled = layer[.init(partition: .finest(2))]
    let expected =
      Tensor.linear(x, weight: own, bias: layer.bias)
      + Tensor.linear(x.segmentMean(space.sets(axes: [0])), weight: pooled, bias: nil).gathered(space.sets(axes: [0]))
    #expect(distance(layer([x], on: space)[0], expected) < 1e-14)
  }

  /// Against torch.einsum, element by element.
  @Test func equalsEinsumReference() throws {
    let references = try LayerReferences("permutation_layers")
    var generator = RandomSource(seed: 1)
    let features = [TupleFeature.order(2, channels: 2), .order(1, channels: 2)]
    var layer = PermutationLinear<Double>(from: features, to: [.order(2, channels: 3), .order(1, channels: 3)], using: &generator)
    try layer.load(references, "")
    let space = TupleSpace(sizes: [3, 5])
    let x = try [references.tensor("features", "x2", [34, 2]), references.tensor("features", "x1", [8, 2])]
    let y = layer(x, on: space)
    #expect(try distance(y[0], references.tensor("features", "y2")) < 1e-13)
    #expect(try distance(y[1], references.tensor("features", "y1")) < 1e-13)
    // One weight changed shows.
    var broken = layer
    let transpose = PermutationLinear<Double>.Element(partition: SetPartition(labels: Array("abba")))
    broken[transpose] = layer[transpose] * 1.01
    #expect(try distance(broken(x, on: space)[0], references.tensor("features", "y2")) > 1e-3)
  }

  @Test func equivariance() {
    var generator = RandomSource(seed: 2)
    let graph = Graph(
      nodeCount: 7, receivers: [0, 1, 1, 2, 3, 4, 5, 6, 6, 3], senders: [1, 0, 2, 2, 4, 3, 5, 3, 4, 5], graphSizes: [3, 4])
    for (space, pairs) in [
      (TupleSpace(sizes: [4, 1, 3]), nil), (TupleSpace(sizes: [4, 1, 3], subspace: .zeroDiagonal), nil), (TupleSpace(pairs: graph), graph),
    ] {
      let features = [TupleFeature.order(2, channels: 2), .order(1, channels: 1), .order(pairs == nil ? 3 : 0, channels: 1)]
      let layer = PermutationLinear<Double>(from: features, to: features, subspace: space.subspace, using: &generator).withBias
      #expect(layer.deviation(of: layer.callAsFunction, on: space, graph: pairs) < 1e-13)
    }
    let half = Graph(nodeCount: 5, receivers: [0, 0, 1, 2, 3], senders: [1, 2, 1, 3, 4], graphSizes: [5])
    for (space, pairs) in [
      (TupleSpace(sizes: [4, 1, 3], subspace: .symmetric), nil), (TupleSpace(pairs: half, subspace: .symmetric), half),
    ] {
      let features = [TupleFeature.order(2, channels: 2), .order(1, channels: 1), .order(0, channels: 1)]
      let layer = PermutationLinear<Double>(from: features, to: features, subspace: .symmetric, using: &generator).withBias
      #expect(layer.deviation(of: layer.callAsFunction, on: space, graph: pairs) < 1e-13)
    }
  }

  /// A row sum that misses an entry, and a diagonal that is shifted by one.
  @Test func brokenLayersAreRejected() {
    var generator = RandomSource(seed: 3)
    let layer = PermutationLinear<Double>(from: [.order(2, channels: 1)], to: [.order(2, channels: 1)], using: &generator)
    let space = TupleSpace(sizes: [4, 3])
    func only(_ labels: [String]) -> PermutationLinear<Double> {
      var result = layer
      let kept = labels.map { SetPartition(labels: Array($0)) }
      for element in layer.locations.keys where !kept.contains(element.partition) { result[element] = .zeros([1, 1]) }
      return result
    }
    let rowSums = only(["aaab", "abac", "abbc"]), diagonals = only(["aaaa", "abaa", "abbb"])
    #expect(
      layer.deviation(
        of: { x, space in
          var missing = x[0]
          missing.withMutableElements { $0[1] = 0 }
          return [layer(x, on: space)[0] - rowSums(x, on: space)[0] + rowSums([missing], on: space)[0]]
        }, on: space) > 1e-3)
    #expect(
      layer.deviation(
        of: { x, space in
          let shifted = x[0].gathered(RowIndex((0..<25).map { ($0 + 1) % 25 }, rowCount: 25))
          return [layer(x, on: space)[0] - diagonals(x, on: space)[0] + diagonals([shifted], on: space)[0]]
        }, on: space) > 1e-3)
  }

  @Test func derivativesAndParameters() {
    var generator = RandomSource(seed: 4)
    let features = [TupleFeature.order(2, channels: 2), .order(1, channels: 1)]
    let graph = Graph(nodeCount: 4, receivers: [0, 1, 1, 2, 3], senders: [1, 0, 1, 3, 1], graphSizes: [4])
    for space in [TupleSpace(sizes: [3, 2]), TupleSpace(pairs: graph), TupleSpace(sizes: [3, 2], subspace: .symmetric)] {
      let layer = PermutationLinear<Double>(from: features, to: features, subspace: space.subspace, using: &generator).withBias
      #expect(ParameterAudit(of: layer).isClean, "\(ParameterAudit(of: layer))")
      let report = checkDerivatives(
        of: { inputs in
          var (moved, next) = (layer, 2)
          moved.forEachTensor { _, _, tensor in
            tensor = inputs[next]
            next += 1
          }
          return .concatenated(moved([inputs[0], inputs[1]], on: space).map { $0.reshaped($0.count) }, axis: 0)
        }, at: layer.randomFeatures(on: space) + layer.namedTensors.map(\.tensor), order: 2, elements: 5, using: &generator)
      #expect(report.relativeError < 1e-7, "\(report)")
    }
  }
}
