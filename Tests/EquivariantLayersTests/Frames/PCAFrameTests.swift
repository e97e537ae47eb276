import Equivariant
import Testing

struct PCAFrameTests {
  typealias Mixer = FrameChecks.Mixer

  private func report<S: TensorScalar>(
    _ frame: PCAFrame, _ x: Tensor<S>, input: [FrameFeature] = [.points()], output: [FrameFeature], perRow: Bool = true, elements: Int = 12
  ) -> EquivarianceReport {
    let d = frame.group.dimension
    let mixer = Mixer<S>(rows: x.shape[1], inputs: input.width(d), outputs: output.width(d), perRow: perRow)
    let model = FrameAveraging(mixer, over: frame, input: input, output: output)
    var generator = RandomSource(seed: 5)
    return measureEquivariance(
      of: model.callAsFunction, under: frame.group, input: FrameChecks.action(input, d), output: FrameChecks.action(output, d), at: [x],
      elements: elements, using: &generator)
  }

  /// Points, vectors, matrices and scalars come out as they must, for all groups and dimensions.
  @Test(arguments: 1...5, [true, false])
  func genericClouds(d: Int, reflections: Bool) {
    for translations in [true, false] {
      let group = EuclideanGroup(dimension: d, hasReflections: reflections, hasTranslations: translations)
      let input: [FrameFeature] = [.points(), .vectors(2), .scalars(3)]
      let x = random([4, 6, input.width(d)], seed: 3)
      let exact = report(PCAFrame(group), x, input: input, output: [.vectors(), .points(2), .tensors(rank: 2), .scalars(2)])
      #expect(exact.isExact(.network), "\(exact)")
      let single = report(PCAFrame(group), x.converted(to: Float.self), input: input, output: [.points(), .scalars()])
      #expect(single.relativeError < 2e-4, "\(single)")
      let vectorsOnly = report(PCAFrame(group), random([3, 5, 2 * d], seed: 4), input: [.vectors(2)], output: [.vectors(), .scalars(2)])
      #expect(vectorsOnly.isExact(.network), "\(vectorsOnly)")
    }
  }

  /// Every symmetric and degenerate cloud, under O(3), SO(3), E(3) and SE(3).
  @Test(arguments: FrameChecks.clouds.indices)
  func degenerateClouds(index: Int) {
    let (name, points) = FrameChecks.clouds[index]
    let x: Tensor<Double> = FrameChecks.tensor(points)
    for group in [EuclideanGroup.e(3), .se(3), .o(3), .so(3)] {
      for policy in [DegeneracyPolicy.refined, .weighted()] {
        let vectors = report(PCAFrame(group, degeneracy: policy), x, output: [.points(), .vectors(2)], elements: 5)
        #expect(vectors.isExact(.network), "\(name), \(policy): \(vectors)")
      }
      let tensors = report(PCAFrame(group), x, output: [.tensors(rank: 2), .scalars(2)], perRow: false, elements: 5)
      #expect(tensors.isExact(.network), "\(name): \(tensors)")
    }
    let quadrature = report(PCAFrame(.e(3), degeneracy: .stabiliser()), x, output: [.points()], elements: 2)
    #expect(quadrature.isExact(.network), "\(name): \(quadrature)")
    let single = report(PCAFrame(.e(3)), x.converted(to: Float.self), output: [.points()], elements: 5)
    #expect(single.relativeError < 1e-4, "\(name): \(single)")
  }

  /// A point that differs from the others by its scalar only, or a velocity, breaks the symmetry.
  @Test func degenerateCloudsWithFeatures() {
    let input: [FrameFeature] = [.points(), .vectors(), .scalars()]
    for (name, points) in FrameChecks.clouds {
      let features = random([points.count, 4], seed: 8)
      let x = Tensor.concatenated([Tensor<Double>(rows: points), features]).expandingAxis(0)
      for policy in [DegeneracyPolicy.refined, .weighted()] where policy == .refined || points.count <= 6 {
        let r = report(PCAFrame(.e(3), degeneracy: policy), x, input: input, output: [.points(), .vectors()], elements: 3)
        #expect(r.isExact(.network), "\(name), \(policy): \(r)")
      }
    }
  }

  @Test func plane() {
    for n in [3, 4, 5, 8] {
      let x = Tensor<Double>(rows: FrameChecks.clouds.first { $0.name == "\(min(n, 7))-gon" }!.points).sliced(axis: 1, 0..<2).expandingAxis(
        0)
      for group in [EuclideanGroup.e(2), .se(2)] {
        for policy in [DegeneracyPolicy.refined, .weighted(), .stabiliser(degree: 3)] {
          let r = report(PCAFrame(group, degeneracy: policy), x, output: [.points(), .vectors()], elements: 5)
          #expect(r.isExact(.network), "\(n), \(policy): \(r)")
        }
      }
    }
  }

