import GroupTheory

/// One side of a basis element: which axes of a feature have equal indices, and which of these blocks pass their index to the other side.
/// The other blocks are summed in an input, and free, broadcast over, in an output.
struct TuplePattern: Sendable, Hashable {
  /// The equal axes.
  let partition: SetPartition
  /// The blocks, by kind and then by number: the order of the axes of the tuples of blocks.
  let blocks: [Int]
  /// The kinds of these.
  let kinds: [Int]
  /// The places in ``blocks`` that are passed on, increasing.
  let kept: [Int]
  /// The order in which they are passed on: place `kept[order[k]]` is the k-th index that both sides share.
  let order: [Int]

  /// The kinds of the shared indices, increasing.
  var sharedKinds: [Int] { kept.map { kinds[$0] } }
  /// The block of each axis, as a place in ``blocks``.
  var placeOfAxis: [Int] { partition.blockOfPoint.map { blocks.firstIndex(of: $0)! } }
  /// The shared index of each block of the partition; nil for a block that is summed or free.
  func sharedIndex(ofBlock block: Int) -> Int? { order.firstIndex { blocks[kept[$0]] == block } }

  /// The patterns of a feature. Those of an input come with all orders of the shared indices, since two shared indices of one kind need to
  /// be exchanged on one side only. For symmetric features, one pattern stands for all those into which permutations of the axes turn it.
  static func all(axes: [Int], subspace: TensorSubspace, ordered: Bool) -> [TuplePattern] {
    let isSymmetric = subspace.contains(.symmetric)
    return PartitionBasis(from: [], to: axes, outputs: subspace).elements.flatMap { orbit in
      let kindOfBlock = orbit[0].blocks.map { axes[$0[0]] }
      let blocks = kindOfBlock.indices.sorted { (kindOfBlock[$0], $0) < (kindOfBlock[$1], $1) }
      let kinds = blocks.map { kindOfBlock[$0] }
      return subsets(of: blocks.count).filter { !isSymmetric || $0 == Array($0.indices) }.flatMap { kept in
        let orders = ordered && !isSymmetric ? SymmetricGroup(kept.count).elements.map(\.images) : [Array(kept.indices)]
        return orders.filter { order in order.indices.allSatisfy { kinds[kept[order[$0]]] == kinds[kept[$0]] } }.map {
          TuplePattern(partition: orbit[0], blocks: blocks, kinds: kinds, kept: kept, order: $0)
        }
      }
    }
  }

  /// Increasing lists of places, the longest first.
  static func subsets(of count: Int) -> [[Int]] {
    let all = (0..<1 << count).map { bits in (0..<count).filter { bits >> $0 & 1 == 1 } }
    return (0...count).reversed().flatMap { size in all.filter { $0.count == size } }
  }
}
