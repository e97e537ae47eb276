import Testing

@testable import DifferentiableTensors
@testable import Equivariant
@testable import EquivariantLayers

struct FrameFormTests {
  /// Two clouds with 2 and 3 frames, of 4 and 2 vectors, against einsum; and all derivatives.
  @Test(arguments: [1, 2, 3, 4])
  func form(d: Int) {
    let form = FrameForm(frames: [2, 3], vectors: [4, 2], dimension: d)
    let (r, x, y) = (random([5, d, d], seed: 1), random([6, d], seed: 2), random([14, d], seed: 3))
    let (first, second) = (x.sliced(axis: 0, 0..<4), x.sliced(axis: 0, 4..<6))
    let expected = Tensor.concatenated(
      [
        Tensor.einsum("tba,ib->tia", r.sliced(axis: 0, 0..<2), first).reshaped(8, d),
        Tensor.einsum("tba,ib->tia", r.sliced(axis: 0, 2..<5), second).reshaped(6, d),
      ], axis: 0)
    #expect(distance(form.coordinates(r, x), expected) < 1e-14)
    let back = Tensor.concatenated(
      [
        Tensor.einsum("tba,tia->ib", r.sliced(axis: 0, 0..<2), y.sliced(axis: 0, 0..<8).reshaped(2, 4, d)),
        Tensor.einsum("tba,tia->ib", r.sliced(axis: 0, 2..<5), y.sliced(axis: 0, 8..<14).reshaped(3, 2, d)),
      ], axis: 0)
    #expect(distance(form.vectors(r, y), back) < 1e-13)
    var generator = RandomSource(seed: 4)
    let down = checkDerivatives(of: { form.coordinates($0[0], $0[1]) }, at: [r, x], order: 3, elements: 5, using: &generator)
    #expect(down.relativeError < 1e-7, "\(down)")
    let up = checkDerivatives(of: { form.vectors($0[0], $0[1].tanh()).tanh() }, at: [r, y], order: 3, elements: 5, using: &generator)
    #expect(up.relativeError < 1e-6, "\(up)")
  }
}
