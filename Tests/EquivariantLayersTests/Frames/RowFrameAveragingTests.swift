import Equivariant
import Testing

struct RowFrameAveragingTests {
  typealias Mixer = FrameChecks.Mixer

  /// A network that mixes rows by their number, averaged over E(3) × S_n.
  private func model(rows: Int, perRow: Bool = true) -> FrameAveraging<RowFrameAveraging<Mixer<Double>>, PCAFrame> {
    FrameAveraging(
      RowFrameAveraging(Mixer(rows: rows, inputs: 3, outputs: 4, perRow: perRow)), over: PCAFrame(.e(3)), input: [.points()],
      output: Self.output)
  }
  /// A symmetric cloud has no vector of its own: the scalar sets the scale of errors.
  private static let output: [FrameFeature] = [.vectors(), .scalars()]

  @Test func permutationsAndMotionsTogether() {
    var generator = RandomSource(seed: 1)
    let clouds = FrameChecks.clouds + [("random", (0..<7).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &generator) } })]
    for (name, points) in clouds {
      let n = points.count
      let x: Tensor<Double> = FrameChecks.tensor(points)
      let group = DirectProduct(EuclideanGroup.e(3), SymmetricGroup(n))
      typealias Element = ProductElement<EuclideanElement, Permutation>
      func action(_ features: [FrameFeature], permuting: Bool) -> Action<Element, Tensor<Double>> {
        let move: Action<EuclideanElement, Tensor<Double>> = FrameChecks.action(features, 3)
        let permute: Action<Permutation, Tensor<Double>> = permuting ? .permuting(axes: 1) : .invariant
        return Action(on: [TensorField("", \.self)]) { g, x in permute(g.second, move(g.first, x)) }
      }
      let rows = measureEquivariance(
        of: model(rows: n).callAsFunction, under: group, input: action([.points()], permuting: true),
        output: action(Self.output, permuting: true), at: [x], elements: 2, using: &generator)
      #expect(rows.isExact(.network), "\(name): \(rows)")
      let whole = measureEquivariance(
        of: model(rows: n, perRow: false).callAsFunction, under: group, input: action([.points()], permuting: true),
        output: action(Self.output, permuting: false), at: [x], elements: 2, using: &generator)
      #expect(whole.isExact(.network), "\(name): \(whole)")
    }
  }

  /// Without the order, the check sees that rows are told apart by their number.
  @Test func theNetworkAloneIsRejected() {
    let x = random([1, 5, 3], seed: 3)
    let plain = Mixer<Double>(rows: 5, inputs: 3, outputs: 3)
    var generator = RandomSource(seed: 4)
    let report = measureEquivariance(
      of: plain.callAsFunction, under: SymmetricGroup(5), input: .permuting(axes: 1), output: .permuting(axes: 1), at: [x], elements: 5,
      using: &generator)
    #expect(report.relativeError > 0.1)
    let averaged = RowFrameAveraging(plain)
    let equal = measureEquivariance(
      of: averaged.callAsFunction, under: SymmetricGroup(5), input: .permuting(axes: 1), output: .permuting(axes: 1), at: [x],
      using: &generator)
    #expect(equal.relativeError == 0)
  }

  /// Equal rows get equal outputs.
  @Test func equalRows() {
    let half = random([1, 3, 3], seed: 5)
    let y = RowFrameAveraging(Mixer<Double>(rows: 6, inputs: 3, outputs: 2))(.concatenated([half, half], axis: 1))
    #expect(distance(y.sliced(axis: 1, 0..<3), y.sliced(axis: 1, 3..<6)) < 1e-15)
  }

  @Test func derivatives() {
    let averaged = RowFrameAveraging(Mixer<Double>(rows: 4, inputs: 3, outputs: 2))
    var generator = RandomSource(seed: 6)
    let report = checkDerivatives(of: { averaged($0[0]) }, at: [random([2, 4, 3], seed: 7)], order: 2, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    #expect(ParameterAudit(of: averaged).isClean)
  }
}
