import Equivariant
import Testing

@testable import EquivariantModels

/// Networks on clouds averaged over frames, and PointNet on neighbourhoods in their frames.
@Suite struct FramePointNetworksTests {
  /// Small, in evaluation, with running statistics and weights that are no longer those of the start.
  static func stirred<M: Module>(_ module: M) -> M where M.Scalar == Double {
    var (result, generator) = (module, RandomSource(seed: 4))
    result.forEachTensor { path, role, tensor in
      let noise = Tensor<Double>.normal(tensor.shape, standardDeviation: 0.2, using: &generator)
      tensor = path.name == "running_var" ? tensor + noise.squared() : tensor + noise
    }
    return result
  }

  static func pointNet(_ output: CloudOutput) -> PointNet<Double> {
    var generator = RandomSource(seed: 1)
    return stirred(PointNet(.init(widths: [6, 8, 10], head: [8], output: output), using: &generator))
  }
  static func dgcnn(_ output: CloudOutput) -> DGCNN<Double> {
    var generator = RandomSource(seed: 2)
    return stirred(
      DGCNN(.init(neighbors: 5, widths: [[6], [8]], embedding: 10, head: [8], output: output, pooling: .mean), using: &generator))
  }
  static func local(reflections: Bool = true, predictsVectors: Bool = true) -> LocalFramePointNet<Double> {
    var generator = RandomSource(seed: 3)
    let output = predictsVectors ? CloudOutput.perPoint(3) : .perCloud(2)
    return stirred(
      LocalFramePointNet(
        .init(
          neighbors: 5, widths: [9, 12], network: .init(widths: [6, 8, 10], head: [8], output: output), reflections: reflections,
          predictsVectors: predictsVectors), using: &generator))
  }
  static let clouds: Tensor<Double> = {
    var generator = RandomSource(seed: 5)
    return .normal([2, 20, 3], using: &generator) * Tensor([1, 0.8, 0.5])
  }()

  static func error<G: Group>(
    _ map: @escaping (Tensor<Double>) -> Tensor<Double>, under group: G, _ input: Action<G.Element, Tensor<Double>>,
    _ output: Action<G.Element, Tensor<Double>>
  ) -> EquivarianceReport {
    var generator = RandomSource(seed: 6)
    return measureEquivariance(of: map, under: group, input: input, output: output, at: [clouds], elements: 15, using: &generator)
  }

