import Equivariant
import Testing

@Suite struct GateTests {
  private func gate<S: TensorScalar>(_ type: S.Type) -> Gate<S> {
    Gate(
      scalars: "3x0e+2x0o", [.silu, .tanh], gates: "2x0o+4x0e", [.tanh, .sigmoid], gated: "3x1o+1x2e+2x6e")
  }

  @Test func equivariance() {
    let output: Irreps<O3> = "3x0e+2x0o+2x1e+1x1o+1x2e+2x6e"
    LayerChecks.expectEquivariant(gate(Double.self), gate(Float.self), from: "3x0e+2x0o+2x0o+4x0e+3x1o+1x2e+2x6e", to: output)
    // Components gated one by one.
    let broken = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in IrrepsTensor(x.tensor * x.tensor.sigmoid(), irreps: x.irreps) }, at: LayerChecks.features("2x1o"),
      to: "2x1o")
    #expect(broken.value.relativeError > 0.1)
  }

  @Test func derivatives() {
    LayerChecks.expectDerivatives(of: gate(Double.self), at: LayerChecks.features(gate(Double.self).input, outer: [2]))
  }

  @Test func e3nn() throws {
    let references = try LayerReferences()
    let gate = Gate<Double>(
      scalars: "5x0e+2x0o", [.silu, .tanh], gates: "3x0e+2x0o", [.sigmoid, .tanh], gated: "3x1o+2x2e", normalization: .e3nn, order: .e3nn)
    #expect(gate.input == "4x0o+8x0e+3x1o+2x2e" && gate.output == "5x0e+2x0o+3x1o+2x2o")
    let y = gate(try references.features("gate", "in0", gate.input))
    #expect(distance(y.e3nn, try references.tensor("gate", "out")) < 1e-13)
    // The parity of the gates changes inside the first gated term.
    let mixed = Gate<Double>(
      scalars: "2x0o+3x0e", [.tanh, .silu], gates: "2x0o+4x0e", [.tanh, .sigmoid], gated: "5x1o+1x2e", normalization: .e3nn, order: .e3nn)
    #expect(mixed.input == "4x0o+7x0e+5x1o+1x2e" && mixed.output == "2x0o+3x0e+2x1e+3x1o+1x2e")
    let z = mixed(try references.features("gate_mixed", "in0", mixed.input))
    #expect(distance(z.e3nn, try references.tensor("gate_mixed", "out")) < 1e-13)
  }

  /// Without gates it is an activation of scalars.
  @Test func scalarsOnly() {
    let gate = Gate<Double>(scalars: "3x0e", [.silu], gates: "", [], gated: "")
    let x: IrrepsTensor<Double> = LayerChecks.features("3x0e")
    #expect(gate(x).tensor == ScalarActivation<Double>("3x0e", [.silu])(x).tensor)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Gate<Double>(scalars: "", [], gates: "2x0e", [.silu], gated: "3x1o") }
    await #expect(processExitsWith: .failure) { _ = Gate<Double>(scalars: "", [], gates: "3x0o", [.silu], gated: "3x1o") }
    await #expect(processExitsWith: .failure) { _ = Gate<Double>(scalars: "1x1o", [.tanh], gates: "", [], gated: "") }
  }
}
