import Equivariant
import Testing

@Suite struct PermutationLayerTests {
  /// A network over orders 2 → 3 → 1 → 0, as of invariant graph networks, is invariant, and so are its layers equivariant.
  @Test func ordersUpToThree() {
    var generator = RandomSource(seed: 1)
    let space = TupleSpace(sizes: [4, 3])
    let orders = [2, 3, 3, 1, 0]
    let layers = zip(orders, orders.dropFirst()).map { from, to in
      PermutationLayer<Double>(
        from: [.order(from, channels: 2)], to: [.order(to, channels: 2)], activation: .silu, using: &generator)
    }
    for layer in layers {
      #expect(layer.linear.deviation(of: layer.callAsFunction, on: space) < 1e-13)
      #expect(ParameterAudit(of: layer).isClean)
    }
    #expect(layers[0].linear.locations.count == 52)
    let form = PermutationLinear<Double>(from: [.order(2, channels: 2)], to: [.order(0, channels: 2)], using: &generator)
    #expect(form.deviation(of: { x, space in layers.reduce(x) { $1($0, on: space) } }, on: space) < 1e-13)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 2)
    let space = TupleSpace(sizes: [3])
    let layer = PermutationLayer<Double>(from: [.order(2, channels: 1)], to: [.order(3, channels: 1)], activation: .tanh, using: &generator)
    let x = layer.linear.randomFeatures(on: space)
    let report = checkDerivatives(of: { layer($0, on: space)[0] }, at: x, order: 2, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }

  /// Features of other spaces, and elements that a layer does not have.
  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      let layer = PermutationLayer<Double>(from: [.order(2, channels: 1)], to: [.order(1, channels: 1)], using: &generator)
      _ = layer([.zeros([8, 1])], on: TupleSpace(sizes: [3]))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      let layer = PermutationLayer<Double>(from: [.order(2, channels: 1)], to: [.order(1, channels: 1)], using: &generator)
      _ = layer([.zeros([6, 1])], on: TupleSpace(sizes: [3], subspace: .zeroDiagonal))
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      let layer = PermutationLinear<Double>(from: [.order(1, channels: 1)], to: [.order(1, channels: 1)], using: &generator)
      _ = layer[.init(partition: .finest(3))]
    }
  }
}
