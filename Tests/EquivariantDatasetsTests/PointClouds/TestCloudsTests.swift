import DifferentiableTensors
import EquivariantDatasets
import Testing

@Suite struct TestCloudsTests {
  private static func shapes() -> [PointCloud] {
    var generator = RandomSource(seed: 4)
    return [PrimitiveShape.sphere, .cone].map { $0.sampled(100, using: &generator) }
  }

  @Test func cloudsDivideTheShapes() {
    let clouds = TestClouds(Self.shapes(), .init(points: 30), rotations: .identity)
    #expect(clouds.parts.map(\.shape) == [0, 0, 0, 1, 1, 1])
    #expect(TestClouds(Self.shapes(), .init(points: 30), most: 2, rotations: .identity).parts.map(\.shape) == [0, 0, 1, 1])
    #expect(TestClouds(Self.shapes(), .init(points: 101), rotations: .identity).parts.isEmpty)
    #expect(TestClouds(Self.shapes(), .init(points: 30, isLocal: true), rotations: .identity).parts.count == 6)
  }

  /// Both protocols have the same clouds: the distances of points agree, and every other seed gives other ones.
  @Test func protocolsShareClouds() {
    func norms(_ rotations: RotationProtocol, _ seed: UInt64) -> [Float] {
      TestClouds(Self.shapes(), .init(points: 30), rotations: rotations, seed: seed).parts.flatMap {
        $0.batch.points.norm(axis: -1).elements
      }
    }
    func agree(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 } }
    #expect(agree(norms(.identity, 1), norms(.so3, 1)) && !agree(norms(.identity, 1), norms(.identity, 2)))
  }

  @Test func anglesOfNormals() {
    // On a whole sphere the points, centred, are the normals but for the mean of a sample.
    let clouds = TestClouds([Self.shapes()[0]], .init(points: 100), rotations: .so3)
    let truth = clouds.parts[0].batch.normals!
    #expect(clouds.angles { _ in truth }[0].allSatisfy { $0 < 1e-5 } && clouds.angles { _ in -truth * 3 }[0].allSatisfy { $0 < 1e-5 })
    #expect(clouds.angles { .zeros($0.shape) }[0].allSatisfy { $0 == 90 })
    let radial = NormalErrors(angles: clouds.angles { $0 }[0])
    #expect(radial.medianAngle > 0 && radial.medianAngle < 20 && radial.angle90 >= radial.medianAngle)
  }

  /// An answer that is always right, one that is always wrong, and always the first label.
  @Test func accuracies() {
    let shapes = PointCloudDataset.primitives(train: 1, test: 2, points: 40, seed: 3)
    let clouds = TestClouds(shapes.test, .init(points: 40), rotations: .so3)
    let count = shapes.labels.count
    func accuracy(_ label: (Int) -> Int) -> Double {
      var cloud = -1
      return clouds.accuracy(
        of: { _ in
          cloud += 1
          let right = label(clouds.parts[cloud].batch.labels[0])
          return Tensor((0..<count).map { $0 == right ? 1 : 0 }, shape: [1, count])
        }, perCloud: true)
    }
    #expect(accuracy { $0 } == 1 && accuracy { ($0 + 1) % count } == 0 && accuracy { _ in 0 } == 1 / Double(count))
  }

  @Test func normalsAreNeeded() async {
    await #expect(processExitsWith: .failure) {
      _ = TestClouds([PointCloud(name: "a", points: [0, 0, 0])], .init(points: 1), rotations: .identity).angles { $0 }
    }
  }
}
