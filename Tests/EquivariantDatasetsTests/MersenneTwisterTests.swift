import Foundation
import Testing

@testable import EquivariantDatasets

/// Expected values are those of NumPy's `RandomState`.
@Suite struct MersenneTwisterTests {
  @Test func words() {
    func first(_ seed: UInt32) -> [UInt32] {
      var generator = MersenneTwister(seed: seed)
      return (0..<4).map { _ in generator.nextUInt32() }
    }
    #expect(first(0) == [2_357_136_044, 2_546_248_239, 3_071_714_933, 3_626_093_760])
    #expect(first(43) == [494_155_588, 2_134_003_008, 2_615_920_895, 442_015_537])
    #expect(first(5489).prefix(3) == [3_499_211_612, 581_869_302, 3_890_346_734])
    var generator = MersenneTwister(seed: 0)
    #expect(generator.next() == UInt64(2_357_136_044) << 32 | 2_546_248_239)
  }

  /// The ten-thousandth word of seed 5489, which the C++ standard requires of `std::mt19937`.
  @Test func tenThousandthWord() {
    var generator = MersenneTwister(seed: 5489)
    for _ in 1..<10_000 { _ = generator.nextUInt32() }
    #expect(generator.nextUInt32() == 4_123_659_995)
  }

  @Test func uniforms() {
    var generator = MersenneTwister(seed: 0)
    #expect(
      (0..<4).map { _ in generator.uniform() } == [0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969])
    generator = MersenneTwister(seed: 43)
    #expect(
      (0..<4).map { _ in generator.uniform() } == [0.11505456638977896, 0.6090665392794814, 0.13339096418598828, 0.24058961996534878])
  }

  @Test func gaussians() {
    var generator = MersenneTwister(seed: 0)
    expectEqual(generator.gaussians(5), [1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458, 1.8675579901499675])
    generator = MersenneTwister(seed: 43)
    expectEqual(
      generator.gaussians(5), [0.25739992534469336, -0.9084814327806611, -0.37850310605882326, -0.5349155987755707, 0.8580733460716252])
    // Gaussians and uniforms in turn: the cached second Gaussian survives a uniform draw.
    generator = MersenneTwister(seed: 0)
    for _ in 0..<3 { _ = generator.uniform() }
    expectEqual(generator.gaussians(3), [-2.268328201180374, 1.3335453816218967, -0.8427240538292873])
    #expect(generator.uniform() == 0.8917730007820798)
    expectEqual([generator.gaussian()], [1.9699244478698945])
  }

  @Test func skippingIsDrawing() {
    // After 1,000,001 Gaussians NumPy gives these.
    var generator = MersenneTwister(seed: 43)
    generator.skipGaussians(1_000_001)
    expectEqual(generator.gaussians(2), [-1.3615258692449181, 0.5329407518927456])
    #expect(generator.uniform() == 0.5603282246482066)
    for (before, count) in [(0, 0), (0, 1), (1, 1), (1, 2), (0, 7), (1, 700), (3, 1001)] {
      var (drawn, skipped) = (MersenneTwister(seed: 5), MersenneTwister(seed: 5))
      _ = (drawn.gaussians(before), skipped.gaussians(before))
      _ = drawn.gaussians(count)
      skipped.skipGaussians(count)
      #expect(drawn == skipped, "\(before) drawn, then \(count) skipped")
      for _ in 0..<count { _ = drawn.uniform() }
      skipped.skipUniforms(count)
      #expect(drawn == skipped)
    }
  }

  @Test func indices() async {
    func draw(_ seed: UInt32) -> [Int] {
      var generator = MersenneTwister(seed: seed)
      return (0..<20).map { _ in generator.index(probabilities: [0.1, 0.2, 0.3, 0.4]) }
    }
    #expect(draw(0) == [2, 3, 3, 2, 2, 3, 2, 3, 3, 2, 3, 2, 2, 3, 0, 0, 0, 3, 3, 3])
    #expect(draw(43) == [1, 3, 1, 1, 2, 3, 3, 2, 0, 3, 2, 3, 1, 0, 3, 1, 2, 2, 0, 3])
    await #expect(processExitsWith: .failure) {
      var generator = MersenneTwister(seed: 0)
      _ = generator.index(probabilities: [0, 0])
    }
  }

  @Test func stateIsAValue() throws {
    var generator = MersenneTwister(seed: 1)
    _ = generator.gaussians(301)
    let saved = try JSONDecoder().decode(MersenneTwister.State.self, from: JSONEncoder().encode(generator.state))
    var restored = try MersenneTwister(state: saved)
    #expect(restored == generator)
    #expect(restored.gaussians(900) == generator.gaussians(900))
    #expect(throws: MersenneTwister.StateError.wordCount(1)) {
      try MersenneTwister(state: MersenneTwister.State(words: [1], position: 0, cachedGaussian: nil))
    }
    #expect(throws: MersenneTwister.StateError.position(625)) {
      try MersenneTwister(state: MersenneTwister.State(words: saved.words, position: 625, cachedGaussian: nil))
    }
  }

  private func expectEqual(_ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, expected) in zip(values, expected) {
      #expect(abs(value - expected) <= 2 * expected.ulp, "\(value) instead of \(expected)", sourceLocation: sourceLocation)
    }
  }
}
