import Equivariant
import Testing

@Suite struct PermutationLinearElementsTests {
  private static func layer() -> PermutationLinear<Double> {
    var generator = RandomSource(seed: 1)
    return PermutationLinear(
      from: [.order(2, channels: 2), .order(1, channels: 3)], to: [.order(2, channels: 4), .order(0, channels: 1)], using: &generator)
  }

  /// The elements are those of the bases, and their places fill the weights without overlap.
  @Test func placesFillTheWeights() {
    let layer = Self.layer(), locations = layer.locations
    for (i, input) in layer.inputs.enumerated() {
      for (o, output) in layer.outputs.enumerated() {
        let basis = Set(PartitionBasis(from: input.axes, to: output.axes).elements.map { $0[0] })
        #expect(Set(locations.keys.filter { $0.input == i && $0.output == o }.map(\.partition)) == basis)
      }
    }
    for (stage, weight) in layer.weights.enumerated() {
      let places = locations.values.filter { $0.stage == stage }.flatMap { place in
        place.rows.flatMap { row in place.columns.map { row * weight.shape[1] + $0 } }
      }
      #expect(places.sorted() == Array(0..<weight.count))
    }
    let biases = [(0, "aa"), (0, "ab"), (1, "")].map { layer.biasRange(output: $0, partition: SetPartition(labels: Array($1))) }
    #expect(biases.flatMap { $0 }.sorted() == Array(0..<layer.bias!.count))
  }

  @Test func settingOneElement() {
    var (layer, generator) = (Self.layer(), RandomSource(seed: 5))
    let before = layer
    let transpose = PermutationLinear<Double>.Element(partition: SetPartition(labels: Array("abba")))
    let value = random([4, 2], seed: 2)
    layer[transpose] = value
    #expect(layer[transpose] == value)
    for element in layer.locations.keys where element != transpose { #expect(layer[element] == before[element]) }
    // Alone with weight 1 it transposes.
    layer = PermutationLinear(from: [.order(2, channels: 1)], to: [.order(2, channels: 1)], bias: false, using: &generator)
    for element in layer.locations.keys { layer[element] = element == transpose ? .ones([1, 1]) : .zeros([1, 1]) }
    let x = random([9, 1], seed: 3)
    #expect(layer([x], on: TupleSpace(sizes: [3]))[0] == x.reshaped(3, 3).transposed().reshaped(9, 1))
  }

  /// Variance 2/(channels in + channels out) of each element, biases 0.
  @Test func initialValues() {
    var generator = RandomSource(seed: 4)
    let layer = PermutationLinear<Double>(from: [.order(2, channels: 48)], to: [.order(2, channels: 16)], using: &generator)
    for element in layer.locations.keys {
      let variance = layer[element].squared().mean().item
      #expect(abs(variance * 32 - 1) < 0.2, "\(element)")
    }
    #expect(layer.bias == .zeros([32]))
  }
}