  @Test func averagedNetworks() {
    let vectors: [FrameFeature] = [.vectors()]
    let normals = FrameAveraging(Self.pointNet(.perPoint(3)), over: PCAFrame(.o(3)), input: vectors, output: vectors)
    let classes = FrameAveraging(Self.pointNet(.perCloud(2)), over: PCAFrame(.e(3)), input: [.points()], output: [.scalars(2)])
    let edges = FrameAveraging(Self.dgcnn(.perPoint(3)), over: PCAFrame(.so(3)), input: vectors, output: vectors)
    let reports = [
      Self.error({ normals($0) }, under: O3(), .vectors, .vectors), Self.error({ classes($0) }, under: E3(), .points, .invariant),
      Self.error({ edges($0) }, under: SO3(), .vectors, .vectors),
    ]
    for report in reports { #expect(report.isExact(.network), "\(report)") }
    // In training too, where the batch normalises.
    let training = Self.error(
      { x in
        var pass = ForwardPass<Double>.training(using: RandomSource(seed: 9))
        return normals(x, &pass)
      }, under: O3(), .vectors, .vectors)
    #expect(training.isExact(.network), "\(training)")
    // The network alone, and one frame where there are eight.
    #expect(Self.error({ normals.backbone($0) }, under: O3(), .vectors, .vectors).relativeError > 0.1)
    #expect(Self.error({ normals.canonical($0) }, under: O3(), .vectors, .vectors).relativeError > 0.01)
  }

  @Test(arguments: [true, false]) func localFrames(_ reflections: Bool) {
    let model = Self.local(reflections: reflections)
    let rotations = Self.error({ model($0) }, under: SO3(), .vectors, .vectors)
    #expect(rotations.isExact(.network), "\(rotations)")
    let all = Self.error({ model($0) }, under: O3(), .vectors, .vectors)
    #expect(reflections ? all.isExact(.network) : all.relativeError > 1e-3, "\(all)")
    // Normals do not move with the points.
    let shifts = Self.error({ model($0 + Tensor([3, -1, 2])) - model($0) + $0 }, under: SO3(), .vectors, .vectors)
    #expect(shifts.isExact(.network), "\(shifts)")
    let permuting = Action<Permutation, Tensor<Double>>.permuting(axes: 1)
    let permutations = Self.error({ model($0) }, under: SymmetricGroup(20), permuting, permuting)
    #expect(permutations.isExact(.network), "\(permutations)")
    let scalars = Self.local(reflections: reflections, predictsVectors: false)
    #expect(scalars(Self.clouds).shape == [2, 2])
    #expect(Self.error({ scalars($0) }, under: SO3(), .vectors, .invariant).isExact(.network))
  }

  /// The first stage as its definition says, one frame and one neighbourhood after the other.
  @Test func localFeaturesByDefinition() {
    let model = Self.local()
    let expected = model(Self.clouds)
    let frames = PCAFrame(.e(3))
    var features: [Tensor<Double>] = []
    for cloud in 0..<2 {
      let x = Self.clouds.selected(axis: 0, cloud)
      for i in 0..<20 {
        let distances = (x - x.selected(axis: 0, i)).squaredNorm().elements
        let nearest = (0..<20).sorted { distances[$0] < distances[$1] }.prefix(5)
        let patch = x.gathered(RowIndex(Array(nearest), rowCount: 20)).expandingAxis(0)
        let batch = frames(patch)
        var sum = Tensor<Double>.zeros([4, 3])
        for frame in 0..<8 {
          let axes = batch.rotations.selected(axis: 0, frame)
          let own = x.selected(axis: 0, i)
          let neighbors = patch.squeezed(axis: 0).sliced(axis: 0, 1..<5) - own
          let places = Tensor.concatenated([(own - x.mean(axis: 0)).expandingAxis(0), neighbors], axis: 0)
          var h = Tensor.matmul(places, axes).reshaped(1, 15)
          var pass = ForwardPass<Double>.evaluation
          h = model.layers[1](model.layers[0](h, &pass).relu(), &pass)
          sum += Tensor.matmul(h.reshaped(4, 3), axes, transposingSecond: true) * 0.125
        }
        features.append(sum.reshaped(12))
      }
    }
    let vectors = Tensor.stacked(features).reshaped(2, 20, 12)
    #expect((model.network(vectors) - expected).absolute().max().item < 1e-12)
    #expect(expected.absolute().max().item > 1e-3)
  }

  /// The code of PointClouds.md.
  @Test func documentation() {
    var generator = RandomSource(seed: 1)
    let network = PointNet<Float>(.init(widths: [32, 64, 128], head: [64], output: .perPoint(3)), using: &generator)
    var model = FrameAveraging(network, over: PCAFrame(.o(3)), input: [.vectors()], output: [.vectors()], trainingElements: 2)
    let clouds = Tensor<Float>.normal([2, 100, 3], using: &generator)
    let normals = model(clouds).normalized()
    var pass = ForwardPass<Float>.training(using: generator)
    let prediction = model(clouds, &pass)
    #expect(normals.shape == [2, 100, 3] && prediction.shape == [2, 100, 3])
    model.namePaths()
    pass = .training(using: generator)
    _ = model(clouds, &pass)
    model.update(with: pass)
    #expect(model(clouds).normalized() != normals)
  }

  /// The mean of samples comes near the whole average.
  @Test func samplesAverageToTheWhole() {
    // Without batch normalisation, which in training sees another batch.
    var generator = RandomSource(seed: 7)
    let backbone = MLP<Double>(widths: [3, 16, 3], using: &generator)
    var model = FrameAveraging(backbone, over: PCAFrame(.o(3)), input: [.vectors()], output: [.vectors()])
    func sample(_ elements: Int) -> Tensor<Double> {
      model.trainingElements = elements
      var pass = ForwardPass<Double>.training(using: generator)
      return model(Self.clouds, &pass)
    }
    let whole = model(Self.clouds)
    let scale = whole.absolute().max().item
    #expect((sample(4000) - whole).absolute().max().item < 0.1 * scale)
    #expect((sample(1) - whole).absolute().max().item > 0.1 * scale)
  }

  @Test func parametersAndGradients() {
    var model = Self.local()
    model.trainingElements = 2
    #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
    var pass = ForwardPass<Double>.training(using: RandomSource(seed: 8))
    let (_, gradient) = valueWithGradient(at: model) { model in
      let y = model(Self.clouds, &pass)
      return (y.squared() * Tensor([1, 2, 3])).sum()
    }
    for (named, g) in zip(model.namedTensors.filter { $0.role == .parameter }, gradient.tensors) {
      #expect(g.absolute().max().item > 0, "\(named.path) has no gradient")
    }
    var updated = model
    updated.update(with: pass)
    #expect(zip(model.namedTensors, updated.namedTensors).allSatisfy { ($0.role == .buffer) == ($0.tensor != $1.tensor) })
  }

  /// Through the axes of differentiable frames too.
  @Test func derivatives() {
    let model = FrameAveraging(
      Self.pointNet(.perPoint(3)), over: PCAFrame(.o(3), differentiable: true), input: [.vectors()], output: [.vectors()])
    var generator = RandomSource(seed: 9)
    let report = checkDerivatives(
      of: { model($0[0]) }, at: [Self.clouds], order: 1, step: 1e-5, elements: 10, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }
}
