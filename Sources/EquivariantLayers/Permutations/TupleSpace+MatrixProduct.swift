import DifferentiableTensors
import Requirements

extension TupleSpace {
  /// The product of features of all pairs as matrices, channel by channel and set by set: y[i, j, c] = Σₖ a[i, k, c] b[k, j, c].
  ///
  /// Sets of one size are multiplied together, so that nothing is padded: a set of n points takes n³ · c operations and n² · c numbers.
  public func matrixProduct<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    require(pairs == nil && subspace.isEmpty, "a space of all pairs is expected")
    let count = rowCount(order: 2)
    require(
      a.rank == 2 && a.shape == b.shape && a.shape[0] == count,
      "two features [\(count), channels] are expected, received \(a.shape) and \(b.shape)")
    let channels = a.shape[1]
    let (classes, order) = sizeClasses
    if count == 0 { return a }
    let parts = classes.map { size, rows -> Tensor<Scalar> in
      func matrices(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        (rows.map { x.gathered($0) } ?? x).reshaped(-1, size, size, channels).permuted([0, 3, 1, 2])
      }
      return Tensor.matmul(matrices(a), matrices(b)).permuted([0, 2, 3, 1]).reshaped(-1, channels)
    }
    let product = Tensor.concatenated(parts, axis: 0)
    return order.map { product.gathered($0) } ?? product
  }

  /// The pairs of the sets of each size, and the places of all pairs in their concatenation; nil for sets of one size only.
  private var sizeClasses: (classes: [(size: Int, rows: RowIndex?)], order: RowIndex?) {
    let sets = sizes[0].indices.filter { sizes[0][$0] > 0 }
    let groups = Dictionary(grouping: sets) { sizes[0][$0] }.sorted { $0.key < $1.key }
    if groups.count < 2 { return (groups.map { ($0.key, nil) }, nil) }
    return tables.value(.sizeClasses) {
      let starts = tuples([0, 0]).starts, count = rowCount(order: 2)
      let rows = groups.map { size, sets in sets.flatMap { set in (0..<size * size).map { starts[set] + $0 } } }
      var places = [Int](repeating: 0, count: count)
      for (place, row) in rows.joined().enumerated() { places[row] = place }
      return SizeClasses(
        classes: zip(groups, rows).map { ($0.key, RowIndex($1, rowCount: count)) }, order: RowIndex(places, rowCount: count))
    }.value
  }

  private struct SizeClasses: Sendable {
    let classes: [(size: Int, rows: RowIndex?)]
    let order: RowIndex
    var value: (classes: [(size: Int, rows: RowIndex?)], order: RowIndex?) { (classes, order) }
  }
}
