import DifferentiableTensors
import EquivariantDatasets
import GroupTheory
import Testing

@Suite struct PointCloudBatchTests {
  /// Two points on a line: their mean is the origin and their distance from it 1, then scale and rotation act.
  @Test func twoPoints() throws {
    let shape = PointCloud(
      name: "a", points: [5, 0, 0, 1, 0, 0, 3, 0, 0], normals: [0, 1, 0, 1, 0, 0, 0, 0, 1], label: 4, parts: [7, 8, 9])
    let turn = Rotation3(axis: SIMD3(0, 0, 1), angle: .pi / 2)
    let batch = PointCloudBatch([(shape, [1, 2], .identity, 1), (shape, [0, 1], turn, 2)])
    #expect(batch.points.shape == [2, 2, 3] && batch.labels == [4, 4] && batch.parts == [8, 9, 7, 8])
    let expected: [Float] = [-1, 0, 0, 1, 0, 0, 0, 2, 0, 0, -2, 0]
    #expect(zip(batch.points.elements, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(batch.points.elements)")
    let normals: [Float] = [1, 0, 0, 0, 0, 1, -1, 0, 0, 0, 1, 0]
    #expect(zip(try #require(batch.normals).elements, normals).allSatisfy { abs($0 - $1) < 1e-6 })
    // All points in one place, and no points at all.
    let same = PointCloudBatch([(PointCloud(name: "b", points: [2, 2, 2, 2, 2, 2]), [0, 1], .identity, 1)])
    #expect(same.points.elements == [0, 0, 0, 0, 0, 0] && same.normals == nil && same.parts == [])
    #expect(PointCloudBatch([]).points.shape == [0, 0, 3])
  }

  @Test func randomClouds() {
    let shapes = PointCloudDataset.primitives(train: 2, test: 1, points: 64, seed: 1).train
    var (first, second) = (RandomSource(seed: 5), RandomSource(seed: 5))
    let still = PointCloudBatch.random(shapes, .init(points: 30), rotations: .identity, using: &first)
    let turned = PointCloudBatch.random(Array(shapes.prefix(1)), .init(points: 30), rotations: .so3, using: &second)
    #expect(still.points.shape == [shapes.count, 30, 3] && still.labels == shapes.map(\.label))
    for cloud in 0..<shapes.count {
      let x = still.points.sliced(axis: 0, cloud..<cloud + 1)
      let size = (x * x).sum().item / 30
      #expect(x.mean(axis: 1).elements.allSatisfy { abs($0) < 1e-5 } && size > 0.64 - 1e-4 && size < 1.25 * 1.25 + 1e-4, "\(size)")
    }
    // The first cloud is the same but for its rotation, which keeps distances and changes coordinates.
    func norms(_ x: Tensor<Float>) -> [Float] { x.sliced(axis: 0, 0..<1).norm(axis: -1).elements }
    #expect(zip(norms(still.points), norms(turned.points)).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(still.points.elements, turned.points.elements).contains { abs($0 - $1) > 0.1 })
  }

  /// A local cloud has the points nearest to its first one; another one does not.
  @Test func localClouds() {
    let line = PointCloud(name: "line", points: (0..<100).flatMap { [Float($0), 0, 0] })
    var generator = RandomSource(seed: 2)
    for _ in 0..<20 {
      let numbers = PointCloudSampling(points: 9, isLocal: true)(line, using: &generator)
      #expect(numbers.max()! - numbers.min()! == 8 && Set(numbers).count == 9)
      let spread = PointCloudSampling(points: 9)(line, using: &generator)
      #expect(spread.max()! - spread.min()! > 20 && Set(spread).count == 9)
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomSource(seed: 2)
      _ = PointCloudSampling(points: 3)(PointCloud(name: "", points: [0, 0, 0]), using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      let shape = PointCloud(name: "", points: [0, 0, 0, 1, 1, 1])
      _ = PointCloudBatch([(shape, [0, 1], .identity, 1), (shape, [0], .identity, 1)])
    }
  }
}
