import Equivariant
import Testing

@testable import pointclouds

@Suite struct PatchNormalsTests {
  /// Every point belongs to one patch, and every patch has the same number of distinct points, its own ones first.
  @Test(arguments: [true, false]) func everyPointIsOwnedOnce(isLocal: Bool) {
    var generator = RandomSource(seed: 1)
    for (n, size) in [(1, 8), (8, 8), (9, 8), (100, 16), (257, 16), (40, 1)] {
      let cut = PatchCut(.normal([n, 3], using: &generator), size: size, isLocal: isLocal)
      let patches = cut.patches(0..<cut.count)
      #expect(patches.flatMap { $0.members.prefix($0.owned) }.sorted() == Array(0..<Int32(n)))
      #expect(patches.allSatisfy { $0.members.count == min(n, size) && Set($0.members).count == min(n, size) })
    }
  }

  /// Gives every point of a patch the direction from the patch's mean to its first point.
  private struct FirstPoint: PatchNormals {
    let patchSize = 16
    let isLocal = true
    func normals(of patches: Tensor<Float>) -> Tensor<Float> {
      patches.sliced(axis: 1, 0..<1).broadcast(to: patches.shape)
    }
  }

  /// What a network sees does not depend on where a cloud lies and how large it is, and normals have length 1.
  @Test func patchesAreCentredAndScaled() throws {
    var generator = RandomSource(seed: 2)
    let cloud = Tensor<Double>.normal([1, 120, 3], using: &generator)
    let normals = try patchwiseNormals(of: cloud, by: FirstPoint())
    #expect((normals.squared().sum(axis: -1) - 1).absolute().max().item < 1e-6)
    let moved = try patchwiseNormals(of: cloud * 1024 + 65536, by: FirstPoint())
    #expect((normals - moved).absolute().max().item < 1e-4)
    // Points that coincide have no direction: that of x stands for it.
    #expect(try patchwiseNormals(of: .ones([1, 40, 3]), by: FirstPoint()).elements.prefix(3) == [1, 0, 0])
  }
}
