import Equivariant
import Testing

@Suite struct S2ActivationTests {
  let signal: Irreps<O3> = "2x0e+2x1o+2x2e+2x3o+2x4e+2x5o+2x6e"

  /// What stays below the degree that the grid resolves is exact: with the identity everything, at degree 6.
  @Test func exactWhereResolved() {
    LayerChecks.expectEquivariant(
      S2Activation<Double>(signal, .identity), S2Activation<Float>(signal, .identity), from: signal, to: signal)
    let x: IrrepsTensor<Double> = LayerChecks.features(signal)
    #expect(distance(S2Activation<Double>(signal, .identity)(x).tensor, x.tensor) < 1e-13)
    #expect(distance(S2Activation<Double>(signal, .identity, grid: .e3nn(resolution: 14))(x).tensor, x.tensor) < 1e-13)
  }

  /// Discretised otherwise: the error falls with the resolution, and a coarse grid shows one.
  @Test(arguments: ["1x0e+1x1o+1x2e", "1x0e+1x1e+1x2e", "1x0o+1x1e+1x2o"] as [Irreps<O3>])
  func errorFallsWithResolution(_ irreps: Irreps<O3>) {
    let study = ResolutionStudy(resolutions: [4, 8, 16, 32]) { n in
      let layer = S2Activation<Double>(irreps, .tanh, grid: .gaussLegendre(SphereGrid(latitudes: n, longitudes: 2 * n)))
      #expect(layer.output == irreps)
      return LayerChecks.equivariance(of: layer.callAsFunction, at: LayerChecks.features(irreps), to: irreps).value.relativeError
    }
    #expect(Tolerance.Discretised(order: 2, finest: 1e-7).admits(study), "\(study)")
    #expect(study.errors[0] > 1e-3)
  }

  /// An even function of a pseudoscalar signal makes a scalar one.
  @Test func parity() {
    #expect(S2Activation<Double>("1x0o+1x1e+1x2o", .absolute, outputDegree: 1).output == "1x0e+1x1o")
    #expect(S2Activation<Double>("3x0e+3x1e", .silu, outputDegree: 3).output == "3x0e+3x1e+3x2e+3x3e")
  }

  @Test func derivatives() {
    LayerChecks.expectDerivatives(of: S2Activation<Double>("2x0e+2x1o", .silu, outputDegree: 2), at: LayerChecks.features("2x0e+2x1o"))
  }

  @Test func e3nn() throws {
    let references = try LayerReferences()
    let irreps: Irreps<O3> = "1x0e+1x1o+1x2e+1x3o+1x4e"
    let x = try references.features("s2act_silu_res20", "in0", irreps)
    let expected = try references.tensor("s2act_silu_res20", "out")
    let layer = S2Activation<Double>(irreps, .silu, grid: .e3nn(resolution: 20), normalization: .e3nn)
    #expect(distance(layer(x).e3nn, expected) < 1e-12)
    // Fine grids of both kinds agree, coarse ones do not; another factor is noticed.
    func difference(_ n: Int) -> Double {
      let gauss = S2Activation<Double>(irreps, .silu, grid: .gaussLegendre(SphereGrid(latitudes: n, longitudes: 2 * n)))
      return distance(S2Activation<Double>(irreps, .silu, grid: .e3nn(resolution: n))(x).tensor, gauss(x).tensor)
    }
    #expect(difference(64) < 1e-8 && difference(10) > 1e-4, "\(difference(64)), \(difference(10))")
    #expect(distance(S2Activation<Double>(irreps, .silu, grid: .e3nn(resolution: 20))(x).e3nn, expected) > 1e-4)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = S2Activation<Double>("1x0o+1x1e", .silu) }
    await #expect(processExitsWith: .failure) { _ = S2Activation<Double>("1x0e+1x1o+1x2o", .silu) }
    await #expect(processExitsWith: .failure) { _ = S2Activation<Double>("1x0e+2x1o", .silu) }
    await #expect(processExitsWith: .failure) { _ = S2Activation<Double>("1x0e+1x1o", .silu, grid: .e3nn(resolution: 5)) }
  }
}
