import Equivariant
import Testing

struct FrameBatchSignFlipsTests {
  /// One element of a generic cloud; of a tetrahedron with frames of weight 1/24 · 2ᵏ, a third of the elements of each class.
  @Test func classes() {
    var generator = RandomSource(seed: 1)
    let generic = PCAFrame(.e(3))(Tensor<Double>.normal([3, 6, 3], using: &generator)).mergingSignFlips
    #expect(generic.count == 3 && generic.weights == nil && generic.centers != nil)
    let corners: [[Double]] = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    let whole = PCAFrame(.e(3))(Tensor(rows: corners).expandingAxis(0))
    let merged = whole.mergingSignFlips
    #expect(merged.count < whole.count && abs(merged.effectiveWeights.sum().item - 1) < 1e-14)
    // A function that signs do not change has the same average.
    func average(_ frames: FrameBatch<Double>) -> Double {
      let y = frames.framed(Tensor([0.3, -1.1, 0.4], shape: [1, 3]), as: [.vectors()])
      return frames.averaged(y.squared().squared() * Tensor([1, 2, 3]), as: [.scalars(3)]).sum().item
    }
    #expect(abs(average(merged) - average(whole)) < 1e-13)
  }

  @Test func randomPoses() {
    var generator = RandomSource(seed: 2)
    let frames = FrameBatch<Double>.random(2, for: 3, of: .so(3), using: &generator)
    #expect(frames.count == 6 && frames.clouds.rows == [0, 0, 1, 1, 2, 2])
    let products = Tensor.matmul(frames.rotations, frames.rotations, transposingFirst: true)
    #expect((products - Tensor.identity(3)).absolute().max().item < 1e-14)
    #expect((frames.rotations.sliced(axis: 0, 0..<3) - frames.rotations.sliced(axis: 0, 3..<6)).absolute().max().item > 0.1)
  }
}
