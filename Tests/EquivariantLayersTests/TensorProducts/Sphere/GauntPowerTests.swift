import Equivariant
import Testing

@testable import EquivariantLayers

@Suite struct GauntPowerTests {
  let input: Irreps<O3> = "3x0e+3x1o+3x2e"

  /// f^power on a grid fine enough for it, point by point.
  private func onGrid(_ f: Tensor<Double>, _ power: Int, degree: Int) -> Tensor<Double> {
    let fine = 2 * power + degree
    let grid = SphereGrid(latitudes: fine + 1, longitudes: 2 * fine + 1)
    let synthesis = SphereTransform<Double>(degree: 2, grid: grid, normalization: .component)
    let analysis = SphereTransform<Double>(degree: degree, grid: grid, normalization: .component)
    let values = synthesis.synthesis(f, axis: -2)
    var result = values
    for _ in 1..<power { result = result * values }
    return analysis.analysis(result, axis: -2)
  }

  /// Against values on a grid, with weights of orders, degrees, channels and species.
  @Test(arguments: [1, 2, 3, 4, 5]) func powers(_ order: Int) {
    let output: Irreps<O3> = order == 1 ? "3x0e+3x2e" : "3x0e+3x2e+3x3o"
    let x: IrrepsTensor<Double> = LayerChecks.features(input, outer: [4])
    let species = [1, 0, 1, 1]
    for method in [GauntMethod.automatic, .quadrature, .fourier] {
      var generator = RandomSource(seed: 3)
      let layer = GauntPower<Double>(input, order: order, to: output, species: 2, method: method, using: &generator)
      let z = layer(x, species: RowIndex(species, rowCount: 2))
      var expected: [[Tensor<Double>]] = (0..<4).map { _ in output.terms.map { .zeros([1, $0.irrep.dimension, 3]) } }
      for power in 1...order {
        let coefficients = onGrid(x.tensor.reshaped(4, 9, 3), power, degree: 3)
        for (row, kind) in species.enumerated() {
          for (i, term) in output.terms.enumerated() {
            let l = term.irrep.degree
            let place = (power - 1) * output.terms.count + i
            let weight = layer.weights.sliced(axis: 0, kind..<kind + 1).sliced(axis: 1, place..<place + 1)
            let part = coefficients.sliced(axis: 0, row..<row + 1).sliced(axis: 1, l * l..<(l + 1) * (l + 1))
            expected[row][i] = expected[row][i] + part * weight
          }
        }
      }
      for (i, part) in z.parts.enumerated() {
        let all = Tensor.concatenated(expected.map { $0[i] }, axis: 0)
        #expect(distance(part, all) < 1e-12 * max(1, all.absolute().max().item), "\(order) \(method)")
      }
    }
  }

  @Test func equivariance() {
    let (input, output): (Irreps<O3>, Irreps<O3>) = ("2x0e+2x1o+2x2e+2x3o", "2x0e+2x1o+2x2e+2x3o+2x4e+2x5o+2x6e")
    func layer<S: TensorScalar>(_ type: S.Type) -> GauntPower<S> {
      var generator = RandomSource(seed: 5)
      return GauntPower(input, order: 3, to: output, using: &generator)
    }
    LayerChecks.expectEquivariant(layer(Double.self), layer(Float.self), from: input, to: output)
    // The parities of the tensors count: cubes of pseudo-tensors are no tensors.
    let odd = Irreps<O3>(input.terms.map { .init(2, O3.Irrep(degree: $0.irrep.degree, parity: $0.irrep.parity * .odd)) })
    let double = layer(Double.self)
    let broken = LayerChecks.equivariance(
      of: { double(IrrepsTensor($0.tensor, irreps: input)) }, at: LayerChecks.features(odd), to: output)
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 6)
    let layer = GauntPower<Double>("2x0e+2x1o", order: 3, to: "2x0e+2x1o+2x2e", using: &generator)
    LayerChecks.expectDerivatives(of: layer, at: LayerChecks.features("2x0e+2x1o", outer: [2]))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = GauntPower<Double>("2x0e+2x1o", order: 2, to: "2x0e+2x3o", using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = GauntPower<Double>("2x0o+2x1e", order: 2, to: "2x0e", using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 1)
      _ = GauntPower<Double>("2x0e+2x1o", order: 2, to: "2x0e", species: 3, using: &generator)(LayerChecks.features("2x0e+2x1o"))
    }
  }
}
