import DifferentiableTensors

/// For tuples with axes B, the row of the tuple with axes A that some of its indices make: aₖ = b[φ(k)].
///
/// Pulling back along φ, [A rows, c] to [B rows, c], takes a diagonal (two axes of A with one φ), permutes axes (φ a permutation) or
/// broadcasts (φ leaves out axes of B). Pushing forward, [B rows, c] to [A rows, c], is the transpose: it embeds on a diagonal, permutes,
/// or sums over the axes left out.
struct TupleMap: Sendable {
  /// The rows of B whose tuple of A exists; nil for all.
  let positions: RowIndex?
  /// The rows of A at these positions; nil where they are all, in order.
  let rows: RowIndex?

  func pulled<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let y = rows.map { x.gathered($0) } ?? x
    return positions.map { y.scatterAdded($0) } ?? y
  }

  func pushed<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let y = positions.map { x.gathered($0) } ?? x
    return rows.map { y.scatterAdded($0) } ?? y
  }
}

extension TupleSpace {
  func map(from a: [Int], to b: [Int], via phi: [Int]) -> TupleMap {
    if a == b && phi == Array(a.indices) { return TupleMap(positions: nil, rows: nil) }
    return tables.value(.map(from: a, to: b, via: phi)) {
      let (source, target) = (tuples(a), tuples(b))
      var (rows, positions): ([Int], [Int]) = ([], [])
      rows.reserveCapacity(target.sets.count)
      positions.reserveCapacity(target.sets.count)
      for k in target.sets.indices {
        let row = a.isEmpty ? Int(target.sets[k]) : source.row(set: Int(target.sets[k])) { Int(target.points[phi[$0]][k]) }
        guard let row else { continue }
        rows.append(row)
        positions.append(k)
      }
      let isTotal = rows.count == target.sets.count
      return TupleMap(
        positions: isTotal ? nil : RowIndex(positions, rowCount: target.sets.count), rows: RowIndex(rows, rowCount: source.sets.count))
    }
  }

  /// A feature with its axes in several orders, side by side: [tuples, orders · channels].
  func permuted<Scalar: TensorScalar>(_ x: Tensor<Scalar>, axes: [Int], via orders: [[Int]]) -> Tensor<Scalar> {
    if orders.count == 1 { return map(from: axes, to: axes, via: orders[0]).pulled(x) }
    let maps = orders.map { map(from: axes, to: axes, via: $0) }
    if maps.contains(where: { $0.positions != nil }) { return .concatenated(maps.map { $0.pulled(x) }) }
    // One gather for all: the rows of a tuple follow each other.
    let count = x.shape[0]
    let index = tables.value(.orders(axes, via: orders)) {
      var rows: [Int] = []
      rows.reserveCapacity(count * maps.count)
      for r in 0..<count {
        for map in maps { rows.append(map.rows.map { Int($0.rows[r]) } ?? r) }
      }
      return RowIndex(rows, rowCount: count)
    }
    return x.gathered(index).reshaped(to: [count, orders.count * x.shape[1]])
  }

  /// The sum over one axis of a feature, over both orders of a pair that is stored once.
  func sum<Scalar: TensorScalar>(_ x: Tensor<Scalar>, axes: [Int], over axis: Int) -> Tensor<Scalar> {
    var rest = Array(axes.indices)
    rest.remove(at: axis)
    let sum = map(from: rest.map { axes[$0] }, to: axes, via: rest).pushed(x)
    guard subspace.contains(.symmetric) && axes.count == 2 else { return sum }
    let both = sum + map(from: [0], to: axes, via: [1 - rest[0]]).pushed(x)
    return subspace.contains(.zeroDiagonal) ? both : both - map(from: axes, to: [0], via: [0, 0]).pulled(x)
  }

  /// 1 / (number of tuples that are summed) for each row of the kept axes, [rows, 1]; 0 for none.
  func inverseCounts<Scalar: TensorScalar>(axes: [Int], kept: [Int], _ type: Scalar.Type) -> Tensor<Scalar> {
    tables.value(.inverseCounts(axes, kept: kept, isFloat: type == Float.self)) {
      withoutRecording {
        var (counts, left) = (Tensor<Double>.ones([rowCount(axes: axes), 1]), Array(axes.indices))
        while let place = left.lastIndex(where: { !kept.contains($0) }) {
          counts = sum(counts, axes: left.map { axes[$0] }, over: place)
          left.remove(at: place)
        }
        return Tensor<Scalar>(counts.elements.map { $0 > 0 ? Scalar(1 / $0) : 0 }, shape: counts.shape)
      }
    }
  }
}
