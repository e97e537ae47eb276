import DifferentiableTensors
import EquivarianceTesting
import GroupTheory
import Testing

/// Maps whose equivariance error is known in closed form.
@Suite struct KnownErrorTests {
  typealias T = Tensor<Double>

  /// f(x) = x + c: f(g x) - g f(x) = c - g c.
  @Test func shiftUnderQuarterTurn() {
    var generator = RandomSource(seed: 1)
    let shift = T([0.25, 0, 0])
    let turns = [0.01, .pi / 2, 0.02].map { Rotation3(axis: SIMD3(0, 0, 1), angle: $0) }
    let inputs = [T([100, 0, 0], shape: [1, 3]), T([1, 0, 0], shape: [1, 3])]
    let report = measureEquivariance(
      of: { $0 + shift }, under: SO3(), input: .vectors, output: .vectors, at: inputs, elements: 0, special: turns, using: &generator)
    // At (1, 0, 0): (0.25, 1, 0) is received, (0, 1.25, 0) expected.
    #expect(abs(report.absoluteError - 0.25) < 1e-12, "\(report)")
    #expect(abs(report.relativeError - 0.2) < 1e-12)
    #expect(report.worst.input == 1 && report.worst.element == 1)
    #expect(report.worst.elementDescription == "the rotation by 1.57 rad about (0, 0, 1.00)")
    #expect(report.outputs[0].scale == 100.25)
    #expect(report.trials == 6)
  }

  /// f multiplies row i by i: on ones, σ gives |i - σ(i)| in row σ(i).
  @Test func rowNumbersUnderPermutations() throws {
    var generator = RandomSource(seed: 2)
    let numbers = T((0..<6).map { Double($0) }, shape: [6, 1])
    let swap = try Permutation(cycles: [[0, 1]], count: 6)
    let distant = try Permutation(cycles: [[1, 4], [2, 3]], count: 6)
    let report = measureEquivariance(
      of: { $0 * numbers }, under: SymmetricGroup(6), input: .permutingRows, output: .permutingRows, at: [.ones([6, 2])], elements: 0,
      special: [swap, distant, .identity(6)], using: &generator)
    #expect(report.absoluteError == 3 && report.relativeError == 0.6)
    #expect(report.worst.element == 1 && report.worst.position == [1, 0])
    #expect(report.worst.elementDescription == "the permutation (1 4)(2 3)")
    #expect(report.worst.expected == 4 && report.worst.received == 1)
  }

  /// The mean of |x · eₖ| over n directions, n a multiple of 4: from 0 to π/n it grows from (2/n) cot(π/n) to (2/n) / sin(π/n).
  private static func gridMean(_ n: Int) -> (T) -> T {
    let angles = T((0..<n).map { 2 * .pi * Double($0) / Double(n) })
    let directions = T.stacked([angles.cos(), angles.sin(), T.zeros([n])], axis: 1)
    return { T.matmul($0, directions, transposingSecond: true).absolute().mean(axis: -1) }
  }

  private func errorOfGrid(_ n: Int) -> Double {
    var generator = RandomSource(seed: 3)
    let halfStep = Rotation3(axis: SIMD3(0, 0, 1), angle: .pi / Double(n))
    return measureEquivariance(
      of: Self.gridMean(n), under: SO3(), input: .vectors, output: .invariant, at: [T([1, 0, 0], shape: [1, 3])], elements: 0,
      special: [halfStep], using: &generator
    ).relativeError
  }

  @Test func orientationGrid() {
    let study = ResolutionStudy(resolutions: [8, 16, 32, 64], relativeError: errorOfGrid)
    for (n, error) in zip(study.resolutions, study.errors) {
      let exact = 1 - T([.pi / Double(n)]).cos()[0]
      #expect(abs(error - exact) < 1e-14)
    }
    #expect(Tolerance.Discretised(order: 1.9, finest: 2e-3).admits(study), "\(study)")
    #expect(!Tolerance.Discretised(order: 2.1, finest: 2e-3).admits(study))
    #expect(!Tolerance.Discretised(order: 1.9, finest: 1e-3).admits(study))
  }

  @Test func errorsThatDoNotFallAreRejected() {
    let tolerance = Tolerance.Discretised(order: 1, finest: 0.1)
    func admits(_ errors: [Double]) -> Bool {
      let study = ResolutionStudy(resolutions: (1...errors.count).map { $0 * 4 }) { errors[$0 / 4 - 1] }
      return tolerance.admits(study)
    }
    #expect(admits([0.09, 0.03, 0.01]))
    #expect(admits([1e-3, 1e-13, 2e-13]))  // rounding need not fall
    #expect(!admits([0.01, 0.01, 0.01]))
    #expect(!admits([0.09, 0.01, 0.03]))
    #expect(!admits([.nan, 0.03, 0.01]))
    #expect(!admits([0.09, 0.03, .nan]))
    #expect(!admits([4, 1, 0.2]))
  }

  @Test func exactTolerance() {
    #expect(Tolerance.Exact(ulps: 2).bound(for: Float.self) == 0x1p-22)
    #expect(Tolerance.Exact(ulps: 2).bound(for: Double.self) == 0x1p-51)
  }

  @Test func specialElementsBelongToTheirGroups() {
    #expect(SO3().specialElements.count == 13 && O3().specialElements.count == 26)
    #expect(SE3().specialElements.allSatisfy { !$0.linear.isImproper })
    #expect(E3().specialElements.contains { $0.linear.isImproper })
    #expect(SymmetricGroup(1).specialElements == [.identity(1)])
    #expect(SymmetricGroup(4).specialElements.map(\.description) == ["()", "(0 1)", "(0 1 2 3)", "(0 3)(1 2)"])
    #expect(O3().specialElements.first?.distance(to: .identity) == 0)
  }
}
