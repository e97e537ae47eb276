import Equivariant
import Testing

@Suite struct ExpressivityReportTests {
  private let harmonics: Irreps<O3> = "0e+1o+2e"
  private let all: Irreps<O3> = "0e+1o+1e+2e+2o"

  private func report<M: Module<Double>>(
    _ module: M, _ apply: (M, IrrepsTensor<Double>, IrrepsTensor<Double>) -> IrrepsTensor<Double>
  ) -> ExpressivityReport {
    var generator = RandomSource(seed: 31)
    return ExpressivityReport(
      "product", of: module, from: harmonics, harmonics, upTo: 2, complexity: "", using: &generator, applying: apply)
  }

  /// 0e: 3 paths; 1o: 4; 2e: 4; 1e: 2; 2o: 2. Odd sums: 1e and 2o.
  @Test func clebschGordan() {
    var generator = RandomSource(seed: 1)
    let full = TensorProduct<Double>.fullyConnected(harmonics, harmonics, to: all, using: &generator)
    let all = report(full) { $0($1, $2) }
    #expect(all.independentMaps == 15 && all.paths.count == 15 && all.parameters == 15)
    #expect(all.antisymmetric == (4, 4))
    #expect(all.residual < 1e-12)
    // Without the cross product the path is missing.
    let even = report(full) { product, x, y in IrrepsTensor(parts: [product(x, y)[term: 0], product(x, y)[term: 3]], irreps: "0e+2e") }
    #expect(even.independentMaps == 7 && even.antisymmetric == (0, 4))
    let elementwise = report(TensorProduct<Double>.elementwise(harmonics, harmonics) { $0.degree <= 2 }) { $0($1, $2) }
    #expect(elementwise.independentMaps == 7 && elementwise.parameters == 0)
    #expect(elementwise.paths.count(where: \.isPresent) == 7 && elementwise.antisymmetric == (2, 4))
  }

  /// One set of weights is one map: what is shared is not independent.
  @Test func sharedWeights() {
    var generator = RandomSource(seed: 1)
    let full = TensorProduct<Double>.fullyConnected(harmonics, harmonics, to: "1o", using: &generator)
    let fixed = report(full) { _, x, y in full(x, y) }
    #expect(fixed.independentMaps == 1 && fixed.paths.count(where: \.isPresent) == 4)
  }

  @Test func otherProducts() {
    var generator = RandomSource(seed: 1)
    let matrix = report(MatrixTensorProduct<Double>(harmonics, harmonics, to: all, using: &generator)) { $0($1, $2) }
    #expect(matrix.independentMaps == 15 && matrix.antisymmetric == (4, 4) && matrix.parameters == 11)
    let gaunt = report(GauntTensorProduct<Double>(harmonics, harmonics, to: harmonics, using: &generator)) { $0($1, $2) }
    #expect(gaunt.independentMaps == 11 && gaunt.antisymmetric == (0, 4))
    let signals = report(VectorSignalGauntProduct<Double>(harmonics, harmonics, to: "1e+2o", using: &generator)) { $0($1, $2) }
    #expect(signals.independentMaps == 4 && signals.antisymmetric == (4, 4))
  }

  /// What is not bilinear and equivariant is seen by the residual.
  @Test func residual() {
    var generator = RandomSource(seed: 1)
    let full = TensorProduct<Double>.fullyConnected(harmonics, harmonics, to: all, using: &generator)
    let broken = report(full) { IrrepsTensor($0($1, $2).tensor + $1.tensor.sum(axis: -1, keepingDimensions: true), irreps: $0.output) }
    #expect(broken.residual > 0.01)
  }
}
