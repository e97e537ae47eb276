import Equivariant
import Testing

/// Frames of clouds whose eigenvalues, distances or directions nearly coincide: the error of an average is that of rounding however near.
struct NearDegeneracyTests {
  typealias Mixer = FrameChecks.Mixer
  /// From nothing over all sizes at which two numbers are one or two to the frames.
  static let gaps: [Double] = [0] + (0...32).map { Double.exp10(-16 + Double($0) / 2) }

  private func error(
    _ frame: PCAFrame, _ x: Tensor<Double>, input: [FrameFeature] = [.points()], output: [FrameFeature] = [.points(), .vectors()],
    perRow: Bool = true, elements: Int = 3
  ) -> Double {
    let d = frame.group.dimension
    let mixer = Mixer<Double>(rows: x.shape[1], inputs: input.width(d), outputs: output.width(d), perRow: perRow)
    let model = FrameAveraging(mixer, over: frame, input: input, output: output)
    var generator = RandomSource(seed: 5)
    let report = measureEquivariance(
      of: model.callAsFunction, under: frame.group, input: FrameChecks.action(input, d), output: FrameChecks.action(output, d), at: [x],
      elements: elements, using: &generator)
    return report.relativeError
  }

  private func solid(_ name: String) -> Tensor<Double> { FrameChecks.tensor(FrameChecks.clouds.first { $0.name == name }!.points) }

  /// Symmetric clouds with noise.
  @Test(arguments: ["tetrahedron", "cube", "octahedron", "4-prism", "5-pyramid", "3-gon", "collinear", "coincident"])
  func noise(name: String) {
    let x = solid(name)
    let noise = random(x.shape, seed: 4)
    for gap in Self.gaps {
      let cloud = x + noise * gap
      for policy in [DegeneracyPolicy.refined, .stabiliser(degree: 2), .weighted()] {
        if case .weighted = policy, x.shape[1] > 6 { continue }
        for group in [EuclideanGroup.e(3), .se(3)] {
          let found = error(PCAFrame(group, degeneracy: policy), cloud)
          #expect(found < 1e-12, "\(name), noise \(gap), \(policy), \(group.hasReflections ? "E(3)" : "SE(3)"): \(found)")
        }
      }
      // Of a small cloud far from the origin rounding leaves no direction, which tensors have at any size.
      if name == "coincident" { continue }
      let tensors = error(PCAFrame(.e(3)), cloud, output: [.tensors(rank: 2), .scalars()], perRow: false)
      #expect(tensors < 1e-12, "\(name), tensors, noise \(gap): \(tensors)")
    }
  }

  /// Two eigenvalues of an otherwise generic cloud that come together.
  @Test func eigenvalues() {
    let shape = random([1, 7, 3], seed: 6)
    let centred = shape - shape.mean(axis: 1, keepingDimensions: true)
    let (values, axes) = Tensor.matmul(centred, centred, transposingFirst: true).symmetricEigen()
    let white = Tensor.matmul(centred, axes) / values.squareRoot().expandingAxis(1)
    for gap in Self.gaps {
      for policy in [DegeneracyPolicy.refined, .weighted()] {
        for scales in [[1 + gap, 1, 1.7], [1 + gap, 1, 0.4], [1 + gap, 1, 1 - gap]] where scales.allSatisfy({ $0 > 0 }) {
          let found = error(PCAFrame(.e(3), degeneracy: policy), white * Tensor(scales))
          #expect(found < 1e-12, "\(scales), \(policy): \(found)")
        }
      }
    }
  }

  /// Rows of a symmetric cloud that differ little in what the refinement tells them apart by: distances, scalars, coordinates, directions.
  @Test func ties() {
    let cube = solid("cube")
    for gap in Self.gaps {
      // One vertex further out or nearer in; the covariance changes by as much.
      for sign in [1.0, -1] {
        var moved = cube
        moved.withMutableElements { for k in 0..<3 { $0[k] *= 1 + sign * gap } }
        #expect(error(PCAFrame(.e(3)), moved) < 1e-12, "distance, \(sign * gap)")
      }
      // Marked vertices.
      let scalars = Tensor<Double>((0..<8).map { $0 == 3 ? 1 + gap : 1 }, shape: [1, 8, 1])
      let marked = Tensor.concatenated([cube, scalars])
      #expect(error(PCAFrame(.e(3)), marked, input: [.points(), .scalars()]) < 1e-12, "scalar, \(gap)")
      // A second point next to each vertex, in nearly the same direction.
      let doubled = Tensor.concatenated([cube, cube + random(cube.shape, seed: 8) * gap], axis: 1)
      #expect(error(PCAFrame(.e(3)), doubled) < 1e-12, "direction, \(gap)")
      // Vectors that are small beside the points, and points that are small beside the vectors.
      for (small, large) in [(gap, 1.0), (1.0, gap)] where small > 0 && large > 0 {
        let vectors = random([1, 8, 3], seed: 9)
        let both = Tensor.concatenated([cube * large, vectors * small])
        #expect(error(PCAFrame(.o(3)), both, input: [.points(), .vectors()]) < 1e-12, "sizes \(large), \(small)")
      }
    }
  }