  /// The paper's code takes what the eigenvalue iteration returns: the check must see it.
  @Test func ignoredDegeneraciesAreSeen() {
    let tetrahedron: Tensor<Double> = FrameChecks.tensor(FrameChecks.clouds[0].points)
    let r = report(PCAFrame(.o(3), degeneracy: .ignored), tetrahedron, output: [.vectors()])
    #expect(r.relativeError > 0.05, "\(r)")
  }

  /// A permutation of the rows permutes the rows of the average, for a network that treats rows alike.
  @Test func permutations() {
    var generator = RandomSource(seed: 2)
    for (name, points) in FrameChecks.clouds {
      let n = points.count
      let model = FrameAveraging(
        MLP<Double>(widths: [3, 16, 3], activation: .tanh, using: &generator), over: PCAFrame(.e(3)), input: [.points()],
        output: [.points()])
      let x = Tensor<Double>(rows: points)
      let order = RowIndex(generator.permutation(n), rowCount: n)
      let received = model(x.gathered(order).expandingAxis(0)).squeezed(axis: 0)
      let expected = model(x.expandingAxis(0)).squeezed(axis: 0).gathered(order)
      #expect(distance(received, expected) < 1e-12, "\(name)")
    }
  }

  /// As many frames as the theory says: 2ᵈ, 2ᵈ⁻¹, and for solids a multiple of the number of their symmetries.
  @Test func counts() {
    for d in 1...4 {
      let x = random([3, 7, d], seed: 1)
      #expect(PCAFrame(.e(d))(x).count == 3 << d)
      #expect(PCAFrame(.se(d))(x).count == 3 << (d - 1))
    }
    let symmetries = ["tetrahedron": 24, "cube": 48, "octahedron": 48, "icosahedron": 120, "dodecahedron": 240]
    for (name, points) in FrameChecks.clouds {
      guard let expected = symmetries[name] else { continue }
      #expect(PCAFrame(.o(3))(FrameChecks.tensor(points) as Tensor<Double>).count == expected, "\(name)")
      #expect(PCAFrame(.so(3))(FrameChecks.tensor(points) as Tensor<Double>).count == expected / 2, "\(name)")
    }
  }

  /// Clouds of a batch do not see each other, whether their spectra are simple or not.
  @Test func batches() {
    let solids = FrameChecks.clouds.filter { $0.points.count == 6 }.map { FrameChecks.tensor($0.points) as Tensor<Double> }
    let all = [random([1, 6, 3], seed: 1)] + solids + [random([2, 6, 3], seed: 2)]
    for policy in [DegeneracyPolicy.refined, .weighted()] {
      let model = FrameAveraging(
        Mixer<Double>(rows: 6, inputs: 3, outputs: 3), over: PCAFrame(.e(3), degeneracy: policy), input: [.points()], output: [.points()])
      let together = model(.concatenated(all, axis: 0))
      let alone = Tensor.concatenated(all.map { model($0) }, axis: 0)
      #expect(distance(together, alone) < 1e-13)
    }
  }

  /// Through the crossing of two eigenvalues, the weighted average is continuous and the principal one jumps.
  @Test func continuity() {
    let shape = random([1, 5, 3], seed: 6)
    let centred = shape - shape.mean(axis: 1, keepingDimensions: true)
    // Equal covariances along x and y at s = 0, by whitening.
    let (values, axes) = Tensor.matmul(centred, centred, transposingFirst: true).symmetricEigen()
    let white = Tensor.matmul(centred, axes) / values.squareRoot().expandingAxis(1)
    func cloud(_ s: Double) -> Tensor<Double> { white * Tensor([1 + s, 1 - s, 1.7]) }
    func jump(_ policy: DegeneracyPolicy, _ s: Double) -> Double {
      let model = FrameAveraging(
        Mixer<Double>(rows: 5, inputs: 3, outputs: 3), over: PCAFrame(.e(3), degeneracy: policy), input: [.points()], output: [.points()])
      return distance(model(cloud(s)), model(cloud(-s)))
    }
    let steps = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]
    let weighted = steps.map { jump(.weighted(), $0) }
    for (s, change) in zip(steps, weighted) { #expect(change < 20 * s, "\(weighted)") }
    #expect(jump(.ignored, 1e-6) > 1e-2)
    // The refined axes do not see the crossing, but jump where they take over.
    #expect(jump(.refined, 1e-6) < 1e-4)
    let s = PCAFrame(.e(3)).gap * 1.7 * 1.7 / 4
    let model = FrameAveraging(
      Mixer<Double>(rows: 5, inputs: 3, outputs: 3), over: PCAFrame(.e(3)), input: [.points()], output: [.points()])
    #expect(distance(model(cloud(s * (1 - 1e-6))), model(cloud(s * (1 + 1e-6)))) > 1e-2)
    // Into a collinear cloud and into a point, too.
    for flat in [Tensor<Double>([1, 0, 0]), Tensor<Double>([0, 0, 0]), Tensor<Double>([1, 1, 0])] {
      func squeezed(_ s: Double) -> Tensor<Double> { white * (flat + (1 - flat) * s) }
      let model = FrameAveraging(
        Mixer<Double>(rows: 5, inputs: 3, outputs: 3), over: PCAFrame(.e(3), degeneracy: .weighted()), input: [.points()],
        output: [.points()])
      let limit = model(squeezed(0))
      let near = [1e-3, 1e-5].map { distance(model(squeezed($0)), limit) }
      #expect(near[0] < 0.1 && near[1] < 1e-3, "\(near)")
    }
  }

