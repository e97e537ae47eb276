import DifferentiableTensors
import EquivarianceTesting
import GroupTheory
import Testing

/// Both sides of f(g x) = g f(x), differentiated.
@Suite struct GradientEquivarianceTests {
  typealias T = Tensor<Double>
  struct Charges {
    var places: T
    var charges: T
  }

  /// Σ qᵢ qⱼ exp(-|xᵢ - xⱼ|²)
  static func energy(_ x: Charges) -> T {
    let d = x.places.expandingAxis(1) - x.places.expandingAxis(0)
    return ((-d.squaredNorm(axis: -1)).exp() * x.charges.expandingAxis(1) * x.charges.expandingAxis(0)).sum()
  }

  @Test func invariantEnergy() {
    var generator = RandomSource(seed: 1)
    let input = Action<RigidMotion, Charges>.on(\.places, by: .points).on(\.charges, by: .invariant)
    let report = measureGradientEquivariance(
      of: Self.energy, under: E3(), input: input, output: .invariant,
      at: [Charges(places: .normal([6, 3], using: &generator), charges: .normal([6], using: &generator))],
      special: E3().specialElements, using: &generator)
    #expect(report.isExact(.layer), "\(report)")
    #expect(report.outputs.map(\.name) == ["gradient by places", "gradient by charges"])
    let permuted = measureGradientEquivariance(
      of: Self.energy, under: SymmetricGroup(6), input: .on(\.places, by: .permutingRows).on(\.charges, by: .permutingRows),
      output: .invariant, at: [Charges(places: .normal([6, 3], using: &generator), charges: .normal([6], using: &generator))],
      using: &generator)
    #expect(permuted.isExact(.product), "\(permuted)")
  }

  /// A representation that is not orthogonal: sums over points transform by homogeneous coordinates.
  @Test func nonOrthogonalRepresentation() {
    var generator = RandomSource(seed: 2)
    let weights = T.normal([5, 5], using: &generator)
    let report = measureGradientEquivariance(
      of: { T.matmul(weights, $0) }, under: E3(), input: .rows(by: E3().homogeneous), output: .rows(by: E3().homogeneous),
      at: [.normal([5, 4], using: &generator)], using: &generator)
    #expect(report.isExact(.product), "\(report)")
  }

  @Test func singlePrecision() {
    var generator = RandomSource(seed: 2)
    let report = measureGradientEquivariance(
      of: { (x: Tensor<Float>) in x * x.squaredNorm(keepingDimensions: true).sigmoid() }, under: O3(), input: .vectors, output: .vectors,
      at: [.normal([5, 3], using: &generator)], using: &generator)
    #expect(report.relativeError < 1e-6 && report.relativeError > 1e-9, "\(report)")
  }

  /// The value is right and the derivative is wrong: only the gradient shows it.
  @Test func wrongDerivativeIsCaught() {
    var generator = RandomSource(seed: 3)
    func map(_ x: T) -> T {
      let bent = T.operation([x], value: x.detached) { _, g in [g * T([1, 1.01, 1])] }
      return bent.squaredNorm()
    }
    let inputs = [T.normal([4, 3], using: &generator)]
    let values = measureEquivariance(of: map, under: SO3(), input: .vectors, output: .invariant, at: inputs, using: &generator)
    #expect(values.isExact(.product))
    let gradients = measureGradientEquivariance(of: map, under: SO3(), input: .vectors, output: .invariant, at: inputs, using: &generator)
    #expect(gradients.relativeError > 1e-3)
    #expect(gradients.worst.output == "gradient" && gradients.worst.position.count == 2)
  }
}
