import DifferentiableTensors
import Requirements

extension Tensor {
  /// For every row of [clouds, n, w], its k nearest rows of the same cloud, itself first, from the nearest to the farthest: numbers among
  /// the clouds·n rows, k for each row in turn. The choice is not differentiable.
  ///
  /// |xᵢ - xⱼ|² = |xᵢ|² - 2 xᵢ·xⱼ + |xⱼ|², in the order of which |xᵢ|² plays no part, so that it takes one matrix product per cloud. The smaller number goes first where two distances are equal.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func nearestRows(_ k: Int) -> RowIndex {
    require(
      rank == 3 && k >= 1 && k <= shape[1], "a tensor [clouds, n, w] with at least \(k) rows a cloud is expected, received shape \(shape)")
    let (clouds, n) = (shape[0], shape[1])
    var found = [Int](repeating: 0, count: clouds * n * k)
    withoutRecording {
      // In units of a power of two, which changes no order: no square leaves the range of the element type.
      let x = detached / detached.reshaped(1, count).powersOfTwoByRow.reshaped(1, 1, 1)
      let products = Tensor.matmul(x, x, transposingSecond: true)
      let squares = x.squaredNorm()
      products.withElements { products in
        squares.withElements { squares in
          found.withUnsafeMutableBufferPointer { found in
            nonisolated(unsafe) let (found, products, squares) = (found, products, squares)
            Threads.split(clouds * n, grain: 64) { start, count in
              var distances = [Scalar](repeating: 0, count: k)
              for row in start..<start + count {
                let first = row / n * n
                let place = row - first
                keepSmallest(
                  k, of: n, distance: { $0 == place ? -.infinity : squares[first + $0] - 2 * products[row * n + $0] }, numberedFrom: first,
                  &distances, into: found.baseAddress! + row * k)
              }
            }
          }
        }
      }
    }
    return RowIndex(found, rowCount: clouds * n)
  }
}

/// The k smallest of n distances, in order, by insertion into the list of the k best: all but a few distances fail the first comparison.
@inline(__always)
private func keepSmallest<Scalar: TensorScalar>(
  _ k: Int, of n: Int, distance: (Int) -> Scalar, numberedFrom first: Int, _ best: inout [Scalar], into found: UnsafeMutablePointer<Int>
) {
  best.withUnsafeMutableBufferPointer { best in
    var filled = 0
    for j in 0..<n {
      let d = distance(j)
      if filled == k && !(d < best[k - 1]) { continue }
      var place = filled < k ? filled : k - 1
      while place > 0 && d < best[place - 1] {
        best[place] = best[place - 1]
        found[place] = found[place - 1]
        place -= 1
      }
      best[place] = d
      found[place] = first + j
      if filled < k { filled += 1 }
    }
  }
}