  /// Derivatives through the frame equal differences of the average; without them the frame counts as constant.
  @Test func derivatives() {
    // Eigenvalues well apart: derivatives of the axes grow with inverse gaps, and their differences with powers of them.
    let x = random([2, 5, 6], seed: 9) * Tensor([1, 2, 4, 1, 1, 1])
    let input: [FrameFeature] = [.points(), .vectors()]
    for group in [EuclideanGroup.e(3), .so(3)] {
      for policy in [DegeneracyPolicy.refined, .weighted(gap: 0.9)] {
        let model = FrameAveraging(
          Mixer<Double>(rows: 5, inputs: 6, outputs: 3), over: PCAFrame(group, degeneracy: policy, differentiable: true, tolerance: 1e-9),
          input: input, output: [.points()])
        var generator = RandomSource(seed: 3)
        let r = checkDerivatives(
          of: { model($0[0]) }, at: [x], order: policy == .refined ? 3 : 2, step: 3e-4, elements: 4, using: &generator)
        #expect(r.relativeError < 1e-6, "\(policy): \(r)")
      }
    }
    let detached = FrameAveraging(Mixer<Double>(rows: 5, inputs: 6, outputs: 3), over: PCAFrame(.e(3)), input: input, output: [.points()])
    var generator = RandomSource(seed: 3)
    let wrong = checkDerivatives(of: { detached($0[0]) }, at: [x], order: 1, elements: 6, using: &generator)
    #expect(wrong.relativeError > 1e-3, "\(wrong)")
  }

  /// Gradients stay finite at and near degeneracies, for every policy.
  @Test func gradientsStayFinite() {
    for (name, points) in FrameChecks.clouds where points.count <= 8 {
      for policy in [DegeneracyPolicy.refined, .weighted(), .ignored] {
        for noise in [0, 1e-12, 1e-7, 1e-4] {
          let x = (FrameChecks.tensor(points) + random([1, points.count, 3], seed: 4) * noise).asVariable()
          let model = FrameAveraging(
            Mixer<Double>(rows: points.count, inputs: 3, outputs: 1, perRow: false),
            over: PCAFrame(.e(3), degeneracy: policy, differentiable: true), input: [.points()], output: [.scalars()])
          let g = gradient(of: model(x).sum(), withRespectTo: x)
          let finite = g.elements.allSatisfy(\.isFinite)
          #expect(finite, "\(name), \(policy), \(noise)")
        }
      }
    }
  }

  /// The outputs of the authors' code with a fixed network; its axes have other signs, the average does not see them.
  @Test func authorsAverage() throws {
    let nodes = try FrameChecks.reference("nodes", [4, 5, 6])
    var generator = RandomSource(seed: 1)
    var network = MLP<Double>(widths: [6, 10, 3], activation: .tanh, lastBias: false, using: &generator)
    network.layers[0].weight = try FrameChecks.reference("W1", [6, 10]).transposed()
    network.layers[0].bias = try FrameChecks.reference("b1", [10])
    network.layers[1].weight = try FrameChecks.reference("W2", [10, 3]).transposed()
    let model = FrameAveraging(network, over: PCAFrame(.e(3)), input: [.points(), .vectors()], output: [.points()])
    let expected = try FrameChecks.reference("out", [20, 3])
    #expect(distance(model(nodes), expected) < 1e-9)
  }
}
