import Equivariant
import Testing

@Suite struct PlaneFitTests {
  /// Points of a plane have its normal; a permutation of the axes permutes normals.
  @Test func plane() {
    var generator = RandomSource(seed: 1)
    let uv = Tensor<Double>.normal([1, 50, 2], using: &generator)
    let plane = Tensor.matmul(uv, Tensor<Double>(rows: [[1, 2, 2], [-2, 0, 1]]))
    // (1, 2, 2) × (-2, 0, 1) = (2, -5, 4)
    let expected = Tensor<Double>([2, -5, 4]).normalized()
    let cosines = (plane.planeNormals(neighbors: 6) * expected).sum(axis: -1).absolute()
    #expect((cosines - 1).absolute().max().item < 1e-12)
    // Points in space have other ones.
    let space = Tensor<Double>.normal([1, 50, 3], using: &generator)
    #expect(((space.planeNormals(neighbors: 6) * expected).sum(axis: -1).absolute() - 1).absolute().max().item > 0.1)
  }
}
