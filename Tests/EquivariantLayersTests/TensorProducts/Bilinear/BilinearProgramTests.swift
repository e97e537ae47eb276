import Equivariant
import Testing

@testable import EquivariantLayers

@Suite struct BilinearProgramTests {
  /// With x and s of rows and weights w of elements: z₀ = w (x₀ + 2 x₁)² s, z₁ = x₁.
  private func program() -> BilinearProgram {
    // Nodes: 1, x₀, x₁, w, s.
    var builder = BilinearProgramBuilder(
      inputs: [.init(count: 2), .init(count: 1, isShared: true), .init(count: 1)], steps: [])
    let sum = builder.add([.init(coefficient: 1, first: 1, second: 0), .init(coefficient: 2, first: 0, second: 2)])
    _ = builder.add([.init(coefficient: 5, first: 1, second: 1)])
    let square = builder.add([.init(coefficient: 1, first: sum, second: sum)])
    let weighted = builder.add([.init(coefficient: 1, first: square, second: 3)])
    let result = builder.add([.init(coefficient: 1, first: 4, second: weighted)])
    return builder.program(outputs: [.init(count: 2)], nodes: [result, 2])
  }

  @Test func stepsThatNothingNeedsAreDropped() {
    #expect(program().steps.count == 4 && program().termCount == 5)
    var builder = BilinearProgramBuilder(inputs: [.init(count: 2)], steps: [])
    // Merged: 3 x₀ x₁; a single node with coefficient 1 is itself; what cancels is gone.
    let product = builder.add([.init(coefficient: 1, first: 1, second: 2), .init(coefficient: 2, first: 2, second: 1)])
    #expect(builder.steps[product - 3].count == 1 && builder.steps[product - 3][0].coefficient == 3)
    #expect(builder.add([.init(coefficient: 1, first: 0, second: 2)]) == 2)
    let nothing = builder.add([.init(coefficient: 1, first: 1, second: 2), .init(coefficient: -1, first: 2, second: 1)])
    #expect(builder.steps[nothing - 3].isEmpty)
  }

  /// Values and sums over rows by the formula, for numbers of channels around the kernel's block.
  @Test(arguments: [1, 7, 16, 45]) func formula(_ channels: Int) {
    var generator = RandomSource(seed: 51)
    let rows = 6
    let x = Tensor<Double>.normal([rows, 2 * channels], using: &generator).asVariable()
    let w = Tensor<Double>.normal([3, channels], using: &generator).asVariable()
    let s = Tensor<Double>.normal([rows, channels], using: &generator).asVariable()
    let elements = RowIndex([2, 0, 1, 1, 2, 2], rowCount: 3)
    func formula(_ x: Tensor<Double>, _ w: Tensor<Double>, _ s: Tensor<Double>) -> Tensor<Double> {
      let parts = (x.sliced(axis: 1, 0..<channels), x.sliced(axis: 1, channels..<2 * channels))
      return .concatenated([(parts.0 + parts.1 * 2).squared() * w.gathered(elements) * s, parts.1])
    }
    let z = program()([x, w, s], rows: rows, channels: channels, elements: elements)[0]
    let expected = formula(x, w, s)
    #expect(distance(z, expected) < 1e-12)
    let seed = Tensor<Double>.normal(z.shape, using: &generator)
    let mine = gradient(of: z, withRespectTo: [x, w, s], seed: seed)
    for (mine, theirs) in zip(mine, gradient(of: expected, withRespectTo: [x, w, s], seed: seed)) {
      #expect(distance(mine, theirs) < 1e-12)
    }
    // Only what is asked for is computed.
    #expect(program().pullback(needing: [false, true, false]).termCount < program().pullback(needing: [true, true, true]).termCount)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 52)
    let report = checkDerivatives(
      of: { v in program()(v, rows: 2, channels: 3, elements: RowIndex([1, 0], rowCount: 2))[0] },
      at: [.normal([2, 6], using: &generator), .normal([2, 3], using: &generator), .normal([2, 3], using: &generator)], order: 3,
      elements: 5, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }
}
