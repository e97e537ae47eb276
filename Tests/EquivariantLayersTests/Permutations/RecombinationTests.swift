import Equivariant
import Testing

@Suite struct RecombinationTests {
  private static let originals = RowIndex([1, 0, 1, 3, 1], rowCount: 4)

  /// Copy by copy with plain numbers; a row without copies is 0.
  @Test(arguments: RecombinationRule.allCases) func definition(rule: RecombinationRule) {
    var generator = RandomSource(seed: 1)
    let join = Recombination<Double>(rule, channels: 2, using: &generator)
    let x = Tensor<Double>.normal([5, 2], using: &generator)
    let (y, values) = (join(x, Self.originals).elements, x.elements)
    let score = join.namedTensors.first?.tensor.elements ?? []
    #expect(score.count == (rule == .attention ? 2 : 0))
    for row in 0..<4 {
      let copies = (0..<5).filter { Self.originals.rows[$0] == row }
      let powers = copies.map { k in rule == .attention ? Double.exp(score[0] * values[2 * k] + score[1] * values[2 * k + 1]) : 0 }
      for c in 0..<2 {
        let own = copies.map { values[2 * $0 + c] }
        let expected =
          switch rule {
          case _ where copies.isEmpty: 0.0
          case .mean: own.reduce(0, +) / Double(own.count)
          case .sum: own.reduce(0, +)
          case .max: own.max()!
          case .attention: zip(powers, own).reduce(0) { $0 + $1.0 * $1.1 } / powers.reduce(0, +)
          }
        #expect(abs(y[2 * row + c] - expected) < 1e-14)
      }
    }
  }

  @Test func derivativesAndParameters() {
    var generator = RandomSource(seed: 2)
    let join = Recombination<Double>(.attention, channels: 2, using: &generator)
    #expect(ParameterAudit(of: join).isClean, "\(ParameterAudit(of: join))")
    let report = checkDerivatives(
      of: { inputs in
        var moved = join
        moved.forEachTensor { _, _, tensor in tensor = inputs[1] }
        return moved(inputs[0], Self.originals)
      }, at: [.normal([5, 2], using: &generator)] + join.namedTensors.map(\.tensor), order: 2, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
    // Scores far apart: no overflow.
    let shares = Tensor<Double>(rows: [[1000, -1000], [0, 0]]).segmentSoftmax(RowIndex([0, 0], rowCount: 1))
    #expect(distance(shares, Tensor(rows: [[1, 0], [0, 1]])) < 1e-300)
  }
}
