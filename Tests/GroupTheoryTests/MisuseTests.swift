import GroupTheory
import Testing

/// Misuse that would overflow, hang or go unnoticed traps with words.
@Suite struct MisuseTests {
  private func expectWords(_ result: ExitTest.Result?, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #if DEBUG
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains(words), sourceLocation: sourceLocation)
    #endif
  }

  @Test func spinsFarTooLarge() async {
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = HalfInteger(Int.max) },
      "within ±2^59")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let j = 1_000_000
        _ = Wigner6j(j, j, j, j, j, j)
      },
      "at most 2046")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let j = 100_000
        _ = Wigner9j(j, j, j, j, j, j, j, j, j)
      },
      "at most 2046")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = CouplingCoefficients.gaunt(1 << 62, 0, 1 << 62)
      },
      "degrees of at most")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = RealWigner3j(1, 1, 1, .min, 0, 0) },
      "a component in")
  }

  @Test func degreesOutOfRange() async {
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = WignerD.real(degree: -1, of: .identity) },
      "degrees in 0...700")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = WignerD.real(degree: 701, of: .identity) },
      "degrees in 0...700")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SphericalHarmonics(degrees: 0...1401) },
      "degree in 0...1400")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = O3().irreps(upTo: .max) },
      "infinitely many")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Legendre.orthonormal(upTo: 2, cosine: 3, sine: 5)
      },
      "cosine and sine of an angle")
  }

  @Test func groupsFarTooLarge() async {
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = CyclicGroup(.max) },
      "1 to 2^30 elements")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SymmetricGroup(25).index(of: .identity(25))
      },
      "at most 20 points")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Partition([60]).conjugacyClassSize },
      "fits an Int")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SymmetricGroupIrrep(Partition([10, 10, 10]))
      },
      "dimension at most 2^20")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SymmetricGroup(100).tensors(order: 40) },
      "dimension that fits an Int")
  }

  @Test func shapesAndCounts() async {
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Matrix<Double>(zeros: -1, 2) },
      "at least 0×0")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Matrix<Double>.identity(-1) },
      "at least 0×0")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Permutation.identity(-1) },
      "at least 0 points")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = try? Permutation(cycles: [], count: -5) },
      "at least 0 points")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Translations(2).logarithm(of: [1]) },
      "2 coordinates")
    expectWords(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SO2().bracket([1, 2], [1]) },
      "1 coordinates")
  }
}
