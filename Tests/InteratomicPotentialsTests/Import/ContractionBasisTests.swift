import Equivariant
import Testing

@testable import InteratomicPotentials

private let scalar = O3.Irrep.sphericalHarmonic(degree: 0)
private let vector = O3.Irrep.sphericalHarmonic(degree: 1)

@Suite struct ContractionBasisTests {
  /// x² of a scalar and |v|² of a vector, in any mixture and with superfluous copies, are found; what is no invariant is refused.
  @Test func invariants() throws {
    let basis = ContractionBasis([scalar, vector], to: [scalar], order: 2)
    // U [1, 16, k]: x², |v|², x² − 2|v|², and v_x².
    func table(_ entries: [(Int, Int, Double)]) -> [Double] {
      var values = [Double](repeating: 0, count: 16)
      for (i, j, value) in entries { values[4 * i + j] = value }
      return values
    }
    let square: [(Int, Int, Double)] = [(0, 0, 1)]
    let norm: [(Int, Int, Double)] = [(1, 1, 1), (2, 2, 1), (3, 3, 1)]
    let mixture: [(Int, Int, Double)] = square + norm.map { ($0.0, $0.1, -2) }
    let columns: [[Double]] = [table(square), table(norm), table(mixture), table([(1, 1, 1)])]
    func polynomials(_ chosen: [Int]) -> Tensor<Double> {
      var values: [Double] = []
      for row in 0..<16 { values += chosen.map { columns[$0][row] } }
      return Tensor(values, shape: [1, 16, chosen.count])
    }
    let matrix = try #require(basis.matrix(of: polynomials([0, 1, 2]), output: 0, factors: 2, tolerance: 1e-12))
    #expect(matrix.shape == [3, 2])
    for path in 0..<2 {
      let expected = matrix[0, path] - 2 * matrix[1, path]
      #expect(abs(matrix[2, path] - expected) < 1e-13)
    }
    #expect(basis.matrix(of: polynomials([0, 3]), output: 0, factors: 2, tolerance: 1e-12) == nil)
  }

  /// The number of independent polynomials that are known: of degrees up to 3, eight scalars and twelve vectors of three factors.
  @Test func counts() {
    let irreps: [O3.Irrep] = (0...3).map { .sphericalHarmonic(degree: $0) }
    let basis = ContractionBasis(irreps, to: [scalar, vector], order: 3)
    #expect(basis.paths(of: 0, factors: 3).count == 8 && basis.paths(of: 1, factors: 3).count == 12)
    #expect(basis.paths(of: 0, factors: 2).count == 4 && basis.paths(of: 1, factors: 2).count == 3)
  }
}
