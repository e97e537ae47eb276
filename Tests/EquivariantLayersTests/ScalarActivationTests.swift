import Equivariant
import Testing

@Suite struct ScalarActivationTests {
  let input: Irreps<O3> = "3x0e+2x0o+2x0o+1x1o"
  let output: Irreps<O3> = "3x0e+2x0o+2x0e+1x1o"

  @Test func equivariance() {
    LayerChecks.expectEquivariant(
      ScalarActivation<Double>(input, [.silu, .tanh, .absolute, nil]), ScalarActivation<Float>(input, [.silu, .tanh, .absolute, nil]),
      from: input, to: output)
    // Neither even nor odd on odd scalars.
    let broken = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in IrrepsTensor(x.tensor.silu(), irreps: x.irreps) }, at: LayerChecks.features("2x0o"), to: "2x0o")
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    LayerChecks.expectDerivatives(of: ScalarActivation<Double>(input, [.silu, .tanh, nil, nil]), at: LayerChecks.features(input))
  }

  @Test func e3nn() throws {
    let references = try LayerReferences()
    let layer = ScalarActivation<Double>(input, [.silu, .tanh, .absolute, nil], normalization: .e3nn)
    let y = layer(try references.features("activation", "in0", input))
    #expect(distance(y.e3nn, try references.tensor("activation", "out")) < 1e-13)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = ScalarActivation<Double>("2x0o", [.silu]) }
    await #expect(processExitsWith: .failure) { _ = ScalarActivation<Double>("2x1o", [.tanh]) }
    await #expect(processExitsWith: .failure) { _ = ScalarActivation<Double>("2x0e+1x1o", [.tanh]) }
  }
}
