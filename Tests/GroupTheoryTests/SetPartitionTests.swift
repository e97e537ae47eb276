import Testing

@testable import GroupTheory

@Suite struct SetPartitionTests {
  /// Bell numbers, OEIS A000110; each partition once, and with n blocks as many as the Stirling numbers of the second kind, A008277.
  @Test func numbersOfPartitions() {
    for (n, count) in [1, 1, 2, 5, 15, 52, 203, 877].enumerated() {
      let all = SetPartition.all(of: n)
      #expect(all.count == count && Set(all).count == count)
      #expect(all.allSatisfy { $0.blocks.flatMap { $0 }.sorted() == Array(0..<n) && $0.blocks.count == $0.blockCount })
    }
    #expect((1...5).map { k in SetPartition.all(of: 5).count { $0.blockCount == k } } == [1, 15, 25, 10, 1])
    #expect(SetPartition.all(of: 4).first == .coarsest(4) && SetPartition.all(of: 4).last == .finest(4))
    #expect(SetPartition.coarsest(0).blockCount == 0 && SetPartition.finest(3).blockCount == 3)
  }

  @Test func blocksAndPermutations() throws {
    let partition = SetPartition(labels: ["b", "a", "b", "c", "a"])
    #expect(partition.blockOfPoint == [0, 1, 0, 2, 1] && partition.blocks == [[0, 2], [1, 4], [3]])
    #expect("\(partition)" == "{0, 2} {1, 4} {3}")
    #expect(partition.restricted(to: 1..<5).blockOfPoint == [0, 1, 2, 0])
    // Point 0 moves to 4, 2 to 3, 1 to 0, 4 to 1 and 3 to 2.
    let moved = try partition.permuted(by: Permutation([4, 0, 3, 2, 1]))
    #expect(moved == SetPartition(labels: [1, 1, 2, 0, 0]))
    let generator = SymmetricGroup(5).generators[1]
    #expect((0..<5).reduce(partition) { p, _ in p.permuted(by: generator) } == partition)
    #expect(partition.permuted(by: generator) != partition)
  }
}
