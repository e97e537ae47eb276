import Equivariant
import Testing

@Suite struct AtomBatchTests {
  private let water: [[Double]] = [[0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]]
  private let hydrogen: [[Double]] = [[0, 0, 0], [0, 0, 0.74]]
  private func batch(cutoff: Double = 5) -> AtomBatch<Double> {
    AtomBatch(atomicNumbers: [[8, 1, 1], [], [1, 1]], positions: [water, [], hydrogen], cutoff: cutoff)
  }

  @Test func structures() {
    let batch = batch()
    #expect(batch.atomCount == 5 && batch.structureCount == 3 && batch.graph.graphSizes == [3, 0, 2])
    #expect(
      batch.graph.edgeCount == 6 + 2 && self.batch(cutoff: 1).graph.edgeCount == 4 + 2 && self.batch(cutoff: 0.5).graph.edgeCount == 0)
    #expect(batch.membership.rows == [0, 0, 0, 2, 2])
    #expect(batch.species(of: [1, 8])?.rows == [1, 0, 0, 0, 0] && batch.species(of: [1, 6]) == nil)
    #expect(batch.sums(Tensor([1, 2, 3, 4, 5])).elements == [6, 0, 9] && batch.means(Tensor([1, 2, 3, 4, 5])).elements == [2, 0, 4.5])
    let lengths = batch.graph.vectors(batch.positions).norm()
    #expect(abs(lengths.max().item - 1.52) < 1e-12 && abs(lengths.min().item - 0.74) < 1e-12)
  }

  @Test func togetherAndApart() {
    let (all, cut) = (batch(), 5.0)
    let parts = [
      AtomBatch(atomicNumbers: [[8, 1, 1]], positions: [water], cutoff: cut),
      AtomBatch(atomicNumbers: [[]], positions: [[]], cutoff: cut), AtomBatch(atomicNumbers: [[1, 1]], positions: [hydrogen], cutoff: cut),
    ]
    let joined = AtomBatch.concatenated(parts)
    #expect(joined.positions == all.positions && joined.atomicNumbers == all.atomicNumbers)
    #expect(joined.graph.senders.rows == all.graph.senders.rows && joined.graph.graphSizes == all.graph.graphSizes)
    let moved = all.relabelled([2, 0, 1, 4, 3])
    #expect(moved.atomicNumbers == [1, 1, 8, 1, 1] && moved.positions[2, 2] == 0.12)
    #expect(moved.sums(moved.positions.norm()) == all.sums(all.positions.norm()))
    let single = all.converted(to: Float.self)
    #expect(single.positions[0, 2] == 0.12 && single.graph === all.graph)
  }

  /// Derivatives go through the vectors to the positions of both ends.
  @Test func forcesThroughVectors() {
    var batch = batch()
    batch.positions = batch.positions.asVariable()
    let energy = (batch.graph.vectors(batch.positions).norm() - 1).squared().sum()
    let slope = gradient(of: energy, withRespectTo: batch.positions)
    // Two edges of the bond of H2: dE/dz = 4 (0.74 - 1) for the second atom.
    #expect(abs(slope[4, 2] + 4 * 0.26) < 1e-12 && abs(slope[3, 2] - 4 * 0.26) < 1e-12)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = AtomBatch<Float>(atomicNumbers: [[1, 1]], positions: [[[0, 0, 0]]], cutoff: 1) }
    await #expect(processExitsWith: .failure) { _ = AtomBatch<Float>(atomicNumbers: [[1]], positions: [[[0, 0]]], cutoff: 1) }
    await #expect(processExitsWith: .failure) {
      _ = AtomBatch<Float>(atomicNumbers: [1, 1], positions: .zeros([2, 3]), sizes: [1], cutoff: 1)
    }
  }
}
