import Equivariant
import Testing

struct FrameBatchTests {
  /// There and back again, for every kind of feature, in one frame.
  @Test func roundTrip() {
    let features: [FrameFeature] = [.points(2), .tensors(2, rank: 3), .scalars(), .vectors(), .tensors(rank: 2)]
    let x = random([3, 4, features.width(3)], seed: 1)
    let frames = PCAFrame(.e(3))(x, as: features).canonical
    #expect(distance(frames.averaged(frames.framed(x, as: features), as: features), x) < 1e-13)
    // The whole frame brings back what is equivariant, and takes everything else away: signs average a constant vector to zero.
    let all = PCAFrame(.o(3))(x, as: features)
    #expect(distance(all.averaged(all.framed(x, as: features), as: features), x) < 1e-13)
    let constant = Tensor<Double>.ones([all.count, 4, 3])
    #expect(all.averaged(constant, as: [.vectors()]).absolute().max().item < 1e-15)
  }

  /// The mean over many random elements is the average over the frame, for equal weights and for others.
  @Test func sampling() {
    let x = random([2, 4, 3], seed: 2)
    let mixer = FrameChecks.Mixer<Double>(rows: 4, inputs: 3, outputs: 2, perRow: false)
    for policy in [DegeneracyPolicy.refined, .weighted(gap: 1)] {
      var model = FrameAveraging(mixer, over: PCAFrame(.e(3), degeneracy: policy), input: [.points()], output: [.scalars(2)])
      func sampled(_ elements: Int?, seed: UInt64 = 3) -> Tensor<Double> {
        model.trainingElements = elements
        var pass = ForwardPass<Double>.training(using: RandomSource(seed: seed))
        return model(x, &pass)
      }
      #expect(distance(sampled(20_000), model(x)) < 0.05)
      #expect(sampled(20_000) == sampled(20_000))
      #expect(distance(sampled(1), model(x)) > 1e-3 && sampled(nil) == model(x))
      var evaluation = ForwardPass<Double>.evaluation
      model.trainingElements = 1
      #expect(model(x, &evaluation) == model(x))
    }
  }

  /// Frames of the rows of clouds of unequal sizes.
  @Test func gatheredFrames() {
    let x = random([2, 5, 3], seed: 4)
    let frames = PCAFrame(.se(3))(x)
    let rows = RowIndex([0, 0, 0, 1, 1], rowCount: 2)
    let each = frames.gathered(rows)
    let points = Tensor.concatenated(
      [x.sliced(axis: 0, 0..<1).sliced(axis: 1, 0..<3), x.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<2)], axis: 1)
    let seen = each.framed(points.reshaped(5, 3), as: [.points()])
    #expect(seen.shape == [20, 3])
    #expect(distance(each.averaged(seen, as: [.points()]), points) < 1e-13)
  }

  /// The average over all of a finite group is exact under its elements; a Monte-Carlo average is not, and gets better with more elements.
  @Test func constantFrames() {
    let x = random([1, 5, 3], seed: 5)
    let mixer = FrameChecks.Mixer<Double>(rows: 5, inputs: 3, outputs: 3)
    let cube = PointGroup.oh
    let average = FrameAveraging(mixer, over: ConstantFrame(cube), input: [.points()], output: [.vectors()])
    var generator = RandomSource(seed: 6)
    func report(_ of: (Tensor<Double>) -> Tensor<Double>, _ elements: [EuclideanElement]) -> Double {
      elements.map { g in
        let move: Action<EuclideanElement, Tensor<Double>> = FrameChecks.action([.vectors()], 3)
        return distance(of(move(g, x)), move(g, of(x)))
      }.max()!
    }
    let inside = cube.elements.map { EuclideanElement(RigidMotion(linear: cube.orthogonalElement(of: $0), translation: .zero)) }
    #expect(report(average.callAsFunction, inside) < 1e-13)
    let outside = EuclideanGroup.o(3).randomElements(5, using: &generator)
    #expect(report(average.callAsFunction, outside) > 1e-2)
    let errors = [10, 4000].map { count in
      report(
        FrameAveraging(mixer, over: ConstantFrame(random: count, of: .o(3), using: &generator), input: [.points()], output: [.vectors()])
          .callAsFunction, outside)
    }
    #expect(errors[1] < errors[0] / 3, "\(errors)")
  }
}
