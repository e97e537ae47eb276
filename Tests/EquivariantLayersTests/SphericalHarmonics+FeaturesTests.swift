import Equivariant
import Testing

@Suite struct SphericalHarmonicsFeaturesTests {
  @Test(arguments: [0...6, 2...3]) func equivariance(degrees: ClosedRange<Int>) {
    var generator = RandomSource(seed: 14)
    let harmonics = SphericalHarmonics(degrees: degrees, normalization: .component)
    let points = Tensor<Double>.normal([4, 3], using: &generator)
    #expect(harmonics.features(at: points).tensor == harmonics(points))
    func error(_ irreps: Irreps<O3>) -> (value: Double, gradient: Double) {
      let output = Action<OrthogonalElement, IrrepsTensor<Double>>.on(\.tensor, by: .rows(by: irreps.representation))
      let value = measureEquivariance(
        of: { harmonics.features(at: $0) }, under: O3(), input: .vectors, output: output, at: [points], elements: 10,
        special: O3().specialElements, using: &generator)
      let gradient = measureGradientEquivariance(
        of: { harmonics.features(at: $0) }, under: O3(), input: .vectors, output: output, at: [points], elements: 10,
        special: O3().specialElements, using: &generator)
      return (value.relativeError, gradient.relativeError)
    }
    let exact = error(harmonics.irreps)
    #expect(exact.value < 1e-13 && exact.gradient < 1e-13, "\(exact)")
    // The same degrees with the parity of pseudotensors.
    let other = Irreps<O3>(harmonics.irreps.terms.map { .init(1, O3.Irrep(degree: $0.irrep.degree, parity: $0.irrep.parity * .odd)) })
    #expect(error(other).value > 0.1)
  }
}
