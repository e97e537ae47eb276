import Equivariant
import Testing

@Suite struct IrrepsTensorTests {
  let irreps: Irreps<O3> = "3x0e+2x1o+2x2e"

  @Test func partsAndConcatenation() {
    let x: IrrepsTensor<Double> = LayerChecks.features(irreps, outer: [4, 2])
    #expect(x.parts.map(\.shape) == [[4, 2, 1, 3], [4, 2, 3, 2], [4, 2, 5, 2]])
    #expect(x[term: 1][3, 1, 2, 1] == x.tensor[3, 1, 3 + 2 * 2 + 1])
    #expect(IrrepsTensor(parts: x.parts, irreps: irreps).tensor == x.tensor)
    let both = IrrepsTensor.concatenated([x, x])
    #expect(both.irreps == irreps + irreps && both[term: 4] == x[term: 1])
    #expect((x + x).tensor == x.tensor * 2)
  }

  @Test func e3nnLayout() throws {
    let x: IrrepsTensor<Double> = LayerChecks.features(irreps, outer: [])
    #expect(x.e3nn.elements == irreps.toE3nn(x.tensor.elements))
    #expect(IrrepsTensor(e3nn: x.e3nn, irreps: irreps).tensor == x.tensor)
    // The layouts differ, and reading one as the other would be noticed.
    #expect(x.e3nn != x.tensor)
    let references = try LayerReferences()
    let y = try references.features("norm", "in0", irreps)
    #expect(distance(y.norms, try references.tensor("norm", "out")) < 1e-14)
    #expect(distance(IrrepsTensor(y.e3nn, irreps: irreps).norms, try references.tensor("norm", "out")) > 0.1)
  }

  /// Norms are invariant; a zero vector has norm 0 and zero derivatives.
  @Test func norms() {
    let scalars = Irreps<O3>([.init(irreps.irrepCount, O3.Irrep(degree: 0, parity: .even))])
    let (value, gradient) = LayerChecks.equivariance(
      of: { (x: IrrepsTensor<Double>) in IrrepsTensor(x.norms, irreps: scalars) }, at: LayerChecks.features(irreps), to: scalars)
    #expect(value.isExact(.layer) && gradient.isExact(.layer), "\(value) \(gradient)")
    let zero = Tensor<Double>.zeros([irreps.dimension]).asVariable()
    let slope = DifferentiableTensors.gradient(of: IrrepsTensor(zero, irreps: irreps).norms.sum(), withRespectTo: zero)
    #expect(slope == .zeros(slope.shape))
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = IrrepsTensor<Double>(.zeros([4]), irreps: "1x1o") }
    await #expect(processExitsWith: .failure) { _ = IrrepsTensor<Double>(parts: [.zeros([2, 3])], irreps: "2x1o") }
    await #expect(processExitsWith: .failure) {
      _ = IrrepsTensor<Double>(.zeros([3]), irreps: "1o") + IrrepsTensor<Double>(.zeros([3]), irreps: "1e")
    }
    await #expect(processExitsWith: .failure) {
      var x = IrrepsTensor<Double>(.zeros([3]), irreps: "1o")
      x.tensor = .zeros([2])
    }
  }
}
