import Equivariant

extension EngineBenchmarks {
  /// Operations on all elements of large tensors, and the drawing of random numbers one by one.
  func wholeTensors() {
    var generator = RandomSource(seed: 2)
    for threads in bench.threadCounts {
      Threads.count = threads
      let (rows, n) = (20_000, 128)
      let a = Tensor<Float>.normal([rows, n], using: &generator)
      let b = Tensor<Float>.normal([rows, n], using: &generator)
      let mask = a .> b
      let size: [String: Any] = ["rows": rows, "columns": n]
      bench.time("engine/whole/affine", size) { _ = a * 2 + 1 }
      bench.time("engine/whole/select", size) { _ = Tensor.select(mask, a, b) }
      bench.time("engine/whole/row dot", size) { _ = Tensor.rowDot(a, b) }
      bench.time("engine/whole/times a scalar tensor", size) { _ = a * Tensor(1.5) }
      bench.time("engine/whole/transpose", size) { _ = a.transposed() }
      bench.time("engine/whole/permute", ["shape": "200x100x128"]) { _ = a.reshaped(200, 100, 128).permuted([1, 0, 2]) }
      bench.time("engine/whole/column sums", ["shape": "16x160000"]) { _ = a.reshaped(16, 160_000).sum(axis: 0) }
      bench.time("engine/whole/maximum", size) { _ = a.max() }
      bench.time("engine/whole/row maxima", size) { _ = a.max(axis: 1) }
      bench.time("engine/whole/fill", size) { _ = Tensor<Float>(repeating: 1, shape: [rows, n]) }
      let owners = RowIndex((0..<rows).map { $0 / 10 }, rowCount: rows / 10)
      bench.time("engine/whole/segment maximum", size) { _ = a.segmentMax(owners) }
      let points = Tensor<Float>.normal([100_000, 3], using: &generator)
      bench.time("engine/whole/norm", ["rows": 100_000]) { _ = points.norm() }
    }
    Threads.count = 1
    bench.time("engine/numbers/normal", ["count": 1_000_000]) { _ = Tensor<Float>.normal([1_000_000], using: &generator) }
    bench.time("engine/numbers/uniform", ["count": 1_000_000]) { _ = Tensor<Float>.uniform([1_000_000], using: &generator) }
    let matrices = Tensor<Double>.normal([2000, 12, 12], using: &generator)
    let symmetric = matrices + matrices.transposed()
    bench.time("engine/numbers/solve", ["matrices": 2000, "size": 12]) { _ = Tensor.solve(matrices, matrices) }
    bench.time("engine/numbers/singular values", ["matrices": 2000, "size": 12]) { _ = matrices.singularValueDecomposition() }
    bench.time("engine/numbers/qr", ["matrices": 2000, "size": 12]) { _ = matrices.qr() }
    bench.time("engine/numbers/eigen", ["matrices": 2000, "size": 12]) { _ = symmetric.symmetricEigen() }
    let ends = Graph.complete(graphs: 100, nodes: 18)
    bench.time("engine/numbers/edge pairs", ["graphs": 100, "nodes": 18]) {
      _ = Graph(nodeCount: ends.nodeCount, receivers: ends.receivers.rows.map(Int.init), senders: ends.senders.rows.map(Int.init))
        .edgePairs(joiningReversed: true)
    }
  }
}
