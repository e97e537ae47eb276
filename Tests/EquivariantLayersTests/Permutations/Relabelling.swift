import Equivariant
import Foundation

/// The points of a space under other numbers, within each set, and features moved along.
struct Relabelling {
  let source: TupleSpace
  let target: TupleSpace
  /// By kind, through the batch.
  let images: [[Int]]

  init(_ space: TupleSpace, graph: Graph? = nil, using generator: inout some RandomNumberGenerator) {
    source = space
    images = space.sizes.map { sizes in
      var images: [Int] = []
      for n in sizes {
        let start = images.count
        images += SymmetricGroup(n).randomElement(using: &generator).images.map { start + $0 }
      }
      return images
    }
    let moved = images[0]
    target =
      graph.map { graph in
        var pairs = zip(graph.receivers.rows, graph.senders.rows).map { [moved[Int($0)], moved[Int($1)]] }
        if space.subspace.contains(.symmetric) { pairs = pairs.map { $0.sorted() } }
        return TupleSpace(
          pairs: Graph(
            nodeCount: graph.nodeCount, receivers: pairs.map { $0[0] }, senders: pairs.map { $0[1] }, graphSizes: graph.graphSizes),
          subspace: space.subspace)
      } ?? space
  }

  /// The feature with each tuple's row moved to that of the tuple of the images.
  func callAsFunction(_ x: Tensor<Double>, axes: [Int]) -> Tensor<Double> {
    guard !axes.isEmpty else { return x }
    let points = source.points(axes: axes).map(\.rows)
    let rows = (0..<x.shape[0]).map { row in
      var tuple = zip(axes, points).map { images[$0][Int($1[row])] }
      if source.subspace.contains(.symmetric) { tuple.sort() }
      return target.row(of: tuple, axes: axes)!
    }
    return x.scatterAdded(RowIndex(rows, rowCount: x.shape[0]))
  }
}

extension PermutationLinear<Double> {
  /// Normal features for the layer, from a fixed seed.
  func randomFeatures(on space: TupleSpace, seed: UInt64 = 5) -> [Tensor<Double>] {
    var generator = RandomSource(seed: seed)
    return inputs.map { .normal([space.rowCount(axes: $0.axes), $0.channels], using: &generator) }
  }

  /// The same layer with biases that are not 0.
  var withBias: PermutationLinear { LayerChecks.randomized(self) }

  /// The largest relative deviation from equivariance of a map between features as this layer takes and gives.
  func deviation(
    of map: ([Tensor<Double>], TupleSpace) -> [Tensor<Double>], on space: TupleSpace, graph: Graph? = nil, relabellings: Int = 3
  ) -> Double {
    var generator = RandomSource(seed: 6)
    let x = randomFeatures(on: space)
    let y = map(x, space)
    return (0..<relabellings).map { _ in
      let relabelling = Relabelling(space, graph: graph, using: &generator)
      let moved = map(zip(x, inputs).map { relabelling($0, axes: $1.axes) }, relabelling.target)
      return zip(zip(y, moved), outputs).map { pair, output in
        distance(relabelling(pair.0, axes: output.axes), pair.1) / max(1, pair.0.absolute().max().item)
      }.max()!
    }.max()!
  }
}

extension PermutationLinear<Double> {
  /// Takes the weights of a layer (2, 1) → (2, 1) of permutation_layers.json.
  mutating func load(_ references: LayerReferences, _ tag: String) throws {
    for (element, place) in locations {
      let letters = element.partition.blockOfPoint.map { Character(UnicodeScalar(UInt8(97 + $0))) }
      let outputs = 2 - element.output
      let name = Self.standard(String(letters[..<outputs]) + "<-" + String(letters[outputs...]))
      self[element] = try references.tensor("weights" + tag, name, [place.rows.count, place.columns.count])
    }
    for (output, labels) in [(0, "aa"), (0, "ab"), (1, "a")] {
      let values = try references.tensor("bias" + tag, labels).elements
      let range = biasRange(output: output, partition: SetPartition(labels: Array(labels)))
      bias!.withMutableElements { for (k, value) in zip(range, values) { $0[k] = value } }
    }
  }

  /// The reference names an element with the letters in the order of the output, but broadcasts along columns are "ba".
  private static func standard(_ name: String) -> String {
    let sides = name.components(separatedBy: "<-")
    guard sides[0] == "ab", sides[1].contains("b"), !sides[1].contains("a") else { return name }
    // Only the second output index is shared: exchange the letters.
    return "ba<-" + String(sides[1].map { $0 == "b" ? "a" : $0 })
  }
}
