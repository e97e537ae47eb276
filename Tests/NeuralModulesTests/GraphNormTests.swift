import Equivariant
import Testing

@Suite struct GraphNormTests {
  private static func module() -> GraphNorm<Double> {
    var (generator, norm) = (RandomSource(seed: 1), GraphNorm<Double>(3))
    norm.forEachTensor { _, _, tensor in tensor = .normal([3], using: &generator) }
    return norm
  }

  /// Written out with plain numbers, for graphs of several sizes, one of them without rows.
  @Test func definition() {
    var generator = RandomSource(seed: 2)
    let (norm, graphs) = (Self.module(), RowIndex([0, 0, 3, 1, 0, 3, 3, 0], rowCount: 4))
    let x = Tensor<Double>.normal([8, 3], using: &generator)
    let (y, values) = (norm(x, graphs).elements, x.elements)
    let (weight, bias, shift) = (norm.weight.elements, norm.bias.elements, norm.shift.elements)
    for g in 0..<4 {
      let rows = (0..<8).filter { graphs.rows[$0] == g }
      for c in 0..<3 {
        let own = rows.map { values[$0 * 3 + c] }
        let mean = own.reduce(0, +) / Double(own.count)
        let z = own.map { $0 - shift[c] * mean }
        let deviation = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count) + 1e-5).squareRoot()
        for (row, value) in zip(rows, z) { #expect(abs(y[row * 3 + c] - (weight[c] * value / deviation + bias[c])) < 1e-14) }
      }
    }
    // A graph of another size beside it changes nothing; another row of its own does.
    let first = norm(x.sliced(axis: 0, 0..<2), RowIndex([0, 0], rowCount: 1))
    let beside = norm(x.sliced(axis: 0, 0..<4), RowIndex([0, 0, 1, 1], rowCount: 2)).sliced(axis: 0, 0..<2)
    #expect((first - beside).absolute().max().item < 1e-15)
    let together = norm(x.sliced(axis: 0, 0..<4), RowIndex([0, 0, 0, 0], rowCount: 1)).sliced(axis: 0, 0..<2)
    #expect((first - together).absolute().max().item > 1e-3)
  }

  @Test func derivativesAndParameters() {
    var generator = RandomSource(seed: 3)
    let (norm, graphs) = (Self.module(), RowIndex([0, 1, 1, 0, 0], rowCount: 2))
    #expect(ParameterAudit(of: norm).isClean, "\(ParameterAudit(of: norm))")
    let report = checkDerivatives(
      of: { inputs in
        var moved = norm
        (moved.weight, moved.bias, moved.shift) = (inputs[1], inputs[2], inputs[3])
        return moved(inputs[0], graphs)
      }, at: [.normal([5, 3], using: &generator), norm.weight, norm.bias, norm.shift], order: 2, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
