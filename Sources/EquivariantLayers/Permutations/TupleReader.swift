import DifferentiableTensors

/// Diagonals and sums of one feature, each computed once and from the smallest one that contains it.
struct TupleReader<Scalar: TensorScalar> {
  private let x: Tensor<Scalar>
  private let axes: [Int]
  private let space: TupleSpace
  private let normalization: TupleNormalization
  private var sums: [Key: Tensor<Scalar>] = [:]

  private struct Key: Hashable {
    let placeOfAxis: [Int]
    let kept: [Int]
  }

  init(_ x: Tensor<Scalar>, axes: [Int], _ space: TupleSpace, _ normalization: TupleNormalization) {
    (self.x, self.axes, self.space, self.normalization) = (x, axes, space, normalization)
  }

  /// The values of patterns that differ only in the order of the indices that they pass on: [tuples of shared indices, patterns ·
  /// channels].
  mutating func values(_ patterns: [TuplePattern]) -> Tensor<Scalar> {
    let first = patterns[0]
    var value = sum(first, kept: first.kept)
    if normalization == .mean && first.kept.count < first.blocks.count {
      value = value * space.inverseCounts(axes: first.kinds, kept: first.kept, Scalar.self)
    }
    // Index a of what is kept is the shared index that the order puts there.
    let places = patterns.map { pattern in pattern.order.indices.map { a in pattern.order.firstIndex(of: a)! } }
    return space.permuted(value, axes: first.sharedKinds, via: places)
  }

  private mutating func sum(_ pattern: TuplePattern, kept: [Int]) -> Tensor<Scalar> {
    let key = Key(placeOfAxis: pattern.placeOfAxis, kept: kept)
    if let known = sums[key] { return known }
    let value: Tensor<Scalar>
    if let last = pattern.blocks.indices.last(where: { !kept.contains($0) }) {
      let larger = (kept + [last]).sorted()
      value = space.sum(
        sum(pattern, kept: larger), axes: larger.map { pattern.kinds[$0] }, over: larger.firstIndex(of: last)!)
    } else {
      value = space.map(from: axes, to: pattern.kinds, via: key.placeOfAxis).pulled(x)
    }
    sums[key] = value
    return value
  }
}
