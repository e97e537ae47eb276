import Equivariant
import Testing

@Suite struct WeightSpaceTests {
  static let widths = [2, 4, 3, 2]

  static func networks(_ count: Int, seed: UInt64 = 1) -> [MLP<Double>] {
    var generator = RandomSource(seed: seed)
    return (0..<count).map { _ in MLP(widths: widths, activation: .tanh, using: &generator) }
  }

  /// The network with neuron i of hidden layer l as neuron `orders[l][i]`: rows of one weight, a bias and columns of the next weight.
  static func renumbered(_ network: MLP<Double>, _ orders: [Permutation]) -> MLP<Double> {
    var result = network
    for (layer, order) in orders.enumerated() {
      let rows = RowIndex(order.inverse.images, rowCount: order.count)
      result.layers[layer].weight = result.layers[layer].weight.gathered(rows)
      result.layers[layer].bias = result.layers[layer].bias!.gathered(rows)
      result.layers[layer + 1].weight = result.layers[layer + 1].weight.transposed().gathered(rows).transposed()
    }
    return result
  }

  static func randomOrders(using generator: inout RandomSource) -> [Permutation] {
    widths.dropFirst().dropLast().map { SymmetricGroup($0).randomElement(using: &generator) }
  }

  @Test func valuesAndNetworks() {
    let space = WeightSpace(widths: Self.widths)
    #expect(space.features(channels: 3).map(\.axes) == [[0], [0], [1, 0], [1], [1], []])
    #expect(space.features(channels: 3).map(\.channels) == [6, 3, 3, 3, 6, 6])
    let free = WeightSpace(widths: Self.widths, permutesEnds: true)
    #expect(free.features(channels: 1).map(\.axes) == [[1, 0], [1], [2, 1], [2], [3, 2], [3]])
    let networks = Self.networks(3)
    for weights in [space, free] {
      let values = weights.values(of: networks), tuples = weights.space(networks: 3)
      for (x, feature) in zip(values, weights.features(channels: 1)) {
        #expect(x.shape == [tuples.rowCount(axes: feature.axes), feature.channels])
      }
      let one = weights.values(of: [networks[1]])
      for (x, part) in zip(values, one) {
        #expect(distance(x.sliced(axis: 0, part.shape[0]..<2 * part.shape[0]), part) == 0)
      }
      let back = weights.network(one, like: networks[0])
      for (a, b) in zip(back.namedTensors, networks[1].namedTensors) { #expect(a.tensor == b.tensor) }
    }
  }

  /// A network with its hidden neurons in another order is the same function; with the columns left behind it is another.
  @Test func renumberedNetworksAreTheSameFunction() {
    var generator = RandomSource(seed: 2)
    let network = Self.networks(1)[0]
    let moved = Self.renumbered(network, Self.randomOrders(using: &generator))
    let x = Tensor<Double>.normal([5, 2], using: &generator)
    #expect(distance(network(x), moved(x)) < 1e-15)
    #expect(distance(network.layers[0].weight, moved.layers[0].weight) > 0.1)
    var broken = moved
    broken.layers[1].weight = network.layers[1].weight
    #expect(distance(network(x), broken(x)) > 1e-3)
  }

  /// Neural-functional layers on the weights of networks: features move with the neurons, a readout does not change, and weights made of
  /// weights are those of a network that computes the same function.
  @Test func neuralFunctionals() {
    var generator = RandomSource(seed: 3)
    let weights = WeightSpace(widths: Self.widths), space = weights.space(networks: 2)
    let hidden = PermutationLayer<Double>(
      from: weights.features(channels: 1), to: weights.features(channels: 2), activation: .tanh, using: &generator)
    let editing = PermutationLinear<Double>(from: weights.features(channels: 2), to: weights.features(channels: 1), using: &generator)
    let readout = PermutationLinear<Double>(from: weights.features(channels: 2), to: [.order(0, channels: 3)], using: &generator)
    #expect(hidden.linear.deviation(of: hidden.callAsFunction, on: space) < 1e-13)
    #expect(hidden.linear.deviation(of: { x, space in editing(hidden(x, on: space), on: space) }, on: space, relabellings: 1) < 1e-13)
    let networks = Self.networks(2), orders = (0..<2).map { _ in Self.randomOrders(using: &generator) }
    let moved = zip(networks, orders).map { Self.renumbered($0, $1) }
    func features(_ list: [MLP<Double>]) -> [Tensor<Double>] { hidden(weights.values(of: list), on: space) }
    #expect(distance(readout(features(networks), on: space)[0], readout(features(moved), on: space)[0]) < 1e-13)
    #expect(distance(readout(features(networks), on: space)[0], readout(features(Self.networks(2, seed: 9)), on: space)[0]) > 1e-3)
    let x = Tensor<Double>.normal([4, 2], using: &generator)
    let single = weights.space(networks: 1)
    for (network, renumbered) in zip(networks, moved) {
      let outputs = [network, renumbered].map { original in
        let edited = editing(hidden(weights.values(of: [original]), on: single), on: single)
        return weights.network(edited, like: original)(x)
      }
      #expect(distance(outputs[0], outputs[1]) < 1e-13)
      #expect(distance(outputs[0], network(x)) > 1e-3)
    }
    // Two sets of neurons on each side: Bell(2)² elements from a weight to itself.
    let free = WeightSpace(widths: Self.widths, permutesEnds: true)
    let layer = PermutationLinear<Double>(from: free.features(channels: 1), to: free.features(channels: 1), using: &generator)
    #expect(layer.deviation(of: layer.callAsFunction, on: free.space(networks: 2)) < 1e-13)
    let same = layer.locations.keys.filter { $0.input == 2 && $0.output == 2 }.count
    #expect(same == 4)
  }
}
