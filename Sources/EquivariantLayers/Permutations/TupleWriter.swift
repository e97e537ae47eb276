import DifferentiableTensors
import GroupTheory

/// One output: what is broadcast and written to diagonals, joined where the tensors are small.
struct TupleWriter<Scalar: TensorScalar> {
  private let axes: [Int]
  private let space: TupleSpace
  /// By partition of the axes, in the order of their first terms; then by the blocks that the terms depend on.
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
    let parts = groups.map { group in
      space.map(from: axes, to: group.pattern.kinds, via: group.pattern.placeOfAxis).pushed(broadcast(group))
    }
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }

  /// The sum of the terms of one partition, on the tuples of all its blocks.
  private func broadcast(_ group: Group) -> Tensor<Scalar> {
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
    var gathers = TuplePattern.subsets(of: all.count).filter { $0.count + 1 == all.count }.flatMap { kept -> [Gather] in
      guard let term = terms[kept] else { return [] }
      let maps = [map(from: kept, to: all, kinds)] + (isSymmetric ? [space.map(from: [0], to: [0, 0], via: [1])] : [])
      return maps.map { (term, $0.rows!) }
    }
    var total = terms[all]
    while gathers.count > 1 {
      let (a, b) = (gathers.removeFirst(), gathers.removeFirst())
      total = .gatheredSum(a.term, a.rows, b.term, b.rows, plus: total)
    }
    if let last = gathers.first {
      let moved = last.term.gathered(last.rows)
      total = total.map { $0 + moved } ?? moved
    }
    return total!
  }
  private typealias Gather = (term: Tensor<Scalar>, rows: RowIndex)

  /// Every tuple has the tuples of fewer of its indices.
  private func map(from kept: [Int], to target: [Int], _ kinds: [Int]) -> TupleMap {
    space.map(from: kept.map { kinds[$0] }, to: target.map { kinds[$0] }, via: kept.map { target.firstIndex(of: $0)! })
  }
}
