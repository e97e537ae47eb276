import Equivariant
import Testing

/// Numbers that are not finite pass through: what diverges is told by its loss, not by a trap.
@Suite struct NonFiniteTests {
  private let good = Tensor<Double>([2, 1, 0, 1, 3, 1, 0, 1, 4], shape: [3, 3])

  @Test(arguments: [3, 8]) func eigenvalues(n: Int) {
    var generator = RandomSource(seed: 1)
    let first = Tensor<Double>.normal([n, n], using: &generator)
    for value in [Double.nan, .infinity, -.infinity] {
      var bad = first
      bad.withMutableElements { $0[n + 1] = value }
      let batch = Tensor.stacked([first, bad, first])
      let (values, vectors) = batch.symmetricEigen()
      let alone = Tensor.stacked([first]).symmetricEigen()
      for k in [0, 2] {
        #expect(values.selected(axis: 0, k) == alone.values.selected(axis: 0, 0))
        #expect(vectors.selected(axis: 0, k) == alone.vectors.selected(axis: 0, 0))
      }
      let (lost, turned) = (values.selected(axis: 0, 1).elements, vectors.selected(axis: 0, 1).elements)
      #expect(lost.allSatisfy(\.isNaN) && turned.allSatisfy(\.isNaN))
    }
  }

  @Test func singularValues() {
    var bad = good
    bad.withMutableElements { $0[4] = .nan }
    let (u, s, v) = Tensor.stacked([good, bad]).singularValueDecomposition()
    let lost = [u, s, v].allSatisfy { $0.selected(axis: 0, 1).elements.allSatisfy(\.isNaN) }
    #expect(lost)
    let alone = Tensor.stacked([good]).singularValueDecomposition()
    #expect(s.selected(axis: 0, 0) == alone.s.selected(axis: 0, 0))
  }

  /// The frames of a cloud with NaN are NaN; the clouds beside it are as they are alone.
  @Test func frames() {
    var generator = RandomSource(seed: 2)
    let clouds = Tensor<Double>.normal([3, 5, 3], using: &generator)
    for policy in [DegeneracyPolicy.refined, .weighted(), .stabiliser()] {
      let frame = PCAFrame(.e(3), degeneracy: policy)
      let network = MLP<Double>(widths: [3, 8, 3], using: &generator)
      let model = FrameAveraging(network, over: frame, input: [.points()], output: [.points()])
      let expected = model(clouds)
      var broken = clouds
      broken.withMutableElements { $0[15] = .nan }
      let received = model(broken)
      let lost = received.selected(axis: 0, 1).elements.contains(where: \.isNaN)
      #expect(lost)
      for k in [0, 2] { #expect(received.selected(axis: 0, k) == expected.selected(axis: 0, k), "\(policy)") }
    }
  }

  /// Networks with frames of features between their layers, at weights that a diverging run has.
  @Test func networksWithFrames() {
    var generator = RandomSource(seed: 3)
    var model = FAGNN<Float>(.init(hidden: 12, layers: 2), using: &generator)
    model.forEachTensor { _, _, t in t = t * 1e30 }
    let graph = Graph.complete(nodes: 5)
    let batch = ParticleBatch<Float>(
      positions: .normal([5, 3], using: &generator), velocities: .normal([5, 3], using: &generator), features: .zeros([5, 1]),
      edgeFeatures: .ones([20, 1]), graph: graph)
    let output = model(batch).elements
    #expect(output.contains { !$0.isFinite })
  }

  @Test func powers() {
    let x = Tensor<Double>([.infinity, -.infinity, 0, 2])
    #expect(x.power(0).elements == [1, 1, 1, 1])
    #expect(Tensor<Float>([.infinity, 0]).power(0).elements == [1, 1])
  }
}
