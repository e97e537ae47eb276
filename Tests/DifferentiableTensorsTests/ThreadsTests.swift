import DifferentiableTensors
import Testing

/// The same bits on any number of threads. In processes of their own: the number of threads is global.
@Suite struct ThreadsTests {
  @Test func sameBitsOnEveryNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      func results() -> [Tensor<Float>] {
        var generator = RandomSource(seed: 9)
        let x = Tensor<Float>.normal([3001, 67], using: &generator).asVariable()
        let w = Tensor<Float>.normal([65, 67], using: &generator).asVariable()
        let b = Tensor<Float>.normal([65], using: &generator).asVariable()
        let rows = RowIndex((0..<9000).map { ($0 * 7919) % 3001 }, rowCount: 3001)
        let h = Tensor.linear(x, weight: w, bias: b).silu()
        let edges = h.gathered(rows) * 0.5
        let sums = edges.scatterAdded(rows).softplus() + h.mean(axis: 0)
        let wide = Tensor.matmul(sums, sums, transposingFirst: true)
        let inner = Tensor.feedForward(sums, weights: (w.transposed(), w), biases: (x.mean(axis: 0), b), plus: sums)
        let loss = (inner.squared().mean() + wide.squared().mean() + sums.sum() * 1e-3 + h.norm().sum())
        return [wide, sums, loss] + gradient(of: loss, withRespectTo: [x, w, b])
      }
      Threads.count = 1
      let alone = results()
      for threads in [2, 3, 7] {
        Threads.count = threads
        for _ in 0..<3 {
          for (a, b) in zip(alone, results()) { precondition(a == b, "other bits on \(threads) threads") }
        }
      }
    }
  }

  @Test func concurrentCallers() async {
    await withTaskGroup(of: Float.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var generator = RandomSource(seed: 4)
          let x = Tensor<Float>.normal([600, 64], using: &generator).asVariable()
          let w = Tensor<Float>.normal([64, 64], using: &generator)
          return gradient(of: Tensor.matmul(x, w).silu().sum(), withRespectTo: x).sum().item
        }
      }
      var seen: Set<Float> = []
      for await value in group { seen.insert(value) }
      #expect(seen.count == 1)
    }
  }
}
