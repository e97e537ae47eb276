import Equivariant
import Testing

struct GeometricBatchTests {
  @Test func particles() {
    let particles = EGNNTests.system(Double.self)
    let batch = GeometricBatch(particles)
    #expect(batch.positions == particles.positions && batch.scalars == particles.features)
    #expect(batch.vectors.shape == [5, 1, 3] && batch.vectors.elements == particles.velocities.elements)
    #expect(batch.membership.rows == [0, 0, 0, 0, 0])
  }

  @Test func relabelling() {
    let batch = PONITAClouds.random(Double.self, sizes: [4])
    let moved = batch.relabelled([2, 0, 3, 1])
    for (i, image) in [2, 0, 3, 1].enumerated() {
      #expect(moved.positions[image, 0] == batch.positions[i, 0] && moved.scalars[image, 1] == batch.scalars[i, 1])
      #expect(moved.vectors[image, 1, 2] == batch.vectors[i, 1, 2])
    }
  }

  /// Clouds of unequal sizes have the frames that each has alone, in their order.
  @Test func framesOfUnequalClouds() {
    let sizes = [5, 7, 5, 3]
    let batch = PONITAClouds.random(Double.self, sizes: sizes)
    let frames = batch.frames(PCAFrame(.se(3)))
    #expect(frames.clouds.rows == (0..<16).map { Int32($0 / 4) })
    var start = 0
    for (k, size) in sizes.enumerated() {
      let rows = RowIndex(Array(start..<start + size), rowCount: 20)
      let alone = GeometricBatch(
        positions: batch.positions.gathered(rows), scalars: batch.scalars.gathered(rows), vectors: batch.vectors.gathered(rows),
        graph: .complete(nodes: size)
      ).frames(PCAFrame(.se(3)))
      #expect((frames.rotations.sliced(axis: 0, 4 * k..<4 * k + 4) - alone.rotations).absolute().max().item < 1e-14)
      #expect((frames.centers!.sliced(axis: 0, k..<k + 1) - alone.centers!).absolute().max().item < 1e-14)
      start += size
    }
  }
}
