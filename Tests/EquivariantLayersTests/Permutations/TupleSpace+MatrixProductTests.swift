import Equivariant
import Testing

@Suite struct TupleSpaceMatrixProductTests {
  /// Set by set with einsum, for sets of several sizes.
  @Test func matrixProduct() {
    var generator = RandomSource(seed: 1)
    for sizes in [[3, 1, 4, 0, 3], [2, 2], [5]] {
      let space = TupleSpace(sizes: sizes)
      let count = space.rowCount(order: 2)
      let (a, b) = (Tensor<Double>.normal([count, 2], using: &generator), Tensor<Double>.normal([count, 2], using: &generator))
      let y = space.matrixProduct(a, b)
      #expect(y.shape == [count, 2])
      var start = 0
      for n in sizes where n > 0 {
        let parts = [a, b, y].map { $0.sliced(axis: 0, start..<start + n * n).reshaped(n, n, 2) }
        #expect(distance(Tensor.einsum("ikc,kjc->ijc", parts[0], parts[1]), parts[2]) < 1e-14)
        start += n * n
      }
    }
  }

  /// Sets without pairs, and spaces without all pairs.
  @Test func noPairs() async {
    #expect(TupleSpace(sizes: [0, 0]).matrixProduct(Tensor<Float>.zeros([0, 3]), .zeros([0, 3])).shape == [0, 3])
    await #expect(processExitsWith: .failure) {
      _ = TupleSpace(sizes: [2], subspace: .zeroDiagonal).matrixProduct(Tensor<Float>.zeros([2, 1]), .zeros([2, 1]))
    }
  }
}