  /// Thin clouds: what is across a line or a plane shrinks.
  @Test func thin() {
    let x = random([1, 6, 3], seed: 10)
    for gap in Self.gaps {
      for flat in [[1, gap, gap], [1, 1, gap], [1, gap, gap * gap]] as [[Double]] {
        let cloud = x * Tensor(flat)
        for policy in [DegeneracyPolicy.refined, .weighted()] {
          let found = error(PCAFrame(.e(3), degeneracy: policy), cloud)
          #expect(found < 1e-12, "\(flat), \(policy): \(found)")
        }
        for policy in [DegeneracyPolicy.refined, .weighted()] {
          let tensors = error(PCAFrame(.e(3), degeneracy: policy), cloud, output: [.tensors(rank: 2), .scalars()], perRow: false)
          #expect(tensors < 1e-12, "\(flat), \(policy), tensors: \(tensors)")
        }
      }
    }
  }

  /// Renumbered rows give renumbered rows, at near coincidences too.
  @Test func permutations() {
    var generator = RandomSource(seed: 2)
    let network = MLP<Double>(widths: [3, 16, 3], activation: .tanh, using: &generator)
    let model = FrameAveraging(network, over: PCAFrame(.e(3)), input: [.points()], output: [.points()])
    for gap in Self.gaps {
      let x = (solid("cube") + random([1, 8, 3], seed: 3) * gap).squeezed(axis: 0)
      let twice = Tensor.concatenated([x, x + random([8, 3], seed: 4) * gap], axis: 0)
      let order = RowIndex(generator.permutation(16), rowCount: 16)
      let received = model(twice.gathered(order).expandingAxis(0)).squeezed(axis: 0)
      let expected = model(twice.expandingAxis(0)).squeezed(axis: 0).gathered(order)
      #expect(distance(received, expected) < 1e-12, "\(gap)")
    }
  }

  /// Eigenvectors as they come: at gaps at which the refined frames are exact, these are not. The check sees it.
  @Test func plainEigenvectorsAreRejected() {
    let x = solid("cube") + random([1, 8, 3], seed: 4) * 1e-7
    #expect(error(PCAFrame(.e(3), degeneracy: .ignored), x) > 1e-10)
  }

  /// Vectors and points of any size have the frames of their directions.
  @Test(arguments: [1e-300, 1e-170, 1e-90, 1, 1e90, 1e155, 1e300])
  func sizes(size: Double) {
    let x = random([2, 6, 3], seed: 11)
    for policy in [DegeneracyPolicy.refined, .weighted(gap: 0.9)] {
      for cloud in [x, .concatenated([solid("octahedron"), x], axis: 0)] {
        let frame = PCAFrame(.o(3), degeneracy: policy)
        let (plain, scaled) = (frame(cloud), frame(cloud * size))
        #expect(distance(plain.rotations, scaled.rotations) < 1e-12, "\(policy)")
        #expect(distance(plain.effectiveWeights, scaled.effectiveWeights) < 1e-12, "\(policy)")
      }
    }
  }

  /// Derivatives run through the refined axes of a degenerate cloud that keeps its choices.
  @Test func derivatives() {
    // Equal covariances along two axes, but no two rows at one distance.
    let shape = random([1, 6, 3], seed: 6)
    let centred = shape - shape.mean(axis: 1, keepingDimensions: true)
    let (values, axes) = Tensor.matmul(centred, centred, transposingFirst: true).symmetricEigen()
    let white = Tensor.matmul(centred, axes) / values.squareRoot().expandingAxis(1)
    for scales in [[1, 1, 1.7], [1.001, 1, 0.4], [1, 1, 1]] as [[Double]] {
      let model = FrameAveraging(
        Mixer<Double>(rows: 6, inputs: 3, outputs: 3), over: PCAFrame(.e(3), differentiable: true), input: [.points()], output: [.points()])
      var generator = RandomSource(seed: 3)
      let r = checkDerivatives(of: { model($0[0]) }, at: [white * Tensor(scales)], order: 2, step: 1e-4, elements: 4, using: &generator)
      #expect(r.relativeError < 1e-5, "\(scales): \(r)")
      // The same numbers as with axes that count as constants.
      let constant = FrameAveraging(
        Mixer<Double>(rows: 6, inputs: 3, outputs: 3), over: PCAFrame(.e(3)), input: [.points()], output: [.points()])
      #expect(distance(model(white * Tensor(scales)), constant(white * Tensor(scales))) < 1e-12)
    }
  }
}
