import DifferentiableTensors
import Foundation
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
        // Pieces with a few columns or rows over, and products too narrow to be turned.
        let narrow = Tensor.linear(
          Tensor<Float>.normal([4000, 1100], using: &generator), weight: .normal([4, 1100], using: &generator), bias: .ones([4]))
        let odd = Tensor.matmul(
          Tensor<Float>.normal([64, 256], using: &generator), .normal([257, 256], using: &generator), transposingSecond: true)
        let loss = (inner.squared().mean() + wide.squared().mean() + sums.sum() * 1e-3 + h.norm().sum())
        return [wide, sums, loss, narrow, odd] + gradient(of: loss, withRespectTo: [x, w, b])
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

  /// A graph swept on one thread and again, longer, on another.
  @Test func graphsGoToOtherThreads() async {
    @Sendable func derivative(_ x: Tensor<Double>, steps: Int) -> Double {
      var y = x
      for _ in 0..<steps { y = y * 2 }
      return gradient(of: y, withRespectTo: x).item
    }
    for steps in 1...40 {
      let x = Tensor<Double>([2.0]).asVariable()
      #expect(derivative(x, steps: 20) == pow(2, 20))
      let thread = SharedThread { derivative(x, steps: steps) }
      #expect(thread.result == pow(2, Double(steps)))
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

/// A thread of its own, which has made no graph yet.
private final class SharedThread: @unchecked Sendable {
  private(set) var result = 0.0

  init(_ body: @escaping @Sendable () -> Double) {
    let done = DispatchSemaphore(value: 0)
    Thread {
      self.result = body()
      done.signal()
    }.start()
    done.wait()
  }
}
