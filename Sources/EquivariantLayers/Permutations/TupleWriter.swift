import DifferentiableTensors
import GroupTheory

/// One output, which collects what is broadcast and written to diagonals, and adds it where the tensors are small.
struct TupleWriter<Scalar: TensorScalar> {
  private let axes: [Int]
  private let space: TupleSpace
  /// The terms by partition of the axes, in the order of their first terms, and then by the blocks that they depend on.
  private var groups: [Group] = []

  private struct Group {
    let pattern: TuplePattern
    var terms: [[Int]: Tensor<Scalar>]
  }

  init(axes: [Int], _ space: TupleSpace) { (self.axes, self.space) = (axes, space) }

  mutating func add(_ z: Tensor<Scalar>, to pattern: TuplePattern) {
    if let group = groups.firstIndex(where: { $0.pattern.partition == pattern.partition }) {
      groups[group].terms[pattern.kept] = z
    } else {
      groups.append(Group(pattern: pattern, terms: [pattern.kept: z]))
    }
  }

  /// The feature [tuples, channels].
  func result() -> Tensor<Scalar> {
    // The terms of the finest partition are on all tuples; those of the others are on diagonals.
    let whole = groups.first { $0.pattern.blocks.count == axes.count }!
    let diagonals = groups.filter { $0.pattern.blocks.count < axes.count }.map { group -> Added in
      let map = space.map(from: axes, to: group.pattern.kinds, via: group.pattern.placeOfAxis)
      let values = broadcast(group)
      return (map.positions.map { values.gathered($0) } ?? values, map.rows!)
    }
    let place = whole.pattern.placeOfAxis
    if place == Array(axes.indices) { return broadcast(whole, adding: diagonals) }
    let part = space.map(from: axes, to: whole.pattern.kinds, via: place).pushed(broadcast(whole))
    return diagonals.reduce(part) { $0 + $1.values.scatterAdded($1.rows) }
  }

  private typealias Added = (values: Tensor<Scalar>, rows: RowIndex)

  /// The sum of the terms of one partition, on the tuples of all its blocks, and of rows added to it.
  private func broadcast(_ group: Group, adding added: [Added] = []) -> Tensor<Scalar> {
    let kinds = group.pattern.kinds, all = Array(kinds.indices)
    let isSymmetric = space.subspace.contains(.symmetric) && all.count == 2
    var terms = group.terms
    for kept in TuplePattern.subsets(of: all.count).reversed() where kept.count + 1 < all.count {
      guard var term = terms[kept] else { continue }
      terms[kept] = nil
      // Onto a term with one more index where there is one.
      let larger = all.filter { !kept.contains($0) }.map { (kept + [$0]).sorted() }
      let target = larger.first { terms[$0] != nil } ?? larger[0]
      // Of a symmetric feature a term of the first index stands for that of the second too.
      if isSymmetric { term = term * 0.5 }
      let moved = map(from: kept, to: target, kinds).pulled(term)
      terms[target] = terms[target].map { $0 + moved } ?? moved
    }
    var gathers = TuplePattern.subsets(of: all.count).filter { $0.count + 1 == all.count }.flatMap { kept -> [Added] in
      guard let term = terms[kept] else { return [] }
      let maps = [map(from: kept, to: all, kinds)] + (isSymmetric ? [space.map(from: [0], to: [0, 0], via: [1])] : [])
      return maps.map { (term, $0.rows!) }
    }
    var (total, left) = (terms[all], added)
    while gathers.count > 1 {
      let (a, b) = (gathers.removeFirst(), gathers.removeFirst())
      total = .gatheredSum(a.values, a.rows, b.values, b.rows, plus: total, adding: left)
      left = []
    }
    let others = gathers.map { $0.values.gathered($0.rows) } + left.map { $0.values.scatterAdded($0.rows) }
    for part in others { total = total.map { $0 + part } ?? part }
    return total!
  }

  /// A map to the tuples of fewer indices, which every tuple has.
  private func map(from kept: [Int], to target: [Int], _ kinds: [Int]) -> TupleMap {
    space.map(from: kept.map { kinds[$0] }, to: target.map { kinds[$0] }, via: kept.map { target.firstIndex(of: $0)! })
  }
}
