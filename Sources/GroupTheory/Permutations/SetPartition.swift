import Requirements

/// A partition of the points 0 ..< n into blocks, which says which indices of a tensor are equal. (A ``Partition`` is one of a number.)
///
/// Blocks are numbered by their first points: the block of each point, in order, is a restricted growth string, in which every number is
/// at most one more than the largest before it.
public struct SetPartition: Hashable, Sendable, CustomStringConvertible {
  /// The block of each point.
  public let blockOfPoint: [Int]

  /// Points with equal labels are in one block.
  public init(labels: [some Hashable]) {
    var numbers: [AnyHashable: Int] = [:]
    blockOfPoint = labels.map { label in
      if let known = numbers[label] { return known }
      numbers[label] = numbers.count
      return numbers.count - 1
    }
  }

  init(restrictedGrowth: [Int]) { blockOfPoint = restrictedGrowth }

  /// Each point alone.
  public static func finest(_ n: Int) -> SetPartition { SetPartition(restrictedGrowth: Array(0..<n)) }

  /// All points in one block; no block for n = 0.
  public static func coarsest(_ n: Int) -> SetPartition { SetPartition(restrictedGrowth: Array(repeating: 0, count: n)) }

  /// All partitions of n points, ``coarsest(_:)`` first, in lexicographic order of their strings. There are as many as the Bell number
  /// B(n) = 1, 1, 2, 5, 15, 52, 203, 877 (OEIS A000110).
  public static func all(of n: Int) -> [SetPartition] { all(of: n) { _, _ in true } }

  /// The partitions in which only points that may share a block do so.
  static func all(of n: Int, joining mayJoin: (Int, Int) -> Bool) -> [SetPartition] {
    require(n >= 0, "expected at least 0 points, received \(n)")
    var strings: [[Int]] = [[]]
    for point in 0..<n {
      strings = strings.flatMap { string in
        let blocks = (string.max() ?? -1) + 1
        let open = (0..<blocks).filter { block in string.indices.allSatisfy { string[$0] != block || mayJoin($0, point) } }
        return (open + [blocks]).map { string + [$0] }
      }
    }
    return strings.map { SetPartition(restrictedGrowth: $0) }
  }

  /// n, the number of points.
  public var size: Int { blockOfPoint.count }

  /// The number of blocks.
  public var blockCount: Int { (blockOfPoint.max() ?? -1) + 1 }

  /// The points of each block, in increasing order.
  public var blocks: [[Int]] {
    var result = [[Int]](repeating: [], count: blockCount)
    for (point, block) in blockOfPoint.enumerated() { result[block].append(point) }
    return result
  }

  /// The partition after the permutation has moved each point i to σ(i).
  public func permuted(by permutation: Permutation) -> SetPartition { SetPartition(labels: permutation.apply(to: blockOfPoint)) }

  /// The partition of some of the points, numbered from 0.
  public func restricted(to points: Range<Int>) -> SetPartition { SetPartition(labels: Array(blockOfPoint[points])) }

  /// "{0, 2} {1}".
  public var description: String { blocks.map { "{" + $0.map(String.init).joined(separator: ", ") + "}" }.joined(separator: " ") }
}
