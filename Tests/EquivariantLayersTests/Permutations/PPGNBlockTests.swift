import Equivariant
import Testing

@Suite struct PPGNBlockTests {
  /// X ↦ W [X, m₁(X) m₂(X)] + b with plain numbers, divided by n or not.
  @Test(arguments: TupleNormalization.allCases) func definition(normalization: TupleNormalization) {
    var generator = RandomSource(seed: 2)
    let block = PPGNBlock<Double>(inputs: 2, outputs: 3, normalization: normalization, using: &generator)
    let x = Tensor<Double>.normal([16, 2], using: &generator)
    let (left, right) = (block.left(x).reshaped(4, 4, 3), block.right(x).reshaped(4, 4, 3))
    #expect(left.min().item == 0 && left.max().item > 0)
    let product = Tensor.einsum("ikc,kjc->ijc", left, right).reshaped(16, 3) * (normalization == .mean ? 0.25 : 1)
    let expected =
      Tensor.linear(
        x, weight: block.skip.weight.sliced(axis: 1, 0..<2), bias: block.skip.bias)
      + Tensor.linear(product, weight: block.skip.weight.sliced(axis: 1, 2..<5), bias: nil)
    #expect(distance(block(x, on: TupleSpace(sizes: [4])), expected) < 1e-14)
  }

  @Test func equivarianceDerivativesAndParameters() {
    var generator = RandomSource(seed: 3)
    let block = PPGNBlock<Double>(inputs: 2, outputs: 2, activation: .tanh, normalization: .mean, using: &generator)
    let space = TupleSpace(sizes: [4, 2, 1, 4])
    let form = PermutationLinear<Double>(from: [.order(2, channels: 2)], to: [.order(2, channels: 2)], using: &generator)
    #expect(form.deviation(of: { x, space in [block(x[0], on: space)] }, on: space) < 1e-13)
    // Elementwise products are equivariant too; a product with rows and columns of one factor in another order is not.
    #expect(
      form.deviation(of: { x, space in [space.matrixProduct(x[0], x[0].gathered(RowIndex(Array(1..<37) + [0], rowCount: 37)))] }, on: space)
        > 1e-3)
    #expect(ParameterAudit(of: block).isClean, "\(ParameterAudit(of: block))")
    let report = checkDerivatives(
      of: { inputs in
        var (moved, next) = (block, 1)
        moved.forEachTensor { _, _, tensor in
          tensor = inputs[next]
          next += 1
        }
        return moved(inputs[0], on: space)
      }, at: form.randomFeatures(on: space) + block.namedTensors.map(\.tensor), order: 2, elements: 4, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
