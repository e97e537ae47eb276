import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct ElementLinearTests {
  /// Each row is what `EquivariantLinear` with the weights of its element gives.
  @Test func rowsHaveTheWeightsOfTheirElements() {
    var source = RandomSource(seed: 1)
    let (input, output): (Irreps<O3>, Irreps<O3>) = ("3x0e + 2x1o + 2x0e", "4x0e + 3x1o + 1x2e")
    let layer = ElementLinear<Double>(input, to: output, elements: 3, using: &source)
    let x = IrrepsTensor<Double>(.normal([6, input.dimension], using: &source), irreps: input)
    let elements = [2, 0, 2, 2, 0, 0]  // none of element 1
    let y = layer(x, species: RowIndex(elements, rowCount: 3))
    for (row, element) in elements.enumerated() {
      var plain = EquivariantLinear<Double>(input, to: output, using: &source)
      plain.weights = layer.weights.map { $0.selected(axis: 0, element) }
      let expected = plain(IrrepsTensor(x.tensor.sliced(axis: 0, row..<row + 1), irreps: input)).tensor.elements
      #expect(largestDifference(y.tensor.sliced(axis: 0, row..<row + 1).elements, expected) < 1e-14)
    }
    // No rows at all.
    let none = layer(IrrepsTensor(.zeros([0, input.dimension]), irreps: input), species: RowIndex([], rowCount: 3))
    #expect(none.tensor.shape == [0, output.dimension])
  }

  /// e3nn's flat order of a product with one-hot elements, [in, elements, out], over √(elements · fan-in).
  @Test func flatWeights() throws {
    var source = RandomSource(seed: 1)
    var layer = ElementLinear<Double>("2x0e", to: "1x0e", elements: 2, using: &source)
    var file = ForeignWeights(path: "weights", [("w", NumericArray([1.0, 2, 3, 4]))])
    try layer.take("w", from: &file)
    let x = IrrepsTensor<Double>(Tensor([1, 10, 1, 10], shape: [2, 2]), irreps: "2x0e")
    // Element 0: 1·1 + 10·3; element 1: 1·2 + 10·4; both over √4.
    #expect(largestDifference(layer(x, species: RowIndex([0, 1], rowCount: 2)).tensor.elements, [15.5, 21]) < 1e-14)
    var short = ForeignWeights(path: "weights", [("w", NumericArray([1.0, 2, 3]))])
    #expect(throws: FileFormatError.self) { try layer.take("w", from: &short) }
  }
}
