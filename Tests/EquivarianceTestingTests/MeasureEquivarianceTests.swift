import DifferentiableTensors
import EquivarianceTesting
import GroupTheory
import Testing

/// Maps that are equivariant pass, and several kinds of broken ones are caught.
@Suite struct MeasureEquivarianceTests {
  typealias T = Tensor<Double>

  /// Differences from the mean, weighted by their squared length: equivariant under E(3) and permutations.
  static func attraction(_ x: T) -> T {
    let d = x - x.mean(axis: 0, keepingDimensions: true)
    return x - d * d.squaredNorm(axis: -1, keepingDimensions: true).tanh()
  }

  func report(_ map: (T) -> T, special: [RigidMotion] = []) -> EquivarianceReport {
    var generator = RandomSource(seed: 5)
    return measureEquivariance(
      of: map, under: E3(), input: .points, output: .points, at: [.normal([7, 3], using: &generator)], special: special, using: &generator)
  }

  @Test func equivariantMap() {
    let exact = report(Self.attraction, special: E3().specialElements)
    #expect(exact.isExact(.product), "\(exact)")
    #expect(exact.trials == 100 + E3().specialElements.count)
    var generator = RandomSource(seed: 6)
    let permuted = measureEquivariance(
      of: Self.attraction, under: SymmetricGroup(7), input: .permutingRows, output: .permutingRows,
      at: [.normal([7, 3], using: &generator), .normal([7, 3], using: &generator)], special: SymmetricGroup(7).specialElements,
      using: &generator)
    #expect(Tolerance.Exact(ulps: 20).admits(permuted, in: Double.self), "\(permuted)")
    #expect(permuted.inputCount == 2 && permuted.elementCount == 104)
  }

  @Test func singlePrecision() {
    var generator = RandomSource(seed: 5)
    let report = measureEquivariance(
      of: { (x: Tensor<Float>) in x * x.norm(keepingDimensions: true) }, under: O3(), input: .rows(by: O3().standard), output: .vectors,
      at: [.normal([10, 3], using: &generator)], using: &generator)
    #expect(Tolerance.Exact(ulps: 10).admits(report, in: Float.self), "\(report)")
    #expect(report.relativeError > 1e-9)
  }

  @Test func dependenceOnTranslations() {
    let broken = report { Self.attraction($0) + $0.squaredNorm(axis: -1, keepingDimensions: true) * 1e-3 }
    #expect(broken.relativeError > 1e-4, "\(broken)")
    // Under rotations about the origin alone, scaling by a function of the distance to it is fine.
    #expect(report { $0 * $0.norm(axis: -1, keepingDimensions: true) }.relativeError > 0.01)
  }

  @Test func sensitivityToReflections() {
    var generator = RandomSource(seed: 8)
    let x = T.normal([4, 3, 3], using: &generator)
    func tripleProduct(_ x: T) -> T {
      let (a, b, c) = (x.selected(axis: 1, 0), x.selected(axis: 1, 1), x.selected(axis: 1, 2))
      func minor(_ i: Int, _ j: Int) -> T { a.selected(axis: 1, i) * b.selected(axis: 1, j) }
      func part(_ i: Int, _ j: Int) -> T { minor(i, j) - minor(j, i) }
      let cross = T.stacked([part(1, 2), part(2, 0), part(0, 1)], axis: 1)
      return (cross * c).sum(axis: -1)
    }
    let rotated = measureEquivariance(of: tripleProduct, under: SO3(), input: .vectors, output: .invariant, at: [x], using: &generator)
    #expect(rotated.isExact(.product), "\(rotated)")
    let reflected = measureEquivariance(of: tripleProduct, under: O3(), input: .vectors, output: .invariant, at: [x], using: &generator)
    #expect(abs(reflected.relativeError - 2) < 1e-12, "\(reflected)")
    #expect(reflected.worst.elementDescription.hasPrefix("the inversion times the rotation by "))
  }

  @Test func dependenceOnOrder() {
    var generator = RandomSource(seed: 9)
    func centred(_ x: T) -> T { x - x.sliced(axis: 0, 0..<1) }
    let report = measureEquivariance(
      of: centred, under: SymmetricGroup(6), input: .permutingRows, output: .permutingRows, at: [.normal([6, 3], using: &generator)],
      using: &generator)
    #expect(report.relativeError > 0.1)
    #expect(report.worst.elementDescription.hasPrefix("the permutation ("))
    // It is nevertheless a function of differences.
    let moved = measureEquivariance(
      of: centred, under: E3(), input: .points, output: .vectors, at: [.normal([6, 3], using: &generator)], using: &generator)
    #expect(moved.isExact(.layer), "\(moved)")
  }

  @Test func notANumber() {
    // Not a number on one side, on both sides, and for one element only.
    #expect(report { $0 - T(repeating: .nan, shape: []) }.relativeError == .infinity)
    #expect(report { $0 * .infinity }.absoluteError == .infinity)
    let rare = report({ x in x.elements[0] < -2 ? x * .nan : x }, special: [RigidMotion(linear: .identity, translation: SIMD3(-50, 0, 0))])
    #expect(rare.relativeError == .infinity && rare.worst.received.isNaN && rare.worst.element == 0)
  }

  @Test func outputsAreReportedByName() {
    typealias Output = (positions: T, energy: T)
    var generator = RandomSource(seed: 10)
    let report = measureEquivariance(
      of: { (x: T) -> Output in (Self.attraction(x), x.squared().sum()) }, under: E3(), input: .points,
      output: .on(\Output.positions, by: .points, named: "positions").on(\.energy, by: .invariant, named: "energy"),
      at: [.normal([5, 3], using: &generator)], using: &generator)
    #expect(report[output: "positions"].relativeError < 1e-14)
    #expect(report[output: "energy"].relativeError > 0.1)
    #expect(report.worst.output == "energy" && report.worst.position == [])
    #expect("\(report)".contains("by output: positions ") && "\(report)".contains("energy[] at input 0"), "\(report)")
  }
}
